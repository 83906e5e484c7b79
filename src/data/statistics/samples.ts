/**
 * Samples: what was going on in one minute, hour or day of a tenant. Gauges (rooms, viewers, online) hold the highest
 * value of the step and when it was; counters (sign-ins, sign-ups, entries) their sum. A step without a row is a gap.
 */
import { DatabaseError } from '../../base/errors';
import type { Executor } from '../engine/database';
import { columns, insertInto, list, raw, read, sql, write } from '../engine/sql';

export const STEPS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Step = keyof typeof STEPS;
/** samples.step */
const STEP_NUMBER: Readonly<Record<Step, number>> = { minute: 0, hour: 1, day: 2 };

const VALUES = [
  'at',
  'rooms',
  'viewers',
  'online',
  'rooms_at',
  'viewers_at',
  'online_at',
  'sign_ins',
  'sign_ups',
  'entries',
] as const;
const SAMPLE = columns('samples', '', VALUES);
export type Sample = (typeof SAMPLE)['row'];

const COUNTED = columns('samples', '', ['at', 'counted_until', 'tail_sign_ins', 'tail_sign_ups', 'tail_entries']);
export type Counted = (typeof COUNTED)['row'];

/** Where the newest sample of a minute stopped counting; undefined where there is none. */
export async function lastCounted(db: Executor, tenant: string): Promise<Counted | undefined> {
  const statement = sql`SELECT ${COUNTED} FROM samples
    WHERE tenant = ${tenant} AND step = ${STEP_NUMBER.minute} ORDER BY at DESC LIMIT 1`;
  return (await db.query(read('samples.last_counted', COUNTED, statement)))[0];
}

/** Stores a sample; false where somebody has stored one for that step before. */
export async function addSample(
  db: Executor,
  tenant: string,
  sample: Sample & { step: Step } & Partial<Omit<Counted, 'at'>>,
): Promise<boolean> {
  const row = { ...sample, tenant, step: STEP_NUMBER[sample.step] };
  try {
    await db.execute(write('samples.add', 'safe', insertInto('samples', row)));
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

/** In the order of time; `to` is not in it. */
export function samplesBetween(
  db: Pick<Executor, 'kind' | 'query'>,
  tenant: string,
  range: { step: Step; from: number; to: number },
): Promise<Sample[]> {
  const statement = sql`SELECT ${SAMPLE} FROM samples WHERE tenant = ${tenant} AND step = ${STEP_NUMBER[range.step]}
    AND at >= ${range.from} AND at < ${range.to} ORDER BY at`;
  return db.query(read('samples.between', SAMPLE, statement));
}

/** The newest minute. */
export async function newestSample(db: Pick<Executor, 'query'>, tenant: string): Promise<Sample | undefined> {
  const statement = sql`SELECT ${SAMPLE} FROM samples
    WHERE tenant = ${tenant} AND step = ${STEP_NUMBER.minute} ORDER BY at DESC LIMIT 1`;
  return (await db.query(read('samples.newest', SAMPLE, statement)))[0];
}

const AT = columns('samples', '', ['at']);

/** The oldest or newest step that is stored. */
export async function edgeSample(
  db: Pick<Executor, 'kind' | 'query'>,
  tenant: string,
  { step, edge, since = 0 }: { step: Step; edge: 'oldest' | 'newest'; since?: number },
): Promise<number | undefined> {
  const order = raw(edge === 'oldest' ? 'ASC' : 'DESC');
  const statement = sql`SELECT ${AT} FROM samples WHERE tenant = ${tenant} AND step = ${STEP_NUMBER[step]}
    AND at >= ${since} ORDER BY at ${order} LIMIT 1`;
  return (await db.query(read('samples.edge', AT, statement)))[0]?.at;
}

/** Rows deleted. */
export async function deleteSamples(
  db: Executor,
  tenant: string,
  old: { step: Step; before: number; max: number },
): Promise<number> {
  const statement = sql`SELECT ${AT} FROM samples WHERE tenant = ${tenant} AND step = ${STEP_NUMBER[old.step]}
    AND at < ${old.before} ORDER BY at LIMIT ${old.max}`;
  const rows = await db.query(read('samples.old', AT, statement));
  if (rows.length === 0) return 0;
  const remove = sql`DELETE FROM samples WHERE tenant = ${tenant} AND step = ${STEP_NUMBER[old.step]}
    AND at IN (${list(rows.map((row) => row.at))})`;
  await db.execute(write('samples.delete', 'safe', remove));
  return rows.length;
}
