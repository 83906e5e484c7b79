/** Those who join rooms at the same moment are one batch (rules/batcher.ts): one star's room does not queue on its row. */
import type { Config } from '../../config/config';
import { type Joined, type Joining, joinRooms } from '../../data/joining';
import { type Batcher, type BatcherParts, createBatcher } from '../batcher';
import { attendanceUntil, onlineCutoffs } from '../presence/presence';

export type Joins = Batcher<Joining, Joined>;

export function createJoins(parts: BatcherParts, { config, clock }: { config: Config; clock: () => number }): Joins {
  return createBatcher(parts, {
    name: 'joins',
    keyOf: ({ room, by }) => `${room.id} ${by.userId}`,
    run: (db, joinings) => {
      const now = clock();
      const cutoffs = onlineCutoffs(config.presence, now);
      return joinRooms(db, joinings, { now, onlineUntil: attendanceUntil(config.presence, now), cutoffs });
    },
  });
}
