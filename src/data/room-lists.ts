/**
 * What the audience sees: open rooms whose owner is there, and how many are in them. Both are decided at the moment of
 * the question from presence, never by whether the scheduled work has run.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { query } from './engine/kysely-query';
import type { Room, RoomKey } from './rooms';

/** A room as listed: counts are those of now, owner_alive_until is null where the owner's account is gone. */
export interface ListedRoom extends Room {
  /** 1 where the stored counts of a large room were too old, so that all its members were counted for this answer. */
  recounted: number;
  owner_alive_until: number | null;
  owner_seen_at: number | null;
}

export interface Moment {
  now: number;
  /** A member is there while both the member's and the user's alive_until are beyond their line. */
  memberLine: number;
}

/**
 * Counting costs about 2 µs a member, so a stored count is reused for 0.2 ms a member, 5 s at most: what a room's counts
 * cost is about a hundredth of one processor, however many are in it and however many ask. Whoever finds them too old
 * counts and stores them, entering or reading. Below 100 joined, every count is made afresh.
 */
export const ALWAYS_COUNTED_BELOW = 100;
const MEMBERS_PER_MS = 5;
const MOST_FRESH_MS = 5_000;

/** countsAreStale() is the same rule outside the database. */
const FRESH_MS = sql.raw(
  `(CASE WHEN r.total_joined < ${ALWAYS_COUNTED_BELOW} THEN 0
    WHEN r.total_joined < ${MEMBERS_PER_MS * MOST_FRESH_MS} THEN r.total_joined / ${MEMBERS_PER_MS}
    ELSE ${MOST_FRESH_MS} END)`,
);

/**
 * Members of the present life who are there now. Presence is joined from the left here and below, and compared through
 * COALESCE, so that no optimizer turns the order around and begins with the presence of everybody.
 */
function presentCount({ now, memberLine }: Moment): RawBuilder<unknown> {
  return sql`(SELECT COUNT(*) FROM members m LEFT JOIN presence p ON p.user_id = m.user_id
    WHERE m.room_pk = r.id AND m.live_no = r.live_no AND m.present = 1 AND m.alive_until > ${now}
    AND COALESCE(p.alive_until, 0) > ${memberLine})`;
}

const JOINED_COUNT = sql.raw('(SELECT COUNT(*) FROM members j WHERE j.room_pk = r.id AND j.live_no = r.live_no)');

/** Of rooms r and their owners' presence o. */
function listedColumns(moment: Moment): RawBuilder<unknown> {
  const stored = sql`r.counted_at + ${FRESH_MS} > ${moment.now}`;
  return sql`r.id, r.tenant, r.room_id, r.owner_id, r.updated_by, r.live_no, r.status, r.category, r.title, r.cover,
    r.subject, r.description, r.star, r.created_at, r.updated_at, r.ended_at, r.opening_at, r.im_group, r.counted_at,
    CASE WHEN ${stored} THEN r.nn_users ELSE ${presentCount(moment)} END AS nn_users,
    CASE WHEN ${stored} THEN r.total_joined ELSE ${JOINED_COUNT} END AS total_joined,
    CASE WHEN ${stored} OR r.total_joined < ${sql.raw(String(ALWAYS_COUNTED_BELOW))} THEN 0 ELSE 1 END AS recounted,
    o.alive_until AS owner_alive_until, o.seen_at AS owner_seen_at`;
}

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

/**
 * Rooms that are on the air, newest or busiest first. The page is picked inside, from an index and presence alone, so
 * that the rooms an offset passes over are never read.
 */
export async function listRooms(db: Executor, filter: RoomQuery, moment: Moment): Promise<ListedRoom[]> {
  const conditions = [sql`i.tenant = ${filter.tenant}`, sql`i.status = 1`];
  if (filter.category !== undefined) conditions.push(sql`i.category = ${filter.category}`);
  if (filter.roomIds) conditions.push(sql`i.room_id IN (${sql.join(filter.roomIds)})`);
  if (filter.startAt !== undefined) conditions.push(sql`i.created_at >= ${filter.startAt}`);
  if (filter.endAt !== undefined) conditions.push(sql`i.created_at < ${filter.endAt + 1000}`);
  conditions.push(sql`COALESCE(a.alive_until, 0) > ${moment.now}`);
  // Numbers that the contract has checked; as literals, since MySQL takes no text there and prepares each page once.
  const page = sql.raw(`LIMIT ${Math.trunc(filter.limit)} OFFSET ${Math.trunc(filter.offset)}`);
  const index = indexOf(filter);
  const place = sql.raw(`i.${filter.orderBy}`);
  const rooms = await db.rows(
    query<ListedRoom>(
      db,
      sql`SELECT ${listedColumns(moment)}
        FROM (SELECT i.id, ${place} AS place, i.room_id FROM rooms i ${index ? byIndex(db, index) : sql.raw('')} LEFT JOIN presence a ON a.user_id = i.owner_id
          WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${place} DESC, i.room_id DESC ${page}) listed
        JOIN rooms r ON r.id = listed.id LEFT JOIN presence o ON o.user_id = r.owner_id
        ORDER BY listed.place DESC, listed.room_id DESC`,
    ),
  );
  return keepCounts(db, rooms, moment);
}

export async function readRoom(db: Executor, key: RoomKey, moment: Moment): Promise<ListedRoom | undefined> {
  const rows = await db.rows(
    query<ListedRoom>(
      db,
      sql`SELECT ${listedColumns(moment)} FROM rooms r LEFT JOIN presence o ON o.user_id = r.owner_id
        WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`,
    ),
  );
  return (await keepCounts(db, rows, moment))[0];
}

/** Stores what was counted for this answer; nothing where somebody has stored newer counts. */
async function keepCounts(db: Executor, rooms: ListedRoom[], { now }: Moment): Promise<ListedRoom[]> {
  for (const room of rooms) {
    if (room.recounted === 0) continue;
    await db.run(
      db.build
        .updateTable('rooms')
        .set({ nn_users: room.nn_users, total_joined: room.total_joined, counted_at: now })
        .where('id', '=', room.id)
        .where('live_no', '=', room.live_no)
        .where('counted_at', '<', now),
    );
  }
  return rooms;
}

/** Whether the stored counts of this room are too old to be used or to be ordered by. */
export function countsAreStale(room: Pick<Room, 'counted_at' | 'total_joined'>, now: number): boolean {
  const { total_joined } = room;
  const fresh = total_joined < ALWAYS_COUNTED_BELOW ? 0 : Math.min(total_joined / MEMBERS_PER_MS, MOST_FRESH_MS);
  return room.counted_at + fresh <= now;
}

/** Counts again and stores it. Only the first of many who find the counts stale does the work. */
export async function refreshCounts(db: Executor, room: { id: number; liveNo: number }, moment: Moment): Promise<void> {
  await db.run(
    query(
      db,
      sql`UPDATE rooms AS r SET nn_users = ${presentCount(moment)}, total_joined = ${JOINED_COUNT},
        counted_at = ${moment.now}
        WHERE r.id = ${room.id} AND r.live_no = ${room.liveNo} AND r.counted_at + ${FRESH_MS} <= ${moment.now}`,
    ),
  );
}
