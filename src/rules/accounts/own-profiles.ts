/** Apps read their own user's profile at every start; those that arrive together share one statement (rules/batcher.ts). */
import type { Database } from '../../data/engine/database';
import { type PublicUser, readOwnUsers, type SessionKey } from '../../data/sessions';
import { createSharing } from '../batcher';

export interface OwnProfile {
  db: Database;
  session: SessionKey;
}

/** undefined: the session has ended. */
export type OwnProfiles = (asked: OwnProfile) => Promise<PublicUser | undefined>;

async function read(asked: readonly OwnProfile[]): Promise<readonly (PublicUser | undefined)[]> {
  const [first] = asked;
  if (!first) return [];
  const sessions = asked.map((one) => one.session);
  const users = await readOwnUsers(first.db, sessions);
  return sessions.map((session) => users.get(session.id));
}

export function createOwnProfiles(): OwnProfiles {
  return createSharing({ keyOf: (asked) => asked.session.id, run: read });
}
