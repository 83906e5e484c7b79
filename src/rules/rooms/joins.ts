/** Those who join rooms at the same moment are one batch (data/engine/batcher.ts): one star's room does not queue on its row. */
import type { Config } from '../../config/config';
import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import type { Executor } from '../../data/engine/database';
import { type Joined, type Joining, joinRooms } from '../../data/rooms/joining';
import { attendanceUntil, onlineCutoffs } from '../presence/presence';
import type { Telling } from '../webhooks/events';
import { isSampled, tellOfMember } from '../webhooks/members';

/** Whose room it is and as what the apps know both, for webhooks. */
export interface JoiningMember extends Joining {
  member: { tenant: string; roomId: string; userId: string };
}

export type Joins = Batcher<JoiningMember, Joined>;

export function createJoins(parts: BatcherParts, services: Telling & { config: Config }): Joins {
  const { config, clock, subscriptions } = services;

  function store(db: Executor, joinings: readonly JoiningMember[]): Promise<readonly Joined[]> {
    const now = clock();
    const cutoffs = onlineCutoffs(config.presence, now);
    return joinRooms(db, joinings, { now, onlineUntil: attendanceUntil(config.presence, now), cutoffs });
  }

  async function isHeard(db: Executor, joinings: readonly JoiningMember[]): Promise<boolean> {
    const tenants = new Set(joinings.map(({ member }) => member.tenant));
    for (const tenant of tenants) if (await subscriptions.anybody(db, tenant, 'member.joined')) return true;
    return false;
  }

  return createBatcher(parts, {
    name: 'joins',
    keyOf: ({ room, by }) => `${room.id} ${by.userId}`,
    run: async (db, joinings) => {
      const sampled = joinings.filter(({ member }) => isSampled(config, member));
      if (sampled.length === 0 || !(await isHeard(db, sampled))) return store(db, joinings);
      return db.transaction(async (tx) => {
        const joined = await store(tx, joinings);
        for (const [index, { member, room, role }] of joinings.entries()) {
          if (!joined[index]?.inRoom || !isSampled(config, member)) continue;
          await tellOfMember(tx, services, { type: 'member.joined', ...member, room, role });
        }
        return joined;
      });
    },
  });
}
