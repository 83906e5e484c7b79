/**
 * Rooms as operators see them. Lists take their page from an index first and read the rooms of that page only, so that
 * they cost the same however many rooms there are.
 */

import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, join, list, nullable, raw, read, type Sql, sql, write } from '../engine/sql';
import { isInRoom, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { ALWAYS_COUNTED_BELOW, JOINED_COUNT, presentCount } from '../rooms/room-counts';
import { isLive } from '../rooms/room-states';

type Reader = Pick<Executor, 'query' | 'kind'>;

const ORDERS = { viewers: 'nn_users', newest: 'created_at', joined: 'total_joined' } as const;
const INDEXES = { viewers: 'rooms_by_viewers', newest: 'rooms_newest', joined: 'rooms_busiest' } as const;
export type RoomOrder = keyof typeof ORDERS;

export interface OpenRoomFilter {
  tenant: string;
  orderBy: RoomOrder;
  category?: string | undefined;
  ownerId?: number | undefined;
}

/** `place`: the value that it is ordered by. */
const scanned = (order: Sql) =>
  both(columns('rooms', 'r', ['id', 'room_id', 'owner_id', 'title']), computed<{ place: number }>({ place: order }));
export type ScannedRoom = ReturnType<typeof scanned>['row'];

function conditionsOf({ tenant, category, ownerId }: OpenRoomFilter): Sql[] {
  const conditions: Sql[] = [sql`r.tenant = ${tenant} AND ${isLive('r')}`];
  if (category !== undefined) conditions.push(sql`r.category = ${category}`);
  if (ownerId !== undefined) conditions.push(sql`r.owner_id = ${ownerId}`);
  return conditions;
}

function indexOf({ category, ownerId, orderBy }: OpenRoomFilter): string {
  if (ownerId !== undefined) return 'rooms_of_owner';
  return category === undefined ? INDEXES[orderBy] : `${INDEXES[orderBy]}_of_category`;
}

export function countOpenRooms(db: Reader, filter: OpenRoomFilter, most: number): Promise<number> {
  const from = sql`FROM rooms r ${byIndex(indexOf(filter))} WHERE ${join(conditionsOf(filter), ' AND ')}`;
  return countUpTo(db, 'operators_rooms.count', { from, most });
}

const SUM = computed<{ rooms: number; people: number | null }>({
  rooms: raw('COUNT(*)'),
  people: raw('SUM(r.nn_users)'),
});

/** The live rooms of a tenant and the members in them, from one index, by the counts that the service renews. */
export async function sumOfRooms(db: Reader, tenant: string): Promise<{ rooms: number; people: number }> {
  const statement = sql`SELECT ${SUM} FROM rooms r ${byIndex('rooms_by_viewers')}
    WHERE r.tenant = ${tenant} AND ${isLive('r')}`;
  const [row] = await db.query(read('operators_rooms.sum', SUM, statement));
  // MySQL gives sums as decimals.
  return { rooms: row?.rooms ?? 0, people: Number(row?.people ?? 0) };
}

/** The next open rooms in their order, descending, with no more of each than a search looks at. */
export function scanOpenRooms(
  db: Reader,
  filter: OpenRoomFilter,
  page: { after: readonly [number, string] | undefined; limit: number },
): Promise<ScannedRoom[]> {
  const order = raw(`r.${ORDERS[filter.orderBy]}`);
  const conditions = conditionsOf(filter);
  if (page.after) {
    const [place, roomId] = page.after;
    conditions.push(sql`${order} <= ${place} AND (${order} < ${place} OR r.room_id < ${roomId})`);
  }
  const index = byIndex(indexOf(filter));
  const found = scanned(order);
  const statement = sql`SELECT ${found} FROM rooms r ${index} WHERE ${join(conditions, ' AND ')}
    ORDER BY ${order} DESC, r.room_id DESC LIMIT ${page.limit}`;
  return db.query(read('operators_rooms.scan', found, statement));
}

function roomColumns(cutoffs: OnlineCutoffs) {
  // The stored counts of a large room are never older than some seconds.
  const large = raw(`r.total_joined >= ${ALWAYS_COUNTED_BELOW}`);
  const host = sql`(SELECT COUNT(*) FROM members m ${presenceOf('m.user_id', 'p')}
    WHERE m.room_pk = r.id AND m.broadcast_no = r.broadcast_no AND m.user_id = r.owner_id AND ${isInRoom(cutoffs)})`;
  return both(
    columns('rooms', 'r', [
      'id',
      'room_id',
      'owner_id',
      'title',
      'category',
      'cover',
      'status',
      'broadcast_no',
      'created_at',
      'updated_at',
      'warned_no',
    ]),
    both(
      computed<{ viewers: number; joined: number; reports: number; host_here: number }>({
        host_here: host,
        viewers: sql`CASE WHEN NOT ${isLive('r')} THEN 0 WHEN ${large} THEN r.nn_users ELSE ${presentCount(cutoffs)} END`,
        joined: sql`CASE WHEN NOT ${isLive('r')} OR ${large} THEN r.total_joined ELSE ${JOINED_COUNT} END`,
        reports: raw(`(SELECT COUNT(*) FROM reports e
          WHERE e.room_pk = r.id AND e.broadcast_no = r.broadcast_no AND e.done = 0)`),
      }),
      nullable(computed<{ owner_name: string }>({ owner_name: raw('u.name') })),
    ),
  );
}
export type OperatorsRoom = ReturnType<typeof roomColumns>['row'];

/** In the order of `ids`; a room that is gone is left out. */
export async function readOperatorsRooms(
  db: Reader,
  ids: readonly number[],
  cutoffs: OnlineCutoffs,
): Promise<OperatorsRoom[]> {
  if (ids.length === 0) return [];
  const found = roomColumns(cutoffs);
  const statement = sql`SELECT ${found} FROM rooms r LEFT JOIN users u ON u.id = r.owner_id WHERE r.id IN (${list(ids)})`;
  const rows = await db.query(read('operators_rooms.read', found, statement));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export async function findOperatorsRoom(
  db: Reader,
  key: { tenant: string; roomId: string },
  cutoffs: OnlineCutoffs,
): Promise<OperatorsRoom | undefined> {
  const found = roomColumns(cutoffs);
  const statement = sql`SELECT ${found} FROM rooms r LEFT JOIN users u ON u.id = r.owner_id
    WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId} AND r.broadcast_no > 0`;
  return (await db.query(read('operators_rooms.find', found, statement)))[0];
}

const MEMBER = both(
  columns('members', 'm', ['user_id', 'role', 'joined_at']),
  nullable(computed<{ name: string }>({ name: raw('u.name') })),
);

/** The first 200 who are there, in order of entry. */
export function firstMembers(db: Reader, room: { id: number; broadcastNo: number }, cutoffs: OnlineCutoffs) {
  const statement = sql`SELECT ${MEMBER} FROM members m ${byIndex('members_in_order')}
    ${presenceOf('m.user_id', 'p')} LEFT JOIN users u ON u.id = m.user_id
    WHERE m.room_pk = ${room.id} AND m.broadcast_no = ${room.broadcastNo} AND ${isInRoom(cutoffs)}
    ORDER BY m.joined_at, m.user_id LIMIT 200`;
  return db.query(read('operators_rooms.members', MEMBER, statement));
}

export async function noteWarning(tx: Executor, broadcast: { id: number; broadcastNo: number }): Promise<void> {
  const statement = sql`UPDATE rooms SET warned_no = ${broadcast.broadcastNo} WHERE id = ${broadcast.id}`;
  await tx.execute(write('operators_rooms.warned', 'safe', statement));
}
