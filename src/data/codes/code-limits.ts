/**
 * Counts across instances: each is one row, and one statement both checks and takes a place, so that
 * concurrent requests cannot exceed it. The row is the window: it begins with its first hit and lasts `windowMs`.
 */
import type { Executor } from '../engine/database';
import { ifMissing } from '../engine/dialect';
import { columns, computed, insertAllInto, int, raw, read, type Sql, sql, text, texts, write } from '../engine/sql';

/** The window that began at `since` is over; a window in the future comes from a clock that was ahead. */
const IS_OVER = sql`(since <= ${int('before')} OR since > ${int('ahead')})`;
/** The values of IS_OVER. */
const windowOf = (windowMs: number, now: number) => ({ now, before: now - windowMs, ahead: now + windowMs });
const isRunning = (row: { since: number }, windowMs: number, now: number) =>
  row.since > now - windowMs && row.since <= now + windowMs;

export interface Limit {
  /** The counter and its key. Hashes only. */
  id: string;
  windowMs: number;
  /** Above 0. */
  most: number;
}

/** Stops a block of phone numbers if fewer than `percent` of the last 25 to 50 codes were used. */
export interface UseLimit {
  id: string;
  windowMs: number;
  percent: number;
}

/** A block is judged after this many codes; then half of them are dropped. A power of two times an odd number. */
const JUDGED_AT = 50;

const LIMIT = columns('code_limits', '', ['id', 'since', 'hits', 'used']);

const PREPARE = write(
  'code_limits.prepare',
  'safe',
  ifMissing(insertAllInto('rows', 'code_limits', ['id', 'since', 'hits', 'used']), 'id'),
);

/** Makes the rows to count in that are missing, with nothing counted. */
export async function prepareLimits(db: Executor, ids: readonly string[], now: number): Promise<void> {
  if (ids.length > 0) await db.execute(PREPARE, { rows: ids.map((id) => ({ id, since: now, hits: 0, used: 0 })) });
}

const LOOK = read('code_limits.look', LIMIT, sql`SELECT ${LIMIT} FROM code_limits WHERE id IN (${texts('ids')})`);

/** The ids of limits that are used up, without counting anything. */
export async function usedUp(db: Executor, limits: readonly Limit[], now: number): Promise<ReadonlySet<string>> {
  if (limits.length === 0) return new Set();
  const ids = limits.map((limit) => limit.id);
  const rows = await db.query(LOOK, { ids });
  const known = new Map(rows.map((row) => [row.id, row]));
  const full = limits.filter(({ id, windowMs, most }) => {
    const row = known.get(id);
    return row !== undefined && isRunning(row, windowMs, now) && row.hits >= most;
  });
  return new Set(full.map(({ id }) => id));
}

// MySQL assigns from left to right, so `since`, which the others read, comes last.
const HIT = write(
  'code_limits.hit',
  'never',
  sql`UPDATE code_limits SET hits = CASE WHEN ${IS_OVER} THEN 1 ELSE hits + 1 END,
    since = CASE WHEN ${IS_OVER} THEN ${int('now')} ELSE since END
    WHERE id = ${text('id')} AND (${IS_OVER} OR hits < ${int('most')})`,
);

/** Counts one hit. False, and nothing is counted, if the limit is reached. The row must exist (prepareLimits). */
export async function takeHit(tx: Executor, { id, windowMs, most }: Limit, now: number): Promise<boolean> {
  return (await tx.execute(HIT, { id, most, ...windowOf(windowMs, now) })).affected > 0;
}

const GIVE_BACK = write(
  'code_limits.give_back',
  'never',
  sql`UPDATE code_limits SET hits = hits - 1 WHERE id IN (${texts('ids')}) AND hits > 0`,
);

/** Takes hits back that turned out not to count. */
export async function giveHitsBack(db: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.execute(GIVE_BACK, { ids });
}

const whenFull = (full: Sql, else_: Sql, fresh: Sql) =>
  sql`CASE WHEN ${IS_OVER} THEN ${fresh} WHEN hits >= ${JUDGED_AT} THEN ${full} ELSE ${else_} END`;
const HIT_BLOCK = write(
  'code_limits.hit_block',
  'never',
  sql`UPDATE code_limits SET used = ${whenFull(raw('used >> 1'), raw('used'), raw('0'))},
    hits = ${whenFull(raw(String(JUDGED_AT / 2 + 1)), raw('hits + 1'), raw('1'))},
    since = CASE WHEN ${IS_OVER} THEN ${int('now')} ELSE since END
    WHERE id = ${text('id')} AND (${IS_OVER} OR hits < ${JUDGED_AT} OR used * 100 >= ${int('percent')} * hits)`,
);

/** Like takeHit, for a block of phone numbers. */
export async function takeUse(tx: Executor, { id, windowMs, percent }: UseLimit, now: number): Promise<boolean> {
  return (await tx.execute(HIT_BLOCK, { id, percent, ...windowOf(windowMs, now) })).affected > 0;
}

/** Whether takeUse would say no, without counting anything. */
export async function isStopped(db: Executor, { id, windowMs, percent }: UseLimit, now: number): Promise<boolean> {
  const rows = await db.query(LOOK, { ids: [id] });
  return rows.some(
    ({ since, hits, used }) => isRunning({ since }, windowMs, now) && hits >= JUDGED_AT && used * 100 < percent * hits,
  );
}

const STOPPED = computed<{ count: number }>({ count: raw('COUNT(*)') });
const COUNT_STOPPED = read(
  'code_limits.count_stopped',
  STOPPED,
  sql`SELECT ${STOPPED} FROM code_limits WHERE id >= ${text('prefix')} AND id < ${text('end')}
    AND since > ${int('since')} AND hits >= ${JUDGED_AT} AND used * 100 < ${int('percent')} * hits`,
);

/** The number of blocks that are stopped, of those whose id begins with `prefix` (which has no % and no \\). */
export async function countStopped(
  db: Pick<Executor, 'query'>,
  prefix: string,
  { windowMs, percent, now }: Omit<UseLimit, 'id'> & { now: number },
): Promise<number> {
  const values = { prefix, end: `${prefix}~`, since: now - windowMs, percent };
  return (await db.query(COUNT_STOPPED, values))[0]?.count ?? 0;
}

const USED = write('code_limits.used', 'never', sql`UPDATE code_limits SET used = used + 1 WHERE id = ${text('id')}`);

/** A code of the block was used. */
export async function markUse(tx: Executor, id: string): Promise<void> {
  await tx.execute(USED, { id });
}

const ID = columns('code_limits', '', ['id']);
const FIND_OLD = read(
  'code_limits.old',
  ID,
  sql`SELECT ${ID} FROM code_limits WHERE since < ${int('before')} LIMIT ${int('most')}`,
);
const DELETE_OLD = write(
  'code_limits.delete_old',
  'safe',
  sql`DELETE FROM code_limits WHERE id IN (${texts('ids')}) AND since < ${int('before')}`,
);

export async function deleteOldLimits(db: Executor, before: number, most: number): Promise<number> {
  const ids = (await db.query(FIND_OLD, { before, most })).map((row) => row.id);
  return ids.length === 0 ? 0 : (await db.execute(DELETE_OLD, { ids, before })).affected;
}
