/** What is heard from outside about members of one life of a room, in the order in which it happened. */
import type { Executor } from './engine/database';
import { list, raw, type Sql, sql, write } from './engine/sql';
import { FOREVER } from './schema';

export interface MembersOfLife {
  /** The room's internal number. */
  id: number;
  liveNo: number;
  userIds: readonly number[];
  /** When it happened (ms). */
  at: number;
}

function ofLife(members: MembersOfLife): Sql {
  return sql`room_pk = ${members.id} AND live_no = ${members.liveNo} AND user_id IN (${list(members.userIds)})
    AND event_at <= ${members.at}`;
}

export async function recordMemberThere(db: Executor, members: MembersOfLife): Promise<void> {
  const set = sql`alive_until = ${raw(String(FOREVER))}, event_at = ${members.at}`;
  await db.execute(write('members.record_there', 'safe', sql`UPDATE members SET ${set} WHERE ${ofLife(members)}`));
}

/** Gone at `until`, unless newer news come before. */
export async function recordMemberGone(db: Executor, members: MembersOfLife & { until: number }): Promise<void> {
  const { until, at } = members;
  const set = sql`alive_until = CASE WHEN alive_until > ${until} THEN ${until} ELSE alive_until END, event_at = ${at}`;
  await db.execute(write('members.record_gone', 'safe', sql`UPDATE members SET ${set} WHERE ${ofLife(members)}`));
}
