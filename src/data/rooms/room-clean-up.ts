/** Walks through the open rooms page by page. Reads only columns of an index. */

import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, NOTHING, type RowOf, read, type Sql, sql, text } from '../engine/sql';
import { type AbsenceCutoffs, IS_ABSENT, isKeptOpen, presenceOf } from '../presence/predicates';
import { isLive } from './room-states';

/** The walk continues behind this room. */
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

/** abandoned: 1 if the owner is absent for good, or has lost the account. */
const WALKED = both(
  ROOM,
  computed<{ abandoned: number }, AbsenceCutoffs>({
    abandoned: sql`CASE WHEN ${IS_ABSENT} AND NOT ${isKeptOpen('r')} THEN 1 ELSE 0 END`,
  }),
);
export type WalkedRoom = RowOf<typeof WALKED>;

function walking<P>(behind: Sql<P>) {
  return read(
    'rooms.walk_open',
    WALKED,
    sql`SELECT ${WALKED}
    FROM rooms r ${byIndex('rooms_newest')} ${presenceOf('r.owner_id', 'p')}
    WHERE r.tenant = ${text('tenant')} AND ${isLive('r')} ${behind} ORDER BY r.created_at, r.room_id LIMIT ${int('most')}`,
  );
}

const WALK = walking(NOTHING);
const WALK_ON = walking(
  sql`AND r.created_at >= ${int('createdAt')} AND (r.created_at > ${int('createdAt')} OR r.room_id > ${text('roomId')})`,
);

/** The next open rooms of a tenant, oldest first. */
export async function walkOpenRooms(
  db: Executor,
  tenant: string,
  { after, most, absence }: { after: Cursor | null; most: number; absence: AbsenceCutoffs },
): Promise<WalkedRoom[]> {
  const values = { tenant, most, ...absence };
  return after ? db.query(WALK_ON, { ...values, ...after }) : db.query(WALK, values);
}
