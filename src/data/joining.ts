/** Joining open rooms, many users at once: members, presence and counts are stored before anybody is told. */
import type { Executor } from './engine/database';
import { onConflict, proposed } from './engine/dialect';
import { columns, join, list, raw, read, type Sql, sql, write } from './engine/sql';
import type { OnlineCutoffs } from './presence/predicates';
import { beginPresences } from './presence/signs-of-life';
import { countsAreStale, refreshCountsOf } from './room-lists';
import type { Room } from './rooms';
import { FOREVER } from './schema';
import type { LiveSession } from './sessions';

export interface Joining {
  room: Pick<Room, 'id' | 'live_no' | 'counted_at' | 'total_joined'>;
  by: LiveSession;
  role: string;
}

export interface Joined {
  /** False: the broadcast has ended in this moment. */
  inRoom: boolean;
  /** False: the account has been deleted. */
  hasAccount: boolean;
}

export interface JoiningTimes {
  now: number;
  /** Until when the users count as online without a beat. */
  onlineUntil: number;
  cutoffs: OnlineCutoffs;
}

/** Rows of a derived table `n`, filled up as `list` is: the same row twice is the row once. */
function rowsOf(joinings: readonly Joining[]): Sql {
  const rows = joinings.map(
    // A ? alone has no type, and a text would not find the room's number by its index.
    ({
      room,
      by,
      role,
    }) => sql`SELECT CAST(${room.id} AS SIGNED) AS room_pk, CAST(${room.live_no} AS SIGNED) AS live_no,
      CAST(${by.userId} AS SIGNED) AS user_id, ${role} AS role`,
  );
  const last = rows.at(-1);
  let size = 1;
  while (size < rows.length) size *= 4;
  while (last && rows.length < size) rows.push(last);
  return join(rows, ' UNION ALL ');
}

async function enterMembers(db: Executor, joinings: readonly Joining[], now: number): Promise<void> {
  const forNow = raw(String(FOREVER));
  const set = sql`role = ${proposed(db, 'role')},
    joined_at = CASE WHEN members.present = 1 THEN members.joined_at ELSE ${proposed(db, 'joined_at')} END,
    present = 1, alive_until = ${forNow}, event_at = ${proposed(db, 'event_at')}`;
  const statement = sql`INSERT INTO members (room_pk, live_no, user_id, role, present, joined_at, alive_until, event_at)
    SELECT r.id, r.live_no, n.user_id, n.role, 1, ${now}, ${forNow}, ${now}
    FROM (${rowsOf(joinings)}) n JOIN rooms r ON r.id = n.room_pk AND r.live_no = n.live_no WHERE r.status = 1
    ${onConflict(db, 'room_pk, live_no, user_id', set)}`;
  await db.execute(write('members.join', 'safe', statement));
}

const OPEN = columns('rooms', 'r', ['id', 'live_no']);

async function openAmong(db: Executor, joinings: readonly Joining[]): Promise<ReadonlySet<string>> {
  const ids = list(joinings.map(({ room }) => room.id));
  const statement = sql`SELECT ${OPEN} FROM rooms r WHERE r.id IN (${ids}) AND r.status = 1`;
  const rows = await db.query(read('rooms.still_open', OPEN, statement));
  return new Set(rows.map(({ id, live_no }) => `${id} ${live_no}`));
}

/**
 * Puts each user into the open room, or changes the role of who is in it. Different users or different rooms only. What is
 * written for a room that ends meanwhile is deleted with the rest of its members.
 */
export async function joinRooms(
  db: Executor,
  joinings: readonly Joining[],
  times: JoiningTimes,
): Promise<readonly Joined[]> {
  const { now, onlineUntil, cutoffs } = times;
  // In one order, so that two processes do not wait for each other.
  const ordered = [...joinings].sort((a, b) => a.room.id - b.room.id || a.by.userId - b.by.userId);
  const users = ordered.map(({ by }) => by.userId);
  const [accounts] = await Promise.all([
    beginPresences(db, users, { now, until: onlineUntil }),
    enterMembers(db, ordered, now),
  ]);
  const stale = ordered.filter(({ room }) => countsAreStale(room, cutoffs.now)).map(({ room }) => room.id);
  const [open] = await Promise.all([openAmong(db, ordered), refreshCountsOf(db, stale, cutoffs)]);
  return joinings.map(({ room, by }) => ({
    inRoom: open.has(`${room.id} ${room.live_no}`),
    hasAccount: accounts.has(by.userId),
  }));
}
