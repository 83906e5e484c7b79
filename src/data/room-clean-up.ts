/** Walks through the open rooms page by page, and finds openings that got stuck. Reads only what an index gives. */
import { sql } from 'kysely';
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { query } from './engine/kysely-query';
import type { AbsenceLines, Room } from './rooms';

/** Where a walk goes on: behind this room. */
export interface Position {
  createdAt: number;
  roomId: string;
}

export interface WalkedRoom extends Pick<Room, 'id' | 'tenant' | 'room_id' | 'owner_id' | 'live_no' | 'created_at'> {
  total_joined: number;
  counted_at: number;
  /** 1 where the owner is absent for good, or has no account any more. */
  abandoned: number;
}

/** The next open rooms of a tenant, oldest first. */
export async function walkOpenRooms(
  db: Executor,
  tenant: string,
  page: { after: Position | null; most: number; absence: AbsenceLines; now: number },
): Promise<WalkedRoom[]> {
  const { after, absence, now } = page;
  const from = after
    ? sql`AND r.created_at >= ${after.createdAt} AND (r.created_at > ${after.createdAt} OR r.room_id > ${after.roomId})`
    : sql``;
  return db.rows(
    query<WalkedRoom>(
      db,
      sql`SELECT r.id, r.tenant, r.room_id, r.owner_id, r.live_no, r.created_at, r.total_joined, r.counted_at,
        CASE WHEN p.user_id IS NULL OR p.alive_until <= ${absence.goneSince}
          OR (p.armed = 0 AND p.alive_until <= ${now} AND p.seen_at <= ${absence.unseenSince}) THEN 1 ELSE 0 END AS abandoned
        FROM rooms r ${byIndex(db, 'rooms_newest')} LEFT JOIN presence p ON p.user_id = r.owner_id
        WHERE r.tenant = ${tenant} AND r.status = 1 ${from}
        ORDER BY r.created_at, r.room_id ${sql.raw(`LIMIT ${Math.trunc(page.most)}`)}`,
    ),
  );
}

export interface StuckOpening extends Pick<Room, 'id' | 'tenant' | 'room_id' | 'live_no' | 'opening_key'> {}

/** Rooms that somebody began to open before `since` and never finished. */
export async function findStuckOpenings(db: Executor, since: number, most: number): Promise<StuckOpening[]> {
  return db.rows(
    db.build
      .selectFrom('rooms')
      .select(['id', 'tenant', 'room_id', 'live_no', 'opening_key'])
      .where('opening_at', '>', 0)
      .where('opening_at', '<=', since)
      .where('status', '=', 0)
      .orderBy('opening_at')
      .limit(most),
  );
}
