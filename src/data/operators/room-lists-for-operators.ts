/**
 * Rooms as operators see them. Lists take their page from an index first and read the rooms of that page only, so that
 * they cost the same however many rooms there are.
 */

import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, ints, nullable, raw, read, type Sql, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';
import { IS_IN_ROOM, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { ALWAYS_COUNTED_BELOW, JOINED_COUNT, PRESENT_COUNT } from '../rooms/room-counts';
import { isLive } from '../rooms/room-states';

type Reader = Pick<Executor, 'query'>;

const ORDERS = { viewers: 'nn_users', newest: 'created_at', joined: 'total_joined' } as const;
const INDEXES = { viewers: 'rooms_by_viewers', newest: 'rooms_newest', joined: 'rooms_busiest' } as const;
export type RoomOrder = keyof typeof ORDERS;

export interface OpenRoomFilter {
  tenant: string;
  orderBy: RoomOrder;
  category?: string | undefined;
  ownerId?: number | undefined;
}

type Filtering = Shape<OpenRoomFilter, 'orderBy'>;

function indexOf({ has, by: { orderBy } }: Filtering): string {
  if (has('ownerId')) return 'rooms_of_owner';
  return has('category') ? `${INDEXES[orderBy]}_of_category` : INDEXES[orderBy];
}

/** FROM and WHERE of the open rooms that a filter lets through. */
function filtered(shape: Filtering) {
  const ofCategory = shape.and('category', sql`r.category = ${text('category')}`);
  const ofOwner = shape.and('ownerId', sql`r.owner_id = ${int('ownerId')}`);
  return sql`FROM rooms r ${byIndex(indexOf(shape))} WHERE r.tenant = ${text('tenant')} AND ${isLive('r')}
    ${ofCategory} ${ofOwner}`;
}

const counting = variants((shape: Filtering) => countUpTo('operators_rooms.count', filtered(shape)), 'orderBy');

/** At most `most` + 1. */
export async function countOpenRooms(db: Reader, filter: OpenRoomFilter, most: number): Promise<number> {
  const [count] = await db.query(counting(filter), { ...filter, atMost: most + 1 });
  return count?.n ?? 0;
}

const SUM = computed<{ rooms: number; people: number | null }>({
  rooms: raw('COUNT(*)'),
  people: raw('SUM(r.nn_users)'),
});
const SUM_ROOMS = read(
  'operators_rooms.sum',
  SUM,
  sql`SELECT ${SUM} FROM rooms r ${byIndex('rooms_by_viewers')} WHERE r.tenant = ${text('tenant')} AND ${isLive('r')}`,
);

/** The live rooms of a tenant and the members in them, from one index, by the counts that the service renews. */
export async function sumOfRooms(db: Reader, tenant: string): Promise<{ rooms: number; people: number }> {
  const [row] = await db.query(SUM_ROOMS, { tenant });
  // MySQL gives sums as decimals.
  return { rooms: row?.rooms ?? 0, people: Number(row?.people ?? 0) };
}

/** `place`: the value that it is ordered by. */
const scanned = (order: Sql) =>
  both(columns('rooms', 'r', ['id', 'room_id', 'owner_id', 'title']), computed<{ place: number }>({ place: order }));
export type ScannedRoom = ReturnType<typeof scanned>['row'];

type Page = OpenRoomFilter & { place?: number | undefined; roomId?: string | undefined; limit: number };
const scanning = variants((shape: Shape<Page, 'orderBy'>) => {
  const order = raw(`r.${ORDERS[shape.by.orderBy]}`);
  const found = scanned(order);
  const behind = sql`${order} <= ${int('place')} AND (${order} < ${int('place')} OR r.room_id < ${text('roomId')})`;
  return read(
    'operators_rooms.scan',
    found,
    sql`SELECT ${found} ${filtered(shape)} ${shape.and('place', behind)}
    ORDER BY ${order} DESC, r.room_id DESC LIMIT ${int('limit')}`,
  );
}, 'orderBy');

/** The next open rooms in their order, descending, with the columns that a search reads. */
export function scanOpenRooms(
  db: Reader,
  filter: OpenRoomFilter,
  { after, limit }: { after: readonly [number, string] | undefined; limit: number },
): Promise<ScannedRoom[]> {
  const values = { ...filter, limit, place: after?.[0], roomId: after?.[1] };
  return db.query(scanning(values), values);
}

// The stored counts of a large room are never older than some seconds.
const IS_LARGE = raw(`r.total_joined >= ${ALWAYS_COUNTED_BELOW}`);
const ROOM = both(
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
    computed<{ viewers: number; joined: number; reports: number; host_here: number }, OnlineCutoffs>({
      host_here: sql`(SELECT COUNT(*) FROM members m ${presenceOf('m.user_id', 'p')}
    WHERE m.room_pk = r.id AND m.broadcast_no = r.broadcast_no AND m.user_id = r.owner_id AND ${IS_IN_ROOM})`,
      viewers: sql`CASE WHEN NOT ${isLive('r')} THEN 0 WHEN ${IS_LARGE} THEN r.nn_users ELSE ${PRESENT_COUNT} END`,
      joined: sql`CASE WHEN NOT ${isLive('r')} OR ${IS_LARGE} THEN r.total_joined ELSE ${JOINED_COUNT} END`,
      reports: raw(`(SELECT COUNT(*) FROM reports e
          WHERE e.room_pk = r.id AND e.broadcast_no = r.broadcast_no AND e.done = 0)`),
    }),
    nullable(
      computed<{ owner_name: string; owner_username: string }>({
        owner_name: raw('u.name'),
        owner_username: raw('u.username'),
      }),
    ),
  ),
);
export type OperatorsRoom = (typeof ROOM)['row'];

