/** What a sample needs of the rooms on the air and of the people online. */

import type { Span } from './activity';
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { both, columns, computed, join, list, type RowOf, raw, read, type Sql, sql, write } from './engine/sql';
import { isAmongOnline, isOnline, isPresent, type OnlineCutoffs, presenceOf } from './presence/predicates';

const COUNT = computed<{ n: number }>({ n: sql`COUNT(*)` });

/** Open rooms whose owner is online. */
export async function countRoomsOnAir(db: Executor, tenant: string, { now }: OnlineCutoffs): Promise<number> {
  const statement = sql`SELECT ${COUNT} FROM rooms r ${byIndex(db, 'rooms_newest')} ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${tenant} AND r.status = 1 AND ${isOnline('o', now)}`;
  const [row] = await db.query(read('rooms.count_on_air', COUNT, statement));
  return row?.n ?? 0;
}

/** COUNT() of a CASE, not SUM(): servers add up in decimals, and that costs twice as much. */
function sampledColumns({ now, memberCutoff }: OnlineCutoffs, { from, tail, until }: Span) {
  const present = sql`${isPresent(now)} AND ${isAmongOnline('m.user_id', memberCutoff)}`;
  const counted = (condition: Sql) => sql`COUNT(CASE WHEN ${condition} THEN 1 END)`;
  return both(
    columns('rooms', 'r', ['id']),
    computed<{ peak: number; on_air: number; people: number; entries: number; late_entries: number }>({
      peak: raw('MAX(r.peak)'),
      on_air: sql`MAX(CASE WHEN ${isOnline('o', now)} THEN 1 ELSE 0 END)`,
      people: counted(present),
      entries: counted(sql`m.joined_at >= ${from} AND m.joined_at < ${until}`),
      late_entries: counted(sql`m.joined_at >= ${tail} AND m.joined_at < ${until}`),
    }),
  );
}

export type SampledRoom = RowOf<ReturnType<typeof sampledColumns>>;

/**
 * The people in each open room, all of them counted, and who entered within `span`: one walk along the open rooms and their
 * members. A room that nobody ever entered may be left out.
 */
export function sampleOpenRooms(
  db: Executor,
  tenant: string,
  of: { cutoffs: OnlineCutoffs; span: Span },
): Promise<SampledRoom[]> {
  const sampled = sampledColumns(of.cutoffs, of.span);
  const statement = sql`SELECT ${sampled} FROM rooms r ${byIndex(db, 'rooms_newest')} ${presenceOf('r.owner_id', 'o')}
    JOIN members m ${byIndex(db, 'PRIMARY')} ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
    WHERE r.tenant = ${tenant} AND r.status = 1 GROUP BY r.id`;
  return db.query(read('rooms.sample', sampled, statement));
}

/** Stores the highest counts of these rooms; one that has begun another broadcast meanwhile gets it too, for a minute. */
export async function raisePeaks(db: Executor, rooms: readonly Pick<SampledRoom, 'id' | 'people'>[]): Promise<void> {
  if (rooms.length === 0) return;
  const cases = rooms.map((room) => sql`WHEN ${room.id} THEN ${room.people}`);
  const statement = sql`UPDATE rooms SET peak = CASE id ${join(cases, ' ')} ELSE peak END
    WHERE id IN (${list(rooms.map((room) => room.id))})`;
  await db.execute(write('rooms.raise_peaks', 'safe', statement));
}

/** People online. Reads the presence of everybody: an index on what every beat changes would cost more. */
export async function countOnline(db: Executor, tenant: string | undefined, now: number): Promise<number> {
  const ofTenant = tenant === undefined ? raw('') : sql`JOIN users u ON u.id = p.user_id AND u.tenant = ${tenant}`;
  const statement = sql`SELECT ${COUNT} FROM presence p ${ofTenant} WHERE p.alive_until > ${now}`;
  const [row] = await db.query(read('presence.count_online', COUNT, statement));
  return row?.n ?? 0;
}
