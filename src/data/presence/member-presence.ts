/**
 * Members of a room who enter and leave without a call: reported by IM and TRTC, in the order of the events, or found
 * to be gone by the scheduled work.
 */

import type { Executor } from '../engine/database';
import { columns, int, ints, type RowOf, raw, read, sql, write } from '../engine/sql';
import type { BroadcastKey } from '../rooms/member-clean-up';
import { isLive } from '../rooms/room-states';
import { FOREVER } from '../schema';
import { IS_GONE, isOnline, presenceOf } from './predicates';

export interface MembersOfBroadcast extends BroadcastKey {
  userIds: readonly number[];
  /** The time of the event (ms). */
  at: number;
}

const OF_BROADCAST = sql`room_pk = ${int('id')} AND broadcast_no = ${int('broadcastNo')} AND user_id IN (${ints('userIds')})
  AND event_at <= ${int('at')}`;
const RECORD_ONLINE = write(
  'members.record_online',
  'safe',
  sql`UPDATE members SET alive_until = ${raw(String(FOREVER))}, event_at = ${int('at')} WHERE ${OF_BROADCAST}`,
);
const RECORD_OFFLINE = write(
  'members.record_offline',
  'safe',
  sql`UPDATE members SET alive_until = CASE WHEN alive_until > ${int('until')} THEN ${int('until')} ELSE alive_until END,
      event_at = ${int('at')} WHERE ${OF_BROADCAST}`,
);

/** The room as answers name it. */
interface Room {
  tenant: string;
  roomId: string;
}

export async function recordMembersOnline(db: Executor, room: Room, members: MembersOfBroadcast): Promise<void> {
  if ((await db.execute(RECORD_ONLINE, members)).affected > 0) db.changed(room);
}

/** Offline from `until` on, unless a newer event comes before. */
export async function recordMembersOffline(
  db: Executor,
  room: Room,
  { now, ...members }: MembersOfBroadcast & { until: number; now: number },
): Promise<void> {
  const { affected } = await db.execute(RECORD_OFFLINE, members);
  if (affected > 0 && members.until <= now) db.changed(room);
}

const GONE_MEMBER = columns('members', 'm', ['room_pk', 'broadcast_no', 'user_id']);
const FIND_GONE = read(
  'members.find_gone',
  GONE_MEMBER,
  sql`SELECT ${GONE_MEMBER} FROM rooms r
    JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no ${presenceOf('m.user_id', 'p')}
    WHERE r.id IN (${ints('roomIds')}) AND ${isLive('r')} AND ${IS_GONE} LIMIT ${int('most')}`,
);

export type GoneMember = RowOf<typeof GONE_MEMBER>;

/** Up to `most` users who count as members of these live rooms but have been gone since `goneSince`. */
export async function findGoneMembers(
  db: Executor,
  roomIds: readonly number[],
  page: { goneSince: number; most: number },
): Promise<GoneMember[]> {
  return db.query(FIND_GONE, { roomIds, ...page });
}

const REMOVE_GONE = write(
  'members.remove_gone',
  'safe',
  sql`UPDATE members SET present = 0 WHERE room_pk = ${int('id')} AND broadcast_no = ${int('broadcastNo')} AND present = 1
      AND user_id IN (${ints('userIds')}) AND (alive_until <= ${int('goneSince')} OR NOT EXISTS
        (SELECT 1 FROM presence p WHERE p.user_id = members.user_id AND ${isOnline('p', int('goneSince'))}))`,
);

/** Takes those of `userIds` who are still gone out of the room. Returns their number. */
export async function removeGoneMembers(
  db: Executor,
  broadcast: BroadcastKey,
  gone: { userIds: readonly number[]; goneSince: number },
): Promise<number> {
  return (await db.execute(REMOVE_GONE, { ...broadcast, ...gone })).affected;
}
