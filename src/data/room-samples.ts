/** What a sample needs of the rooms on the air and of the people online. */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { both, columns, computed, join, list, type RowOf, raw, read, type Sql, sql, write } from './engine/sql';
import { isOnline, type OnlineCutoffs, presenceOf } from './presence/predicates';
import { peopleNow } from './room-lists';

function sampledColumns(cutoffs: OnlineCutoffs) {
  return both(
    columns('rooms', 'r', ['id', 'room_id', 'created_at', 'peak']),
    computed<{ people: number }>({ people: peopleNow(cutoffs) }),
  );
}

export type SampledRoom = RowOf<ReturnType<typeof sampledColumns>>;

/** Open rooms whose owner is online, oldest first, behind `after`: a walk along one index. */
export function walkRoomsOnAir(
  db: Executor,
  tenant: string,
  page: { after: SampledRoom | undefined; limit: number; cutoffs: OnlineCutoffs },
): Promise<SampledRoom[]> {
  const { after, limit, cutoffs } = page;
  const of = sampledColumns(cutoffs);
  const behind: Sql = after
    ? sql`AND r.created_at >= ${after.created_at} AND (r.created_at > ${after.created_at} OR r.room_id > ${after.room_id})`
    : raw('');
  const statement = sql`SELECT ${of} FROM rooms r ${byIndex(db, 'rooms_newest')} ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${tenant} AND r.status = 1 ${behind} AND ${isOnline('o', cutoffs.now)}
    ORDER BY r.created_at, r.room_id LIMIT ${limit}`;
  return db.query(read('rooms.walk_on_air', of, statement));
}

/** Stores the highest counts of these rooms; one that has begun another broadcast meanwhile gets it too, for a minute. */
export async function raisePeaks(db: Executor, rooms: readonly SampledRoom[]): Promise<void> {
  if (rooms.length === 0) return;
  const cases = rooms.map((room) => sql`WHEN ${room.id} THEN ${room.people}`);
  const statement = sql`UPDATE rooms SET peak = CASE id ${join(cases, ' ')} ELSE peak END
    WHERE id IN (${list(rooms.map((room) => room.id))})`;
  await db.execute(write('rooms.raise_peaks', 'safe', statement));
}

const COUNT = computed<{ n: number }>({ n: sql`COUNT(*)` });

/** People online. Reads the presence of everybody: an index on what every beat changes would cost more. */
export async function countOnline(db: Executor, tenant: string | undefined, now: number): Promise<number> {
  const ofTenant = tenant === undefined ? raw('') : sql`JOIN users u ON u.id = p.user_id AND u.tenant = ${tenant}`;
  const statement = sql`SELECT ${COUNT} FROM presence p ${ofTenant} WHERE p.alive_until > ${now}`;
  const [row] = await db.query(read('presence.count_online', COUNT, statement));
  return row?.n ?? 0;
}
