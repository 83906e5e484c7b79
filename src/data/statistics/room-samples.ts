/**
 * The counts of open rooms and people online for a sample, in pieces: none of these statements takes longer if there
 * being more rooms or people.
 */

import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  each,
  int,
  ints,
  NOTHING,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  text,
  write,
} from '../engine/sql';
import { IS_IN_ROOM, isKeptOpen, isOnline, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { isLive } from '../rooms/room-states';
import type { Span } from './activity';

const OPEN = both(
  columns('rooms', 'r', ['id', 'room_id', 'created_at', 'total_joined']),
  computed<{ on_air: number }, { now: number }>({
    on_air: sql`CASE WHEN ${isOnline('o', int('now'))} OR ${isKeptOpen('r')} THEN 1 ELSE 0 END`,
  }),
);
export type OpenRoom = RowOf<typeof OPEN>;

function reading<P>(behind: Sql<P>) {
  return read(
    'rooms.sample',
    OPEN,
    sql`SELECT ${OPEN} FROM rooms r ${byIndex('rooms_newest')} ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${text('tenant')} AND ${isLive('r')} ${behind} ORDER BY r.created_at, r.room_id LIMIT ${int('limit')}`,
  );
}

const FIRST_OPEN = reading(NOTHING);
const NEXT_OPEN = reading(
  sql`AND r.created_at >= ${int('createdAt')} AND (r.created_at > ${int('createdAt')} OR r.room_id > ${text('roomId')})`,
);

/** The next `limit` open rooms, oldest first, and whether their owners are online. */
export function openRooms(
  db: Executor,
  tenant: string,
  page: { after: Pick<OpenRoom, 'created_at' | 'room_id'> | undefined; limit: number; cutoffs: OnlineCutoffs },
): Promise<OpenRoom[]> {
  const { after, limit, cutoffs } = page;
  const values = { ...cutoffs, tenant, limit };
  if (!after) return db.query(FIRST_OPEN, values);
  return db.query(NEXT_OPEN, { ...values, createdAt: after.created_at, roomId: after.room_id });
}

/** COUNT() of a CASE, not SUM(): servers add up in decimals, and that costs twice as much. */
function counted<P>(condition: Sql<P>) {
  return sql`COUNT(CASE WHEN ${condition} THEN 1 END)`;
}

interface PeopleOfRoom {
  id: number;
  broadcast_no: number;
  peak: number;
  people: number;
  entries: number;
  late_entries: number;
}

const PEOPLE = computed<PeopleOfRoom, OnlineCutoffs & Span>({
  id: raw('r.id'),
  broadcast_no: raw('MAX(r.broadcast_no)'),
  peak: raw('MAX(r.peak)'),
  people: counted(IS_IN_ROOM),
  entries: counted(sql`m.joined_at >= ${int('from')} AND m.joined_at < ${int('until')}`),
  late_entries: counted(sql`m.joined_at >= ${int('tail')} AND m.joined_at < ${int('until')}`),
});
export type CountedRoom = RowOf<typeof PEOPLE>;
const COUNT_PEOPLE = read(
  'rooms.count_people',
  PEOPLE,
  sql`SELECT ${PEOPLE} FROM rooms r ${byIndex('PRIMARY')}
    JOIN members m ${byIndex('PRIMARY')} ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
    ${presenceOf('m.user_id', 'p')}
    WHERE r.id IN (${ints('ids')}) AND ${isLive('r')} GROUP BY r.id`,
);

/** The people in those of these rooms that are still open, all of them counted, and who entered within `span`. */
export function countPeople(
  db: Executor,
  rooms: readonly Pick<OpenRoom, 'id'>[],
  of: { cutoffs: OnlineCutoffs; span: Span },
): Promise<CountedRoom[]> {
  return db.query(COUNT_PEOPLE, { ...of.cutoffs, ...of.span, ids: rooms.map(({ id }) => id) });
}

const RAISE_PEAKS = write(
  'rooms.raise_peaks',
  'safe',
  sql`UPDATE rooms SET peak = CASE id ${each('rooms', sql`WHEN ${int('id')} THEN ${int('people')}`, ' ')} END
    WHERE id IN (${each('rooms', int('id'), ', ')})`,
);

/** Stores the highest counts of these rooms; a room that has begun another broadcast gets it too, for a minute. */
export async function raisePeaks(db: Executor, rooms: readonly Pick<CountedRoom, 'id' | 'people'>[]): Promise<void> {
  if (rooms.length > 0) await db.execute(RAISE_PEAKS, { rooms });
}

const NEWEST = computed<{ id: number | null }>({ id: raw('MAX(user_id)') });
const FIND_NEWEST = read('presence.newest', NEWEST, sql`SELECT ${NEWEST} FROM presence`);

/** The highest id that there is; 0 = there is no user. */
export async function newestPresence(db: Executor): Promise<number> {
  const [row] = await db.query(FIND_NEWEST);
  return row?.id ?? 0;
}

const COUNT = computed<{ n: number }>({ n: raw('COUNT(*)') });

function countingOnline<P>(ofTenant: Sql<P>) {
  return read(
    'presence.count_online',
    COUNT,
    sql`SELECT ${COUNT} FROM presence p ${ofTenant}
    WHERE p.user_id > ${int('after')} AND p.user_id <= ${int('until')} AND p.alive_until > ${int('now')}`,
  );
}

const COUNT_ONLINE = countingOnline(NOTHING);
const COUNT_ONLINE_OF = countingOnline(sql`JOIN users u ON u.id = p.user_id AND u.tenant = ${text('tenant')}`);

/**
 * People online with ids after `after` up to `until`. Reads the presence of all of them: an index on what every heartbeat
 * changes would cost more.
 */
export async function countOnline(
  db: Executor,
  tenant: string | undefined,
  of: { after: number; until: number; now: number },
): Promise<number> {
  const rows = tenant === undefined ? db.query(COUNT_ONLINE, of) : db.query(COUNT_ONLINE_OF, { ...of, tenant });
  return (await rows)[0]?.n ?? 0;
}
