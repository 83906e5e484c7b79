/**
 * Rooms as every user sees them: live rooms whose owner is online, and how many people are in them. Both follow from presence
 * when the question is asked, and do not wait for the scheduled work.
 */
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, computed, int, NOTHING, type RowOf, raw, read, sql, text, texts } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';
import { isKeptOpen, isOnline, type OnlineCutoffs, OWNER_PRESENCE, presenceOf } from '../presence/predicates';
import { SHOWN_COUNTS } from './room-counts';
import { isLive } from './room-states';
import { ROOM_TEXTS, type RoomKey } from './rooms';

/** 1: the room is shown while its owner is away. */
const KEPT_OPEN = computed<{ kept_open: number }>({ kept_open: sql`CASE WHEN ${isKeptOpen('r')} THEN 1 ELSE 0 END` });

/** Conditions on rooms r and their owners' presence o, which is null if the owner's account is deleted. */
const LISTED = both(both(ROOM_TEXTS, SHOWN_COUNTS), both(OWNER_PRESENCE, KEPT_OPEN));

export type ListedRoom = RowOf<typeof LISTED>;

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

type Listing = Shape<RoomQuery, 'orderBy'>;

const OPEN = sql`${presenceOf('i.owner_id', 'a')} WHERE i.tenant = ${text('tenant')} AND ${isLive('i')}`;
const OF_CATEGORY = sql`i.category = ${text('category')}`;
const NAMED = sql`i.room_id IN (${texts('roomIds')})`;
const SINCE = sql`i.created_at >= ${int('startAt')}`;
const UNTIL = sql`i.created_at < ${int('endAt')}`;
const SHOWN = sql`(${isOnline('a', int('now'))} OR ${isKeptOpen('i')})`;
const PART = sql`LIMIT ${int('limit')} OFFSET ${int('offset')}`;
const OF_PAGE = sql`JOIN rooms r ON r.id = listed.id ${presenceOf('r.owner_id', 'o')}
    ORDER BY listed.place DESC, listed.room_id DESC`;

/**
 * The index that finds a page in its order. The statement names it: all of them fit the filter, and on large tables
 * the server was seen to take another one and sort every open room. undefined: neither the order nor the time finds few rooms.
 */
function indexOf({ has, by: { orderBy } }: Listing): string | undefined {
  if (has('roomIds')) return 'rooms_by_room_id';
  if (orderBy !== 'created_at' && (has('startAt') || has('endAt'))) return;
  const order = ORDERED_BY[orderBy];
  return has('category') ? `${order}_of_category` : order;
}

/**
 * Live rooms in their order. The page is picked inside, of rooms i and presence a of their owners, from an index and presence
 * alone, so that the rooms an offset passes over are never read.
 */
const listing = variants((shape: Listing) => {
  const { and, by } = shape;
  const index = indexOf(shape);
  const place = raw(`i.${by.orderBy}`);
  const page = sql`SELECT i.id, ${place} AS place, i.room_id
    FROM rooms i ${index ? byIndex(index) : NOTHING} ${OPEN}
      ${and('category', OF_CATEGORY)} ${and('roomIds', NAMED)} ${and('startAt', SINCE)} ${and('endAt', UNTIL)} AND ${SHOWN}
    ORDER BY ${place} DESC, i.room_id DESC ${PART}`;
  return read('rooms.list', LISTED, sql`SELECT ${LISTED} FROM (${page}) listed ${OF_PAGE}`);
}, 'orderBy');

/** Live rooms, newest or busiest first. */
export async function listRooms(db: Executor, filter: RoomQuery, cutoffs: OnlineCutoffs): Promise<ListedRoom[]> {
  // endAt is a second, all of which belongs to it.
  const endAt = filter.endAt === undefined ? undefined : filter.endAt + 1_000;
  return db.query(listing(filter), { ...filter, ...cutoffs, endAt });
}

const READ_ROOMS = read(
  'rooms.read',
  LISTED,
  sql`SELECT ${LISTED} FROM rooms r ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${text('tenant')} AND r.room_id IN (${texts('roomIds')})`,
);

/** One room; undefined: it never existed. Requests of a batch share the times of the first. */
export const readRoom = batched<RoomKey & { cutoffs: OnlineCutoffs }, ListedRoom | undefined>({
  name: 'rooms',
  keyOf: ({ tenant, roomId }) => `${tenant} ${roomId}`,
  partition: ({ tenant }) => tenant,
  run: async (db, asked) => {
    const [{ tenant, cutoffs }] = asked;
    const roomIds = asked.map(({ roomId }) => roomId);
    const found = new Map<string, ListedRoom>();
    for (const room of await db.query(READ_ROOMS, { tenant, roomIds, ...cutoffs })) found.set(room.room_id, room);
    return roomIds.map((roomId) => found.get(roomId));
  },
});
