/** Those who leave rooms at the same moment are one batch (data/engine/batcher.ts). */

import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import { type Leaving, leaveRooms } from '../../data/rooms/leaving';

/** False: the session may have ended, or there was nothing to leave; for all of a batch alike. */
export type Leavings = Batcher<Leaving & { tenant: string }, boolean>;

export function createLeavings(parts: BatcherParts): Leavings {
  return createBatcher(parts, {
    name: 'leavings',
    keyOf: ({ session }) => session.userId,
    run: async (db, leavings) => {
      const found = new Map<string, boolean>();
      for (const tenant of new Set(leavings.map((leaving) => leaving.tenant))) {
        const theirs = leavings.filter((leaving) => leaving.tenant === tenant);
        found.set(tenant, await leaveRooms(db, tenant, theirs));
      }
      return leavings.map(({ tenant }) => found.get(tenant) === true);
    },
  });
}
