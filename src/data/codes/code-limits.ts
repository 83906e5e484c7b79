/**
 * Counts across instances: each is one row, and one statement both checks and takes a place, so that
 * concurrent requests cannot exceed it. The row is the window: it begins with its first hit and lasts `windowMs`.
 */
import type { Executor } from '../engine/database';
import { ifMissing } from '../engine/dialect';
import { columns, computed, insertInto, list, read, type Sql, sql, write } from '../engine/sql';

/** The window that began at `since` is over; one that lies wholly in the future is of a clock that was ahead. */
const isOver = (windowMs: number, now: number) => sql`(since <= ${now - windowMs} OR since > ${now + windowMs})`;
const isRunning = (row: { since: number }, windowMs: number, now: number) =>
  row.since > now - windowMs && row.since <= now + windowMs;

export interface Limit {
  /** The counter and its key. Hashes only. */
  id: string;
  windowMs: number;
  /** Above 0. */
  most: number;
}

/** Of blocks of phone numbers: stops where of the last 25 to 50 codes fewer than `percent` were used. */
export interface UseLimit {
  id: string;
  windowMs: number;
  percent: number;
}

/** A block is judged after this many codes; then half of them are dropped. A power of two times an odd number. */
const JUDGED_AT = 50;

const LIMIT = columns('code_limits', '', ['id', 'since', 'hits', 'used']);

/** Makes the rows to count in that are missing, with nothing counted. */
export async function prepareLimits(db: Executor, ids: readonly string[], now: number): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map((id) => ({ id, since: now, hits: 0, used: 0 }));
  const statement = ifMissing(insertInto('code_limits', ...rows), 'id');
  await db.execute(write('code_limits.prepare', 'safe', statement));
}

/** The ids of limits that are used up, without counting anything. */
export async function usedUp(db: Executor, limits: readonly Limit[], now: number): Promise<ReadonlySet<string>> {
  if (limits.length === 0) return new Set();
  const ids = limits.map((limit) => limit.id);
  const rows = await db.query(
    read('code_limits.look', LIMIT, sql`SELECT ${LIMIT} FROM code_limits WHERE id IN (${list(ids)})`),
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const full = limits.filter(({ id, windowMs, most }) => {
    const row = known.get(id);
    return row !== undefined && isRunning(row, windowMs, now) && row.hits >= most;
  });
  return new Set(full.map(({ id }) => id));
}

/** Counts one hit. False, and nothing is counted, if the limit is reached. The row must exist (prepareLimits). */
export async function takeHit(tx: Executor, { id, windowMs, most }: Limit, now: number): Promise<boolean> {
  const over = isOver(windowMs, now);
  // MySQL assigns from left to right, so `since`, which the others look at, comes last.
  const statement = sql`UPDATE code_limits SET hits = CASE WHEN ${over} THEN 1 ELSE hits + 1 END,
    since = CASE WHEN ${over} THEN ${now} ELSE since END
    WHERE id = ${id} AND (${over} OR hits < ${most})`;
  return (await tx.execute(write('code_limits.hit', 'never', statement))).affected > 0;
}

/** Takes hits back that turned out not to count. */
export async function giveHitsBack(db: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const statement = sql`UPDATE code_limits SET hits = hits - 1 WHERE id IN (${list(ids)}) AND hits > 0`;
  await db.execute(write('code_limits.give_back', 'never', statement));
}

/** Like takeHit, for a block of phone numbers. */
export async function takeUse(tx: Executor, { id, windowMs, percent }: UseLimit, now: number): Promise<boolean> {
  const over = isOver(windowMs, now);
  const whenFull = (full: Sql, else_: Sql, fresh: Sql) =>
    sql`CASE WHEN ${over} THEN ${fresh} WHEN hits >= ${JUDGED_AT} THEN ${full} ELSE ${else_} END`;
  const statement = sql`UPDATE code_limits SET used = ${whenFull(sql`used >> 1`, sql`used`, sql`0`)},
    hits = ${whenFull(sql`${JUDGED_AT / 2 + 1}`, sql`hits + 1`, sql`1`)},
    since = CASE WHEN ${over} THEN ${now} ELSE since END
    WHERE id = ${id} AND (${over} OR hits < ${JUDGED_AT} OR used * 100 >= ${percent} * hits)`;
  return (await tx.execute(write('code_limits.hit_block', 'never', statement))).affected > 0;
}

/** Whether takeUse would say no, without counting anything. */
export async function isStopped(db: Executor, { id, windowMs, percent }: UseLimit, now: number): Promise<boolean> {
  const rows = await db.query(
    read('code_limits.look_block', LIMIT, sql`SELECT ${LIMIT} FROM code_limits WHERE id = ${id}`),
  );
  return rows.some(
    ({ since, hits, used }) => isRunning({ since }, windowMs, now) && hits >= JUDGED_AT && used * 100 < percent * hits,
  );
}

/** The number of blocks that are stopped, of those whose id begins with `prefix` (which has no % and no \\). */
export async function countStopped(
  db: Pick<Executor, 'query'>,
  prefix: string,
  { windowMs, percent, now }: Omit<UseLimit, 'id'> & { now: number },
): Promise<number> {
  const found = computed<{ count: number }>({ count: sql`COUNT(*)` });
  const statement = sql`SELECT ${found} FROM code_limits WHERE id >= ${prefix} AND id < ${`${prefix}~`}
    AND since > ${now - windowMs} AND hits >= ${JUDGED_AT} AND used * 100 < ${percent} * hits`;
  const [row] = await db.query(read('code_limits.count_stopped', found, statement));
  return row?.count ?? 0;
}

/** A code of the block was used. */
export async function markUse(tx: Executor, id: string): Promise<void> {
  await tx.execute(write('code_limits.used', 'never', sql`UPDATE code_limits SET used = used + 1 WHERE id = ${id}`));
}

export async function deleteOldLimits(db: Executor, before: number, most: number): Promise<number> {
  const ID = columns('code_limits', '', ['id']);
  const old = await db.query(
    read('code_limits.old', ID, sql`SELECT ${ID} FROM code_limits WHERE since < ${before} LIMIT ${most}`),
  );
  if (old.length === 0) return 0;
  const ids = list(old.map((row) => row.id));
  const statement = sql`DELETE FROM code_limits WHERE id IN (${ids}) AND since < ${before}`;
  return (await db.execute(write('code_limits.delete_old', 'safe', statement))).affected;
}
