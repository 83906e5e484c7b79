/**
 * Rooms as every user sees them: live rooms whose owner is online, and how many people are in them. Both follow from presence
 * when the question is asked, and do not wait for the scheduled work.
 */
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, computed, join, list, NOTHING, type RowOf, raw, read, type Sql, sql } from '../engine/sql';
import { isKeptOpen, isOnline, type OnlineCutoffs, OWNER_PRESENCE, presenceOf } from '../presence/predicates';
import { FOREVER } from '../schema';
import { shownCounts } from './room-counts';
import { isLive } from './room-states';
import { ROOM_TEXTS, type RoomKey } from './rooms';

/** 1: the room is shown while its owner is away. */
const KEPT_OPEN = computed<{ kept_open: number }>({ kept_open: sql`CASE WHEN ${isKeptOpen('r')} THEN 1 ELSE 0 END` });

/** Of rooms r and their owners' presence o, which is null if the owner's account is gone. */
function listedColumns(cutoffs: OnlineCutoffs) {
  return both(both(ROOM_TEXTS, shownCounts(cutoffs)), both(OWNER_PRESENCE, KEPT_OPEN));
}

export type ListedRoom = RowOf<ReturnType<typeof listedColumns>>;

export interface RoomQuery {
  tenant: string;
  category?: string | undefined;
  roomIds?: readonly string[] | undefined;
  startAt?: number | undefined;
  endAt?: number | undefined;
  orderBy: 'created_at' | 'total_joined' | 'star';
  offset: number;
  limit: number;
}

const ORDERED_BY = { created_at: 'rooms_newest', total_joined: 'rooms_busiest', star: 'rooms_starred' } as const;

/**
 * The index that finds a page in its order. The server must be told: all of them fit what is filtered, and on large tables
 * it was seen to take another one and sort every open room. undefined: neither the order nor the time finds few rooms.
 */
function indexOf({ roomIds, category, startAt, endAt, orderBy }: RoomQuery): string | undefined {
  if (roomIds) return 'rooms_by_room_id';
  const timed = startAt !== undefined || endAt !== undefined;
  if (orderBy !== 'created_at' && timed) return;
  const order = ORDERED_BY[orderBy];
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
      sql`(${isOnline('a', sql`${now}`)} OR ${isKeptOpen('i')})`,
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
    FROM rooms i ${index ? byIndex(index) : NOTHING} ${presenceOf('i.owner_id', 'a')}
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
