/**
 * The number of a new user. The database counts; a number taken as a roomId is skipped, one at a
 * time, so that taking ids costs the taker as many calls as it costs the numbering numbers. If the counting has come to
 * its end (an earlier version could be driven there), free numbers are found at random.
 */
import { randomInt } from 'node:crypto';
import type { Executor } from '../engine/database';
import { columns, ints, read, sql, text, texts } from '../engine/sql';
import { publicId } from './public-ids';

/** userIds are 1 … 99,999,999; generated roomIds begin above (an Android client reads both as a Java int). */
export const MAX_USER_ID = 99_999_999;
/** Numbers read by one statement: more if many in a row are taken. */
const FIRST_WINDOW = 64;
const WIDEST_WINDOW = 4_096;

const TAKEN = columns('public_ids', '', ['public_id']);
const USER_ID = columns('users', '', ['id']);

const IDS_TAKEN = read(
  'public_ids.taken',
  TAKEN,
  sql`SELECT ${TAKEN} FROM public_ids WHERE tenant = ${text('tenant')} AND public_id IN (${texts('ids')})`,
);
const NUMBERS_TAKEN = read(
  'users.taken_numbers',
  USER_ID,
  sql`SELECT ${USER_ID} FROM users WHERE id IN (${ints('numbers')})`,
);

async function takenIn(tx: Executor, tenant: string, numbers: readonly number[]): Promise<ReadonlySet<number>> {
  const ids = new Map(numbers.map((number) => [publicId(tenant, number), number]));
  const rows = await tx.query(IDS_TAKEN, { tenant, ids: [...ids.keys()] });
  const users = await tx.query(NUMBERS_TAKEN, { numbers });
  return new Set([...rows.map((row) => ids.get(row.public_id) ?? 0), ...users.map((row) => row.id)]);
}

/** The first free number above `after`; undefined if there is none up to the largest. */
async function nextInOrder(tx: Executor, tenant: string, after: number): Promise<number | undefined> {
  let from = after + 1;
  for (let width = FIRST_WINDOW; from <= MAX_USER_ID; width = Math.min(width * 4, WIDEST_WINDOW)) {
    const until = Math.min(from + width - 1, MAX_USER_ID);
    const numbers = Array.from({ length: until - from + 1 }, (_, index) => from + index);
    const taken = await takenIn(tx, tenant, numbers);
    const free = numbers.find((number) => !taken.has(number));
    if (free !== undefined) return free;
    from = until + 1;
  }
  return undefined;
}

/** A free number anywhere; undefined where two thousand in a row were taken, which is a full house. */
async function anyFree(tx: Executor, tenant: string): Promise<number | undefined> {
  for (let tries = 0; tries < 32; tries += 1) {
    const numbers = Array.from({ length: FIRST_WINDOW }, () => randomInt(1, MAX_USER_ID + 1));
    const taken = await takenIn(tx, tenant, numbers);
    const free = numbers.find((number) => !taken.has(number));
    if (free !== undefined) return free;
  }
  return undefined;
}

/** A free number of this tenant, the next one after `after` if there is one. */
export async function freeUserNumber(tx: Executor, tenant: string, after: number): Promise<number | undefined> {
  const next = after < MAX_USER_ID ? await nextInOrder(tx, tenant, after) : undefined;
  return next ?? anyFree(tx, tenant);
}
