/**
 * What a sample needs of the open rooms and of the people online, in pieces: none of these statements takes longer for there
 * being more rooms or people.
 */

import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import {
  both,
  choice,
  columns,
  computed,
  list,
  NOTHING,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  write,
} from '../engine/sql';
import { isInRoom, isKeptOpen, isOnline, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { isLive } from '../rooms/room-states';
import type { Span } from './activity';

const OPEN = columns('rooms', 'r', ['id', 'room_id', 'created_at', 'total_joined']);

function openColumns({ now }: OnlineCutoffs) {
  return both(
    OPEN,
    computed<{ on_air: number }>({
      on_air: sql`CASE WHEN ${isOnline('o', sql`${now}`)} OR ${isKeptOpen('r')} THEN 1 ELSE 0 END`,
    }),
  );
}

export type OpenRoom = RowOf<ReturnType<typeof openColumns>>;

/** The next `limit` open rooms, oldest first, and whether their owners are online. */
export function openRooms(
  db: Executor,
  tenant: string,
  page: { after: Pick<OpenRoom, 'created_at' | 'room_id'> | undefined; limit: number; cutoffs: OnlineCutoffs },
): Promise<OpenRoom[]> {
  const { after, limit, cutoffs } = page;
  const open = openColumns(cutoffs);
  const behind = after
    ? sql`AND r.created_at >= ${after.created_at} AND (r.created_at > ${after.created_at} OR r.room_id > ${after.room_id})`
    : NOTHING;
  const statement = sql`SELECT ${open} FROM rooms r ${byIndex('rooms_newest')} ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${tenant} AND ${isLive('r')} ${behind} ORDER BY r.created_at, r.room_id LIMIT ${limit}`;
  return db.query(read('rooms.sample', open, statement));
}

/** COUNT() of a CASE, not SUM(): servers add up in decimals, and that costs twice as much. */
function countedColumns(cutoffs: OnlineCutoffs, { from, tail, until }: Span) {
  const counted = (condition: Sql) => sql`COUNT(CASE WHEN ${condition} THEN 1 END)`;
  return computed<{
    id: number;
    broadcast_no: number;
    peak: number;
    people: number;
    entries: number;
    late_entries: number;
  }>({
    id: raw('r.id'),
    broadcast_no: raw('MAX(r.broadcast_no)'),
    peak: raw('MAX(r.peak)'),
    people: counted(isInRoom(cutoffs)),
    entries: counted(sql`m.joined_at >= ${from} AND m.joined_at < ${until}`),
    late_entries: counted(sql`m.joined_at >= ${tail} AND m.joined_at < ${until}`),
  });
}

export type CountedRoom = RowOf<ReturnType<typeof countedColumns>>;

/** The people in those of these rooms that are still open, all of them counted, and who entered within `span`. */
export function countPeople(
  db: Executor,
  rooms: readonly Pick<OpenRoom, 'id'>[],
  of: { cutoffs: OnlineCutoffs; span: Span },
): Promise<CountedRoom[]> {
  const counted = countedColumns(of.cutoffs, of.span);
  const statement = sql`SELECT ${counted} FROM rooms r ${byIndex('PRIMARY')}
    JOIN members m ${byIndex('PRIMARY')} ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
    ${presenceOf('m.user_id', 'p')}
    WHERE r.id IN (${list(rooms.map(({ id }) => id))}) AND ${isLive('r')} GROUP BY r.id`;
  return db.query(read('rooms.count_people', counted, statement));
}

/** Stores the highest counts of these rooms; one that has begun another broadcast meanwhile gets it too, for a minute. */
export async function raisePeaks(db: Executor, rooms: readonly Pick<CountedRoom, 'id' | 'people'>[]): Promise<void> {
  if (rooms.length === 0) return;
  const peaks = rooms.map(({ id, people }) => [id, people] as const);
  const statement = sql`UPDATE rooms SET peak = ${choice(raw('id'), peaks)}
    WHERE id IN (${list(rooms.map(({ id }) => id))})`;
  await db.execute(write('rooms.raise_peaks', 'safe', statement));
}

const COUNT = computed<{ n: number }>({ n: sql`COUNT(*)` });
const NEWEST = computed<{ id: number | null }>({ id: raw('MAX(user_id)') });

/** The highest id that there is; 0 where there is nobody. */
export async function newestPresence(db: Executor): Promise<number> {
  const [row] = await db.query(read('presence.newest', NEWEST, sql`SELECT ${NEWEST} FROM presence`));
  return row?.id ?? 0;
}

/**
 * People online with ids after `after` up to `until`. Reads the presence of all of them: an index on what every beat
 * changes would cost more.
 */
export async function countOnline(
  db: Executor,
  tenant: string | undefined,
  of: { after: number; until: number; now: number },
): Promise<number> {
  const ofTenant = tenant === undefined ? NOTHING : sql`JOIN users u ON u.id = p.user_id AND u.tenant = ${tenant}`;
  const statement = sql`SELECT ${COUNT} FROM presence p ${ofTenant}
    WHERE p.user_id > ${of.after} AND p.user_id <= ${of.until} AND p.alive_until > ${of.now}`;
  const [row] = await db.query(read('presence.count_online', COUNT, statement));
  return row?.n ?? 0;
}