const READ = read(
  'operators_rooms.read',
  ROOM,
  sql`SELECT ${ROOM} FROM rooms r LEFT JOIN users u ON u.id = r.owner_id WHERE r.id IN (${ints('ids')})`,
);

/** The rooms in the order of `ids`; deleted ones are left out. */
export async function readOperatorsRooms(
  db: Reader,
  ids: readonly number[],
  cutoffs: OnlineCutoffs,
): Promise<OperatorsRoom[]> {
  if (ids.length === 0) return [];
  const byId = new Map((await db.query(READ, { ...cutoffs, ids })).map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const FIND = read(
  'operators_rooms.find',
  ROOM,
  sql`SELECT ${ROOM} FROM rooms r LEFT JOIN users u ON u.id = r.owner_id
    WHERE r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')} AND r.broadcast_no > 0`,
);

export async function findOperatorsRoom(
  db: Reader,
  key: { tenant: string; roomId: string },
  cutoffs: OnlineCutoffs,
): Promise<OperatorsRoom | undefined> {
  return (await db.query(FIND, { ...key, ...cutoffs }))[0];
}

const MEMBER = both(
  columns('members', 'm', ['user_id', 'role', 'joined_at']),
  nullable(columns('users', 'u', ['name', 'username'])),
);

const FIRST_MEMBERS = read(
  'operators_rooms.members',
  MEMBER,
  sql`SELECT ${MEMBER} FROM members m ${byIndex('members_in_order')}
    ${presenceOf('m.user_id', 'p')} LEFT JOIN users u ON u.id = m.user_id
    WHERE m.room_pk = ${int('id')} AND m.broadcast_no = ${int('broadcastNo')} AND ${IS_IN_ROOM}
    ORDER BY m.joined_at, m.user_id LIMIT 200`,
);

/** The first 200 who are there, in order of entry. */
export function firstMembers(db: Reader, room: { id: number; broadcastNo: number }, cutoffs: OnlineCutoffs) {
  return db.query(FIRST_MEMBERS, { ...room, ...cutoffs });
}

const NOTE_WARNING = write(
  'operators_rooms.warned',
  'safe',
  sql`UPDATE rooms SET warned_no = ${int('broadcastNo')} WHERE id = ${int('id')}`,
);

export async function noteWarning(tx: Executor, broadcast: { id: number; broadcastNo: number }): Promise<void> {
  await tx.execute(NOTE_WARNING, broadcast);
}
