/**
 * What the audience sees: open rooms whose owner is there, and how many are in them. Both are decided at the moment of
 * the question from presence, never by whether the scheduled work has run.
 */
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, computed, join, list, NOTHING, type RowOf, raw, read, type Sql, sql, write } from '../engine/sql';
import { isInRoom, isOnline, type OnlineCutoffs, OWNER_PRESENCE, presenceOf } from '../presence/predicates';
import { begunPresence } from '../presence/signs-of-life';
import { FOREVER } from '../schema';
import { isLive } from './room-states';
import { ROOM_TEXTS, type Room, type RoomKey } from './rooms';

/**
 * Counting costs about 2 µs a member, so a stored count is reused for 0.2 ms a member, 5 s at most: what a room's counts
 * cost is about a hundredth of one processor, however many are in it and however many ask. Whoever finds them too old
 * counts and stores them, entering (here) or reading (room-counts.ts). Below 100 joined, every count is made afresh.
 */
export const ALWAYS_COUNTED_BELOW = 100;
const MEMBERS_PER_MS = 5;
const MOST_FRESH_MS = 5_000;

/** countsAreStale() is the same rule outside the database. */
const FRESH_MS = raw(
  `(CASE WHEN r.total_joined < ${ALWAYS_COUNTED_BELOW} THEN 0
    WHEN r.total_joined < ${MEMBERS_PER_MS * MOST_FRESH_MS} THEN r.total_joined / ${MEMBERS_PER_MS}
    ELSE ${MOST_FRESH_MS} END)`,
);

/** Members of the present broadcast who are online. */
function presentCount(cutoffs: OnlineCutoffs): Sql {
  return sql`(SELECT COUNT(*) FROM members m ${presenceOf('m.user_id', 'p')}
    WHERE m.room_pk = r.id AND m.broadcast_no = r.broadcast_no AND ${isInRoom(cutoffs)})`;
}

const JOINED_COUNT = raw('(SELECT COUNT(*) FROM members j WHERE j.room_pk = r.id AND j.broadcast_no = r.broadcast_no)');

interface Counts {
  nn_users: number;
  total_joined: number;
  /** 1 where the stored counts of a large room are too old to be shown: room-counts.ts counts again. */
  stale: number;
}

function storedCountHolds({ now }: OnlineCutoffs): Sql {
  return sql`r.counted_at + ${FRESH_MS} > ${now}`;
}

const IS_SMALL = raw(`r.total_joined < ${ALWAYS_COUNTED_BELOW}`);

function countIsStale({ now }: OnlineCutoffs): Sql {
  return sql`r.counted_at + ${FRESH_MS} <= ${now}`;
}

/**
 * Of rooms r and their owners' presence o, which is null where the owner's account is gone. Counts are those of now, but for
 * large rooms, whose stored counts may be too old.
 */
function listedColumns(cutoffs: OnlineCutoffs) {
  const counts = computed<Counts>({
    nn_users: sql`CASE WHEN ${IS_SMALL} THEN ${presentCount(cutoffs)} ELSE r.nn_users END`,
    total_joined: sql`CASE WHEN ${IS_SMALL} THEN ${JOINED_COUNT} ELSE r.total_joined END`,
    stale: sql`CASE WHEN ${IS_SMALL} OR ${storedCountHolds(cutoffs)} THEN 0 ELSE 1 END`,
  });
  return both(both(ROOM_TEXTS, counts), OWNER_PRESENCE);
}

export type ListedRoom = RowOf<ReturnType<typeof listedColumns>>;

export interface RoomQuery {
  tenant: string;
  category?: string | undefined;
  roomIds?: readonly string[] | undefined;
  startAt?: number | undefined;
  endAt?: number | undefined;
  orderBy: 'created_at' | 'total_joined';
  offset: number;
  limit: number;
}

/**
 * The index that finds a page in its order. The server must be told: all of them fit what is filtered, and on large tables
 * it was seen to take another one and sort every open room. undefined: neither the order nor the time finds few rooms.
 */
function indexOf({ roomIds, category, startAt, endAt, orderBy }: RoomQuery): string | undefined {
  if (roomIds) return 'rooms_by_room_id';
  const timed = startAt !== undefined || endAt !== undefined;
  if (orderBy === 'total_joined' && timed) return;
  const order = orderBy === 'created_at' ? 'rooms_newest' : 'rooms_busiest';
  return category === undefined ? order : `${order}_of_category`;
}

/** The conditions of a filter on rooms i, and on presence a of their owners. */
function conditionsOf(filter: RoomQuery, now: number): Sql {
  const { tenant, category, roomIds, startAt, endAt } = filter;
  const timed = startAt !== undefined || endAt !== undefined;
  return join(
    [
      sql`i.tenant = ${tenant} AND ${isLive('i')}`,
      ...(category === undefined ? [] : [sql`i.category = ${category}`]),
      ...(roomIds ? [sql`i.room_id IN (${list(roomIds)})`] : []),
      // endAt is a second, all of which belongs to it.
      ...(timed ? [sql`i.created_at >= ${startAt ?? 0} AND i.created_at < ${(endAt ?? FOREVER) + 1_000}`] : []),
      isOnline('a', now),
    ],
    ' AND ',
  );
}

/**
 * Rooms that are on the air, newest or busiest first. The page is picked inside, from an index and presence alone, so
 * that the rooms an offset passes over are never read.
 */
