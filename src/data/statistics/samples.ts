/**
 * Samples: one minute, hour or day of a tenant. Gauges (rooms, viewers, online) are the highest
 * value of the step and when it was; counters (sign-ins, sign-ups, entries) their sum. A step without a row is a gap.
 */
import { DatabaseError } from '../../base/errors';
import { keysOf } from '../../base/fields';
import type { Executor } from '../engine/database';
import { columns, insertInto, int, ints, raw, read, sql, text, write } from '../engine/sql';

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

const IS_STEP = sql`tenant = ${text('tenant')} AND step = ${int('stepNo')}`;
const LAST_COUNTED = read(
  'samples.last_counted',
  COUNTED,
  sql`SELECT ${COUNTED} FROM samples WHERE ${IS_STEP} ORDER BY at DESC LIMIT 1`,
);

/** The time at which the newest sample of a minute stopped counting; undefined: there is none. */
export async function lastCounted(db: Executor, tenant: string): Promise<Counted | undefined> {
  return (await db.query(LAST_COUNTED, { tenant, stepNo: STEP_NUMBER.minute }))[0];
}

const UNCOUNTED = { counted_until: 0, tail_sign_ins: 0, tail_sign_ups: 0, tail_entries: 0 };
const ADD = write('samples.add', 'safe', insertInto('samples', ['tenant', 'step', ...VALUES, ...keysOf(UNCOUNTED)]));

/** Stores a sample; false if there is one for that step. */
export async function addSample(
  db: Executor,
  tenant: string,
  sample: Sample & { step: Step } & Partial<Omit<Counted, 'at'>>,
): Promise<boolean> {
  try {
    await db.execute(ADD, { ...UNCOUNTED, ...sample, tenant, step: STEP_NUMBER[sample.step] });
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

const BETWEEN = read(
  'samples.between',
  SAMPLE,
  sql`SELECT ${SAMPLE} FROM samples WHERE ${IS_STEP} AND at >= ${int('from')} AND at < ${int('to')} ORDER BY at`,
);

/** Samples in the order of time; `to` is exclusive. */
export function samplesBetween(
  db: Pick<Executor, 'query'>,
  tenant: string,
  { step, from, to }: { step: Step; from: number; to: number },
): Promise<Sample[]> {
  return db.query(BETWEEN, { tenant, stepNo: STEP_NUMBER[step], from, to });
}

const NEWEST = read(
  'samples.newest',
  SAMPLE,
  sql`SELECT ${SAMPLE} FROM samples WHERE ${IS_STEP} ORDER BY at DESC LIMIT 1`,
);

/** The newest minute. */
export async function newestSample(db: Pick<Executor, 'query'>, tenant: string): Promise<Sample | undefined> {
  return (await db.query(NEWEST, { tenant, stepNo: STEP_NUMBER.minute }))[0];
}

const AT = columns('samples', '', ['at']);
const edge = (order: 'ASC' | 'DESC') =>
  read(
    'samples.edge',
    AT,
    sql`SELECT ${AT} FROM samples WHERE ${IS_STEP} AND at >= ${int('since')} ORDER BY at ${raw(order)} LIMIT 1`,
  );
const EDGES = { oldest: edge('ASC'), newest: edge('DESC') };

/** The oldest or newest step that is stored. */
export async function edgeSample(
  db: Pick<Executor, 'query'>,
  tenant: string,
  { step, edge, since = 0 }: { step: Step; edge: 'oldest' | 'newest'; since?: number },
): Promise<number | undefined> {
  return (await db.query(EDGES[edge], { tenant, stepNo: STEP_NUMBER[step], since }))[0]?.at;
}

const FIND_OLD = read(
  'samples.old',
  AT,
  sql`SELECT ${AT} FROM samples WHERE ${IS_STEP} AND at < ${int('before')} ORDER BY at LIMIT ${int('max')}`,
);
const DELETE = write('samples.delete', 'safe', sql`DELETE FROM samples WHERE ${IS_STEP} AND at IN (${ints('times')})`);

/** Rows deleted. */
export async function deleteSamples(
  db: Executor,
  tenant: string,
  { step, before, max }: { step: Step; before: number; max: number },
): Promise<number> {
  const of = { tenant, stepNo: STEP_NUMBER[step] };
  const rows = await db.query(FIND_OLD, { ...of, before, max });
  if (rows.length > 0) await db.execute(DELETE, { ...of, times: rows.map((row) => row.at) });
  return rows.length;
}
