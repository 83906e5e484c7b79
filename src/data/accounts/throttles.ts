/** Counts that several processes share, each for the window of time that began at `since`. */
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { columns, each, insertAllInto, int, read, sql, text, texts, write } from '../engine/sql';

export interface Hits {
  /** A keyed hash: no name or address is stored. */
  id: string;
  /** Beginning of the window, ms since 1970. */
  since: number;
  hits: number;
}

const COUNT = columns('throttles', '', ['id', 'hits']);

// The assign go from left to right: the first one still sees the old window.
const HITS = sql`hits = CASE WHEN throttles.since = ${proposed('since')} THEN throttles.hits + ${proposed('hits')}
      ELSE ${proposed('hits')} END, since = ${proposed('since')}`;
const ADD = write(
  'throttles.add',
  'safe',
  sql`${insertAllInto('rows', 'throttles', ['id', 'since', 'hits'])} ${onConflict('id', HITS)}`,
);
const COUNTS = read(
  'throttles.counts',
  COUNT,
  sql`SELECT ${COUNT} FROM throttles WHERE id IN (${each('rows', text('id'), ', ')})`,
);

/** Adds these; gives the counts by id. A window that is over begins again. */
export async function addHits(db: Executor, counted: readonly Hits[]): Promise<ReadonlyMap<string, number>> {
  if (counted.length === 0) return new Map();
  // One order for all requests, so that they never deadlock.
  const rows = counted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await db.execute(ADD, { rows });
  return new Map((await db.query(COUNTS, { rows })).map((row) => [row.id, row.hits]));
}

const ID = columns('throttles', '', ['id']);
const FIND_OLD = read(
  'throttles.old',
  ID,
  sql`SELECT ${ID} FROM throttles WHERE since < ${int('before')} ORDER BY since LIMIT ${int('limit')}`,
);
const DELETE_OLD = write(
  'throttles.delete_old',
  'safe',
  sql`DELETE FROM throttles WHERE id IN (${texts('ids')}) AND since < ${int('before')}`,
);

export async function deleteOldThrottles(db: Executor, before: number, limit: number): Promise<number> {
  const ids = (await db.query(FIND_OLD, { before, limit })).map((row) => row.id);
  return ids.length === 0 ? 0 : (await db.execute(DELETE_OLD, { ids, before })).affected;
}
