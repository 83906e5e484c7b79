/**
 * Which comings and goings of a member webhooks hear of: only changes, and at most MAX_JOINS a minute in one room. A coming that
 * is dropped drops the going after it, so a receiver never hears half of a pair.
 */
import type { Executor } from '../engine/database';
import { type Sql, sql, write } from '../engine/sql';

/** `members.heard`: nothing yet, in as far as webhooks know, or in without their knowing. */
const HEARD = { no: 0, joined: 1, dropped: 2 } as const;
const MAX_JOINS = 10;
const WINDOW_MS = 60_000;

export interface MemberOfBroadcast {
  room: { id: number; broadcast_no: number };
  /** The user's internal number. */
  user: number;
}

function isMember({ room, user }: MemberOfBroadcast): Sql {
  return sql`room_pk = ${room.id} AND broadcast_no = ${room.broadcast_no} AND user_id = ${user}`;
}

/** In the transaction that put the member in at `now`: whether webhooks hear of it. */
export async function noteJoined(tx: Executor, member: MemberOfBroadcast, now: number): Promise<boolean> {
  const isChange = sql`(heard <> ${HEARD.joined} OR joined_at = ${now})`;
  const isOver = sql`heard_since <= ${now - WINDOW_MS}`;
  // MySQL assigns in order: the count is made from the old window.
  const joined = sql`UPDATE members SET heard = ${HEARD.joined},
      heard_count = CASE WHEN ${isOver} THEN 1 ELSE heard_count + 1 END,
      heard_since = CASE WHEN ${isOver} THEN ${now} ELSE heard_since END
    WHERE ${isMember(member)} AND ${isChange} AND (${isOver} OR heard_count < ${MAX_JOINS})`;
  if ((await tx.execute(write('members.hear_joined', 'never', joined))).affected > 0) return true;
  const dropped = sql`UPDATE members SET heard = ${HEARD.dropped} WHERE ${isMember(member)} AND ${isChange}`;
  await tx.execute(write('members.drop_joined', 'safe', dropped));
  return false;
}

/** In the transaction that took the member out: whether webhooks hear of it. */
export async function noteLeft(tx: Executor, member: MemberOfBroadcast): Promise<boolean> {
  const set = (heard: Sql) => sql`UPDATE members SET heard = ${HEARD.no} WHERE ${isMember(member)} AND ${heard}`;
  const dropped = set(sql`heard = ${HEARD.dropped}`);
  if ((await tx.execute(write('members.drop_left', 'never', dropped))).affected > 0) return false;
  await tx.execute(write('members.hear_left', 'safe', set(sql`heard = ${HEARD.joined}`)));
  return true;
}
