/**
 * What the audience sees: open rooms whose owner is there, and how many are in them. Both are decided at the moment of
 * the question from presence, never by whether the scheduled work has run.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './database';
import type { Room, RoomKey } from './rooms';
import { query } from './sql';

/** A room as listed: counts are those of now, owner_alive_until is null where the owner's account is gone. */
export interface ListedRoom extends Room {
  owner_alive_until: number | null;
  owner_seen_at: number | null;
}

export interface Moment {
  now: number;
  /** A member is there while both the member's and the user's alive_until are beyond their line. */
  memberLine: number;
}

/**
 * Counting costs about 1.5 µs a member, so a stored count is reused for 0.2 ms a member, 5 s at most: the cost of a
 * room's counts is flat however many are in it. Below 100 joined, every count is made afresh.
 */
const FRESH_MS = sql.raw(
  '(CASE WHEN r.total_joined < 100 THEN 0 WHEN r.total_joined < 25000 THEN r.total_joined / 5 ELSE 5000 END)',
);

/** Members of the present life who are there now. */
function presentCount({ now, memberLine }: Moment): RawBuilder<unknown> {
  return sql`(SELECT COUNT(*) FROM members m WHERE m.room_pk = r.id AND m.live_no = r.live_no AND m.present = 1
    AND m.alive_until > ${now}
    AND (SELECT p.alive_until FROM presence p WHERE p.user_id = m.user_id) > ${memberLine})`;
}

const JOINED_COUNT = sql.raw('(SELECT COUNT(*) FROM members j WHERE j.room_pk = r.id AND j.live_no = r.live_no)');

function listedColumns(moment: Moment): RawBuilder<unknown> {
  const stored = sql`r.counted_at + ${FRESH_MS} > ${moment.now}`;
  return sql`r.id, r.tenant, r.room_id, r.owner_id, r.updated_by, r.live_no, r.status, r.category, r.title, r.cover,
    r.subject, r.description, r.star, r.created_at, r.updated_at, r.ended_at, r.opening_at, r.im_group, r.counted_at,
    CASE WHEN ${stored} THEN r.nn_users ELSE ${presentCount(moment)} END AS nn_users,
    CASE WHEN ${stored} THEN r.total_joined ELSE ${JOINED_COUNT} END AS total_joined,
    (SELECT p.alive_until FROM presence p WHERE p.user_id = r.owner_id) AS owner_alive_until,
    (SELECT p.seen_at FROM presence p WHERE p.user_id = r.owner_id) AS owner_seen_at`;
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

/** Rooms that are on the air, newest or busiest first. */
export async function listRooms(db: Executor, filter: RoomQuery, moment: Moment): Promise<ListedRoom[]> {
  const conditions = [sql`r.tenant = ${filter.tenant}`, sql`r.status = 1`];
  if (filter.category !== undefined) conditions.push(sql`r.category = ${filter.category}`);
  if (filter.roomIds) conditions.push(sql`r.room_id IN (${sql.join(filter.roomIds)})`);
  if (filter.startAt !== undefined) conditions.push(sql`r.created_at >= ${filter.startAt}`);
  if (filter.endAt !== undefined) conditions.push(sql`r.created_at < ${filter.endAt + 1000}`);
  conditions.push(sql`(SELECT o.alive_until FROM presence o WHERE o.user_id = r.owner_id) > ${moment.now}`);
  // Numbers that the contract has checked; as literals, since MySQL takes no text there and prepares each page once.
  const page = sql.raw(`LIMIT ${Math.trunc(filter.limit)} OFFSET ${Math.trunc(filter.offset)}`);
  const order = sql.raw(`r.${filter.orderBy} DESC, r.room_id DESC`);
  return db.rows(
    query<ListedRoom>(
      db,
      sql`SELECT ${listedColumns(moment)} FROM rooms r WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${order} ${page}`,
    ),
  );
}

export async function readRoom(db: Executor, key: RoomKey, moment: Moment): Promise<ListedRoom | undefined> {
  const rows = await db.rows(
    query<ListedRoom>(
      db,
      sql`SELECT ${listedColumns(moment)} FROM rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`,
    ),
  );
  return rows[0];
}

/** Whether the stored counts of this room are too old to be used or to be ordered by. */
export function countsAreStale(room: Pick<Room, 'counted_at' | 'total_joined'>, now: number): boolean {
  const fresh = room.total_joined < 100 ? 0 : Math.min(room.total_joined / 5, 5000);
  return room.counted_at + fresh <= now;
}

/** Counts again and stores it. Only the first of many who find the counts stale does the work. */
export async function refreshCounts(db: Executor, room: { id: number; liveNo: number }, moment: Moment): Promise<void> {
  await db.run(
    query(
      db,
      sql`UPDATE rooms SET
        nn_users = (SELECT COUNT(*) FROM members m WHERE m.room_pk = rooms.id AND m.live_no = rooms.live_no
          AND m.present = 1 AND m.alive_until > ${moment.now}
          AND (SELECT p.alive_until FROM presence p WHERE p.user_id = m.user_id) > ${moment.memberLine}),
        total_joined = (SELECT COUNT(*) FROM members j WHERE j.room_pk = rooms.id AND j.live_no = rooms.live_no),
        counted_at = ${moment.now}
        WHERE id = ${room.id} AND live_no = ${room.liveNo} AND (total_joined < 100 OR counted_at < ${moment.now})`,
    ),
  );
}