export async function listRooms(db: Executor, filter: RoomQuery, cutoffs: OnlineCutoffs): Promise<ListedRoom[]> {
  const listed = listedColumns(cutoffs);
  const index = indexOf(filter);
  const place = raw(`i.${filter.orderBy}`);
  const page = sql`SELECT i.id, ${place} AS place, i.room_id
    FROM rooms i ${index ? byIndex(db, index) : NOTHING} ${presenceOf('i.owner_id', 'a')}
    WHERE ${conditionsOf(filter, cutoffs.now)}
    ORDER BY ${place} DESC, i.room_id DESC LIMIT ${filter.limit} OFFSET ${filter.offset}`;
  const statement = sql`SELECT ${listed} FROM (${page}) listed
    JOIN rooms r ON r.id = listed.id ${presenceOf('r.owner_id', 'o')}
    ORDER BY listed.place DESC, listed.room_id DESC`;
  return db.query(read('rooms.list', listed, statement));
}

/** The rooms of a tenant that have these ids, in no order; one that does not exist is not among them. */
export function readRooms(
  db: Executor,
  { tenant, roomIds }: { tenant: string; roomIds: readonly string[] },
  cutoffs: OnlineCutoffs,
): Promise<ListedRoom[]> {
  const listed = listedColumns(cutoffs);
  const statement = sql`SELECT ${listed} FROM rooms r ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${tenant} AND r.room_id IN (${list(roomIds)})`;
  return db.query(read('rooms.read', listed, statement));
}

/** One room; undefined: there never was one. Those of a batch share the first one's times. */
export const readRoom = batched<RoomKey & { cutoffs: OnlineCutoffs }, ListedRoom | undefined>({
  name: 'rooms',
  keyOf: ({ tenant, roomId }) => `${tenant} ${roomId}`,
  partition: ({ tenant }) => tenant,
  run: async (db, asked) => {
    const [{ tenant, cutoffs }] = asked;
    const roomIds = asked.map(({ roomId }) => roomId);
    const found = new Map((await readRooms(db, { tenant, roomIds }, cutoffs)).map((room) => [room.room_id, room]));
    return roomIds.map((roomId) => found.get(roomId));
  },
});

/** Whether the stored counts of this room are too old to be used or to be ordered by. */
export function countsAreStale(room: Pick<Room, 'counted_at' | 'total_joined'>, now: number): boolean {
  const { total_joined } = room;
  const fresh = total_joined < ALWAYS_COUNTED_BELOW ? 0 : Math.min(total_joined / MEMBERS_PER_MS, MOST_FRESH_MS);
  return room.counted_at + fresh <= now;
}

/**
 * Counts again and stores it. Only the first of many who find the counts stale does the work. The count that was there
 * goes into the peak, the new one with the next counting or at the end: first, since MySQL assigns in order.
 */
export async function refreshCountsOf(db: Executor, ids: readonly number[], cutoffs: OnlineCutoffs): Promise<void> {
  if (ids.length > 0) await refreshCounts(db, sql`r.id IN (${list([...new Set(ids)])})`, cutoffs);
}

/** The same for open rooms by the names under which the apps know them. */
export async function refreshCountsOfNamed(
  db: Executor,
  { tenant, roomIds }: { tenant: string; roomIds: readonly string[] },
  cutoffs: OnlineCutoffs,
): Promise<void> {
  const named = list([...new Set(roomIds)]);
  await refreshCounts(db, sql`r.tenant = ${tenant} AND r.room_id IN (${named}) AND ${isLive('r')}`, cutoffs);
}

async function refreshCounts(db: Executor, which: Sql, cutoffs: OnlineCutoffs): Promise<void> {
  const statement = sql`UPDATE rooms AS r
    SET peak = CASE WHEN peak < nn_users THEN nn_users ELSE peak END,
      nn_users = ${presentCount(cutoffs)}, total_joined = ${JOINED_COUNT}, counted_at = ${cutoffs.now}
    WHERE ${which} AND ${countIsStale(cutoffs)}`;
  await db.execute(write('rooms.refresh_counts', 'safe', statement));
}

/**
 * On MySQL, where one statement can write to both: `user`, who is online, has entered the room, and its counts are stored.
 * False where nothing was done: the user was offline, or the counts are fresh enough.
 */
export async function refreshPresenceAndCounts(
  db: Executor,
  { tenant, roomId }: RoomKey,
  { user, cutoffs }: { user: { userId: number; until: number }; cutoffs: OnlineCutoffs },
): Promise<boolean> {
  const { now, memberCutoff } = cutoffs;
  // A table of its own, worked out first: a subquery must not read what its statement writes to.
  const counted = sql`SELECT MAX(r.broadcast_no) AS broadcast_no, COUNT(*) AS joined,
      COUNT(CASE WHEN ${isInRoom(cutoffs)} THEN 1 END) AS present
    FROM rooms r JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no ${presenceOf('m.user_id', 'p')}
    WHERE r.tenant = ${tenant} AND r.room_id = ${roomId} AND ${countIsStale(cutoffs)}`;
  const statement = sql`UPDATE presence AS p
      JOIN rooms AS r ON r.tenant = ${tenant} AND r.room_id = ${roomId}
      JOIN (${counted}) c ON c.broadcast_no = r.broadcast_no
    SET ${begunPresence({ now, until: user.until })}, peak = CASE WHEN peak < nn_users THEN nn_users ELSE peak END,
      nn_users = c.present, total_joined = c.joined, counted_at = ${now}
    WHERE p.user_id = ${user.userId} AND p.alive_until > ${Math.max(now, memberCutoff)} AND ${isLive('r')}
      AND ${countIsStale(cutoffs)}`;
  return (await db.execute(write('rooms.refresh_counts_and_presence', 'safe', statement))).affected > 0;
}
