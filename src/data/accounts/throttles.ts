/** Counts that several processes share, each for the window of time that began at `since`. */
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { columns, insertInto, join, list, read, sql, write } from '../engine/sql';

export interface Hits {
  /** A keyed hash: no name or address is stored. */
  id: string;
  /** Beginning of the window, ms since 1970. */
  since: number;
  hits: number;
}

const COUNT = columns('throttles', '', ['id', 'hits']);

/** Adds these; gives what is counted by now, by id. A window that is over begins anew. */
export async function addHits(db: Executor, counted: readonly Hits[]): Promise<ReadonlyMap<string, number>> {
  if (counted.length === 0) return new Map();
  // One order for all requests, so that they never deadlock.
  const rows = counted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const hits = proposed('hits');
  const since = proposed('since');
  // The assignments go from left to right: the first one still sees the old window.
  const assignments = sql`hits = CASE WHEN throttles.since = ${since} THEN throttles.hits + ${hits} ELSE ${hits} END,
    since = ${since}`;
  const add = join([insertInto('throttles', ...rows.map((row) => ({ ...row }))), onConflict('id', assignments)], ' ');
  await db.execute(write('throttles.add', 'safe', add));
  const statement = sql`SELECT ${COUNT} FROM throttles WHERE id IN (${list(rows.map(({ id }) => id))})`;
  const found = await db.query(read('throttles.counts', COUNT, statement));
  return new Map(found.map((row) => [row.id, row.hits]));
}

const ID = columns('throttles', '', ['id']);

export async function deleteOldThrottles(db: Executor, before: number, limit: number): Promise<number> {
  const old = await db.query(
    read('throttles.old', ID, sql`SELECT ${ID} FROM throttles WHERE since < ${before} ORDER BY since LIMIT ${limit}`),
  );
  if (old.length === 0) return 0;
  const ids = list(old.map((row) => row.id));
  const statement = sql`DELETE FROM throttles WHERE id IN (${ids}) AND since < ${before}`;
  return (await db.execute(write('throttles.delete_old', 'safe', statement))).affected;
}
