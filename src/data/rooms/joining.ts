/** Joining open rooms, many users at once: members, presence and counts are stored before anybody is told. */

import type { LiveSession } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { computed, filledUp, NOTHING, raw, read, type Sql, sql, write } from '../engine/sql';
import type { OnlineCutoffs } from '../presence/predicates';
import { beginPresences } from '../presence/signs-of-life';
import { sanctionsAre } from '../sanctions/sanctions';
import { FOREVER } from '../schema';
import { countsAreStale, refreshCountsOf } from './room-lists';
import type { Room } from './rooms';

export interface Joining {
  room: Pick<Room, 'id' | 'tenant' | 'room_id' | 'broadcast_no' | 'counted_at' | 'total_joined'>;
  by: LiveSession;
  role: string;
  /** EntrySanctions.no: where operators have decided something about the user since, they do not get in. */
  sanctionNo: number;
}

export interface Joined {
  /** False: the broadcast has ended in this moment, or something was decided about the user. */
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
      sanctionNo,
    }) => sql`SELECT CAST(${room.id} AS SIGNED) AS room_pk, CAST(${room.broadcast_no} AS SIGNED) AS broadcast_no,
      CAST(${by.userId} AS SIGNED) AS user_id, ${role} AS role, CAST(${sanctionNo} AS SIGNED) AS sanction_no`,
  );
  return filledUp(rows, rows.at(-1) ?? NOTHING, ' UNION ALL ');
}

/** Gives a number above 0 where somebody is in; how many they are, no server tells. */
async function enterMembers(db: Executor, joinings: readonly Joining[], now: number): Promise<number> {
  const forNow = raw(String(FOREVER));
  const set = sql`role = ${proposed(db, 'role')},
    joined_at = CASE WHEN members.present = 1 THEN members.joined_at ELSE ${proposed(db, 'joined_at')} END,
    present = 1, alive_until = ${forNow}, event_at = ${proposed(db, 'event_at')}`;
  const statement = sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until, event_at)
    SELECT r.id, r.broadcast_no, n.user_id, n.role, 1, ${now}, ${forNow}, ${now}
    FROM (${rowsOf(joinings)}) n JOIN rooms r ON r.id = n.room_pk AND r.broadcast_no = n.broadcast_no WHERE r.status = 1
      AND ${sanctionsAre(db, raw('n.user_id'), raw('n.sanction_no'))}
    ${onConflict(db, 'room_pk, broadcast_no, user_id', set)}`;
  return (await db.execute(write('members.join', 'safe', statement))).affected;
}

const ENTERED = computed<{ room_pk: number; broadcast_no: number; user_id: number }>({
  room_pk: raw('n.room_pk'),
  broadcast_no: raw('n.broadcast_no'),
  user_id: raw('n.user_id'),
});

const nameOf = (roomPk: number, broadcastNo: number, userId: number) => `${roomPk} ${broadcastNo} ${userId}`;

/** Whose room is still open, and about whom nothing was decided: the numbers of both only ever grow. */
async function enteredAmong(db: Executor, joinings: readonly Joining[]): Promise<ReadonlySet<string>> {
  const statement = sql`SELECT ${ENTERED} FROM (${rowsOf(joinings)}) n
    JOIN rooms r ON r.id = n.room_pk AND r.broadcast_no = n.broadcast_no
    JOIN users v ON v.id = n.user_id AND v.sanction_no = n.sanction_no WHERE r.status = 1`;
  const rows = await db.query(read('rooms.entered', ENTERED, statement));
  return new Set(rows.map((row) => nameOf(row.room_pk, row.broadcast_no, row.user_id)));
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
  const [accounts, written] = await Promise.all([
    beginPresences(db, users, { now, until: onlineUntil }),
    enterMembers(db, ordered, now),
  ]);
  const stale = ordered.filter(({ room }) => countsAreStale(room, cutoffs.now)).map(({ room }) => room.id);
  // Alone, the statement itself has told.
  const [entered] = await Promise.all([
    joinings.length === 1 ? undefined : enteredAmong(db, ordered),
    refreshCountsOf(db, stale, cutoffs),
  ]);
  if (written > 0) for (const { room } of joinings) db.changed({ tenant: room.tenant, roomId: room.room_id });
  return joinings.map(({ room, by }) => ({
    inRoom: entered ? entered.has(nameOf(room.id, room.broadcast_no, by.userId)) : written > 0,
    hasAccount: accounts.has(by.userId),
  }));
}

export interface TimedJoining extends Joining {
  times: JoiningTimes;
  /** Runs in the transaction that put the user into the room: what webhooks hear of it. */
  tell?: (tx: Executor) => Promise<void>;
}

/** As joinRooms, for one request: thousands who join the same room do not queue for its row. */
export const joinRoom = batched<TimedJoining, Joined>({
  name: 'joins',
  keyOf: ({ room, by }) => `${room.id} ${by.userId}`,
  run: (db, joinings) => {
    const [{ times }] = joinings;
    if (joinings.every(({ tell }) => tell === undefined)) return joinRooms(db, joinings, times);
    return db.transaction(async (tx) => {
      const joined = await joinRooms(tx, joinings, times);
      for (const [index, { tell }] of joinings.entries()) if (joined[index]?.inRoom) await tell?.(tx);
      return joined;
    });
  },
});
