/** Apps read their own user's profile at every start; those that ask together are one batch (data/engine/batcher.ts). */
import { type OwnUser, readOwnUsers, type SessionKey } from '../../data/accounts/sessions';
import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';

/** undefined: the session has ended. */
export type OwnProfiles = Batcher<SessionKey, OwnUser | undefined>;

export function createOwnProfiles(parts: BatcherParts): OwnProfiles {
  return createBatcher(parts, {
    name: 'own_profiles',
    keyOf: (session) => session.id,
    run: async (db, sessions) => {
      const users = await readOwnUsers(db, sessions);
      return sessions.map((session) => users.get(session.id));
    },
  });
}
