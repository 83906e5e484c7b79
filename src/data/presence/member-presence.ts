/**
 * Members of a room who come and go without a call of their own: what IM and TRTC report, in the order in which it
 * happened, and those whom the scheduled work finds to be gone.
 */

import type { Executor } from '../engine/database';
import { columns, list, type RowOf, raw, read, type Sql, sql, write } from '../engine/sql';
import type { BroadcastKey } from '../rooms/member-clean-up';
import { isLive } from '../rooms/room-states';
import { FOREVER } from '../schema';
import { isGone, isOnline, presenceOf } from './predicates';

export interface MembersOfBroadcast extends BroadcastKey {
  userIds: readonly number[];
  /** When it happened (ms). */
  at: number;
}

function ofBroadcast(members: MembersOfBroadcast): Sql {
  return sql`room_pk = ${members.id} AND broadcast_no = ${members.broadcastNo} AND user_id IN (${list(members.userIds)})
    AND event_at <= ${members.at}`;
}

export async function recordMembersOnline(db: Executor, members: MembersOfBroadcast): Promise<void> {
  const set = sql`alive_until = ${raw(String(FOREVER))}, event_at = ${members.at}`;
  const statement = sql`UPDATE members SET ${set} WHERE ${ofBroadcast(members)}`;
  if ((await db.execute(write('members.record_online', 'safe', statement))).affected > 0) db.changed('rooms');
}

/** Offline from `until` on, unless newer news come before. */
export async function recordMembersOffline(
  db: Executor,
  members: MembersOfBroadcast & { until: number },
): Promise<void> {
  const { until, at } = members;
  const set = sql`alive_until = CASE WHEN alive_until > ${until} THEN ${until} ELSE alive_until END, event_at = ${at}`;
  const statement = sql`UPDATE members SET ${set} WHERE ${ofBroadcast(members)}`;
  if ((await db.execute(write('members.record_offline', 'safe', statement))).affected > 0) db.changed('rooms');
}

const GONE_MEMBER = columns('members', 'm', ['room_pk', 'broadcast_no', 'user_id']);

export type GoneMember = RowOf<typeof GONE_MEMBER>;

/** Up to `most` users who count as members of these open rooms but have been gone since `goneSince`. */
export async function findGoneMembers(
  db: Executor,
  roomIds: readonly number[],
  page: { goneSince: number; most: number },
): Promise<GoneMember[]> {
  const statement = sql`SELECT ${GONE_MEMBER} FROM rooms r
    JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no ${presenceOf('m.user_id', 'p')}
    WHERE r.id IN (${list(roomIds)}) AND ${isLive('r')} AND ${isGone(page.goneSince)}
    LIMIT ${page.most}`;
  return db.query(read('members.find_gone', GONE_MEMBER, statement));
}

/** Takes those of `userIds` out of the room who are still gone; gives how many. */
export async function removeGoneMembers(
  db: Executor,
  broadcast: BroadcastKey,
  gone: { userIds: readonly number[]; goneSince: number },
): Promise<number> {
  const statement = sql`UPDATE members SET present = 0
    WHERE room_pk = ${broadcast.id} AND broadcast_no = ${broadcast.broadcastNo} AND present = 1 AND user_id IN (${list(gone.userIds)})
      AND (alive_until <= ${gone.goneSince} OR NOT EXISTS
        (SELECT 1 FROM presence p WHERE p.user_id = members.user_id AND ${isOnline('p', gone.goneSince)}))`;
  return (await db.execute(write('members.remove_gone', 'safe', statement))).affected;
}
