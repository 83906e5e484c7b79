/** Who waits for whom, where requests share their statements. */
import { RequestBudget } from '../../src/base/request-budget';
import type { Database } from '../../src/data/engine/database';
import { createBatcher } from '../../src/rules/batcher';

const FULL = 64;

/** Batches that end only when they are told to. */
function held() {
  const batches: { size: number; end: () => void }[] = [];
  // The batches below ask no database.
  const database = { forRequest: () => ({}) as Database };
  const ask = createBatcher<number, number>(
    { database },
    {
      name: 'held',
      keyOf: (input) => input,
      run: (_db, inputs) =>
        new Promise((resolve) => {
          batches.push({ size: inputs.length, end: () => resolve(inputs.map((input) => input * 2)) });
        }),
    },
  );
  return { batches, ask: (input: number) => ask(input, new RequestBudget()) };
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe('batches', () => {
  test('those who come while one is under way go together next', async () => {
    const { batches, ask } = held();
    const answers = numbers(1, FULL).map(ask);
    expect(batches.map(({ size }) => size)).toEqual([1]);
    batches[0]?.end();
    expect(await answers[0]).toBe(2);
    await new Promise(setImmediate);
    expect(batches.map(({ size }) => size)).toEqual([1, FULL - 1]);
    batches[1]?.end();
    expect(await Promise.all(answers)).toEqual(numbers(1, FULL).map((input) => input * 2));
  });

  test('as many as go together do not wait for the ones before, but only so many batches are under way', async () => {
    const { batches, ask } = held();
    const answers = numbers(1, 1 + 4 * FULL).map(ask);
    expect(batches.map(({ size }) => size)).toEqual([1, FULL, FULL]);
    for (let index = 0; index < 5; index += 1) {
      batches[index]?.end();
      await new Promise(setImmediate);
    }
    expect(await Promise.all(answers)).toEqual(numbers(1, 1 + 4 * FULL).map((input) => input * 2));
    expect(batches.map(({ size }) => size)).toEqual([1, FULL, FULL, FULL, FULL]);
  });
});
