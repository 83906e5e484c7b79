/**
 * Decides which entries and exits of a member are events: only changes, and at most MAX_JOINS a minute in one room. An entry that
 * is dropped drops the exit after it, so a receiver never gets half of a pair.
 */
import type { Executor } from '../engine/database';
import { columns, int, ints, read, sql, write } from '../engine/sql';

/** `members.heard`: no event yet, entered by an event, or entered without one. */
const HEARD = { no: 0, joined: 1, dropped: 2 } as const;
export const MAX_JOINS = 10;
const WINDOW_MS = 60_000;

export interface MemberOfBroadcast {
  room: { id: number; broadcast_no: number };
  /** The user's internal number. */
  user: number;
}

const OF_BROADCAST = sql`room_pk = ${int('id')} AND broadcast_no = ${int('broadcastNo')}`;
const ARE_MEMBERS = sql`${OF_BROADCAST} AND user_id IN (${ints('users')})`;
const IS_MEMBER = sql`${OF_BROADCAST} AND user_id = ${int('user')}`;

function valuesOf({ room, user }: MemberOfBroadcast) {
  return { id: room.id, broadcastNo: room.broadcast_no, user };
}

const STATE = columns('members', '', ['user_id', 'joined_at', 'heard', 'heard_since', 'heard_count']);
const STATES = read('members.heard', STATE, sql`SELECT ${STATE} FROM members WHERE ${ARE_MEMBERS}`);
const IS_OVER = sql`heard_since <= ${int('windowStart')}`;
// MySQL assigns in order: the count is made from the old window.
const HEAR_JOINED = write(
  'members.hear_joined',
  'never',
  sql`UPDATE members SET heard = ${HEARD.joined},
      heard_count = CASE WHEN ${IS_OVER} THEN 1 ELSE heard_count + 1 END,
      heard_since = CASE WHEN ${IS_OVER} THEN ${int('now')} ELSE heard_since END
    WHERE ${ARE_MEMBERS}`,
);
const DROP_JOINED = write(
  'members.drop_joined',
  'safe',
  sql`UPDATE members SET heard = ${HEARD.dropped} WHERE ${ARE_MEMBERS}`,
);

/**
 * Runs in the transaction that put these members of one room in at `now`, and so has locked their rows: the users whose entry is
 * an event, which it cannot be without `mayBe`.
 */
export async function noteJoined(
  tx: Executor,
  room: MemberOfBroadcast['room'],
  { users, now, mayBe }: { users: readonly number[]; now: number; mayBe: (user: number) => boolean },
): Promise<ReadonlySet<number>> {
  const windowStart = now - WINDOW_MS;
  const values = { id: room.id, broadcastNo: room.broadcast_no, now, windowStart };
  const heard: number[] = [];
  const dropped: number[] = [];
  for (const row of await tx.query(STATES, { ...values, users })) {
    if (row.heard === HEARD.joined && row.joined_at !== now) continue;
    const hasRoom = row.heard_since <= windowStart || row.heard_count < MAX_JOINS;
    (hasRoom && mayBe(row.user_id) ? heard : dropped).push(row.user_id);
  }
  if (heard.length > 0) await tx.execute(HEAR_JOINED, { ...values, users: heard });
  if (dropped.length > 0) await tx.execute(DROP_JOINED, { ...values, users: dropped });
  return new Set(heard);
}

const FORGET = sql`UPDATE members SET heard = ${HEARD.no} WHERE ${IS_MEMBER}`;
const DROP_LEFT = write('members.drop_left', 'never', sql`${FORGET} AND heard = ${HEARD.dropped}`);
const HEAR_LEFT = write('members.hear_left', 'safe', sql`${FORGET} AND heard = ${HEARD.joined}`);

/** Runs in the transaction that took the member out: whether it is an event. */
export async function noteLeft(tx: Executor, member: MemberOfBroadcast): Promise<boolean> {
  const values = valuesOf(member);
  if ((await tx.execute(DROP_LEFT, values)).affected > 0) return false;
  await tx.execute(HEAR_LEFT, values);
  return true;
}
