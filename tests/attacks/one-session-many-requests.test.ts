/**
 * Attack 37: one person sends thousands of concurrent requests of the same session, while the database is slow. Two of the same
 * never share a statement, and the search for those that do must not cost more with each waiting request.
 */

import { RequestBudget } from '../../src/base/request-budget';
import { createBatches } from '../../src/data/engine/batched';
import type { Database } from '../../src/data/engine/database';

const REQUESTS = 20_000;

/** Microseconds of processor for each of `count` requests; `keyOf` says whose it is. */
async function costOf(count: number, keyOf: (n: number) => number): Promise<number> {
  // No user touches it: run() below answers on its own.
  const run = async (_db: Database, inputs: readonly number[]) => {
    await new Promise(setImmediate);
    return inputs.map((input) => input);
  };
  const work = { name: 'test', keyOf, run };
  const inBatch = createBatches({ forRequest: () => ({}) as Database });
  const ask = (n: number) => inBatch(work, n, new RequestBudget());
  const before = process.cpuUsage();
  const asked = Array.from({ length: count }, (_, n) => ask(n));
  expect(await Promise.all(asked)).toEqual(Array.from({ length: count }, (_, n) => n));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

test('each of twenty thousand of one session costs about the same as of a thousand', async () => {
  const few = await costOf(1_000, () => 1);
  const many = await costOf(REQUESTS, () => 1);
  expect(many).toBeLessThan(few * 6 + 50);
});

test('and another user does not wait behind them', async () => {
  const order: number[] = [];
  const run = async (_db: Database, inputs: readonly number[]) => {
    order.push(...inputs);
    await new Promise(setImmediate);
    return inputs;
  };
  const work = { name: 'test', keyOf: (n: number) => Math.min(n, 1_000), run };
  const inBatch = createBatches({ forRequest: () => ({}) as Database });
  const ask = (n: number) => inBatch(work, n, new RequestBudget());
  const theirs = Array.from({ length: 500 }, () => ask(5_000));
  const mine = ask(1);
  await Promise.all([...theirs, mine]);
  expect(order.indexOf(1)).toBeLessThan(3);
  expect(order).toHaveLength(501);
});
