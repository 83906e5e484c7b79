/** Walks through the open rooms page by page. Reads only what an index gives. */

import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, NOTHING, type RowOf, read, type Sql, sql } from '../engine/sql';
import { type AbsenceCutoffs, isAbsent, isKeptOpen, presenceOf } from '../presence/predicates';
import { isLive } from './room-states';

/** Where a walk goes on: behind this room. */
export interface Cursor {
  createdAt: number;
  roomId: string;
}

const ROOM = columns('rooms', 'r', [
  'id',
  'tenant',
  'room_id',
  'owner_id',
  'broadcast_no',
  'created_at',
  'total_joined',
  'counted_at',
]);

/** abandoned: 1 where the owner is absent for good, or has no account any more. */
function walkedColumns(abandoned: Sql) {
  return both(ROOM, computed<{ abandoned: number }>({ abandoned: sql`CASE WHEN ${abandoned} THEN 1 ELSE 0 END` }));
}

export type WalkedRoom = RowOf<ReturnType<typeof walkedColumns>>;

/** The next open rooms of a tenant, oldest first. */
export async function walkOpenRooms(
  db: Executor,
  tenant: string,
  page: { after: Cursor | null; most: number; absence: AbsenceCutoffs },
): Promise<WalkedRoom[]> {
  const { after, absence } = page;
  const from = after
    ? sql`AND r.created_at >= ${after.createdAt} AND (r.created_at > ${after.createdAt} OR r.room_id > ${after.roomId})`
    : NOTHING;
  const walked = walkedColumns(sql`${isAbsent(absence)} AND NOT ${isKeptOpen('r')}`);
  const statement = sql`SELECT ${walked}
    FROM rooms r ${byIndex('rooms_newest')} ${presenceOf('r.owner_id', 'p')}
    WHERE r.tenant = ${tenant} AND ${isLive('r')} ${from} ORDER BY r.created_at, r.room_id LIMIT ${page.most}`;
  return db.query(read('rooms.walk_open', walked, statement));
}
