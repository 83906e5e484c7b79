/** Apps read their own user's profile at every start; those that ask together are one batch (rules/batcher.ts). */
import type { DatabaseSource } from '../../data/engine/open';
import { type PublicUser, readOwnUsers, type SessionKey } from '../../data/sessions';
import { type Batcher, createBatcher } from '../batcher';

/** undefined: the session has ended. */
export type OwnProfiles = Batcher<SessionKey, PublicUser | undefined>;

export function createOwnProfiles(database: DatabaseSource): OwnProfiles {
  return createBatcher(database, {
    keyOf: (session) => session.id,
    run: async (db, sessions) => {
      const users = await readOwnUsers(db, sessions);
      return sessions.map((session) => users.get(session.id));
    },
  });
}
