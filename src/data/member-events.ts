/** What is heard from outside about members of one life of a room, in the order in which it happened. */
import type { Executor } from './engine/database';
import { FOREVER } from './schema';

export interface MembersOfLife {
  /** The room's internal number. */
  id: number;
  liveNo: number;
  userIds: readonly number[];
  /** When it happened (ms). */
  at: number;
}

function ofLife(db: Executor, members: MembersOfLife) {
  return db.build
    .updateTable('members')
    .where('room_pk', '=', members.id)
    .where('live_no', '=', members.liveNo)
    .where('user_id', 'in', members.userIds)
    .where('event_at', '<=', members.at);
}

export async function recordMemberThere(db: Executor, members: MembersOfLife): Promise<void> {
  await db.run(ofLife(db, members).set({ alive_until: FOREVER, event_at: members.at }));
}

/** Gone at `until`, unless newer news come before. */
export async function recordMemberGone(db: Executor, members: MembersOfLife & { until: number }): Promise<void> {
  const { until, at } = members;
  await db.run(
    ofLife(db, members).set((eb) => ({
      alive_until: eb.case().when('alive_until', '>', until).then(until).else(eb.ref('alive_until')).end(),
      event_at: at,
    })),
  );
}
