/** Who waits for whom, where requests share their statements. */
import { RequestBudget } from '../../src/base/request-budget';
import { createBatcher } from '../../src/data/engine/batcher';
import type { Database } from '../../src/data/engine/database';

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
  const turn = () => new Promise(setImmediate);

  test('those who are heard in one turn go together, and those who come while they are under way go together next', async () => {
    const { batches, ask } = held();
    const answers = numbers(1, 5).map(ask);
    expect(batches).toEqual([]);
    await turn();
    expect(batches.map(({ size }) => size)).toEqual([5]);
    answers.push(...numbers(6, FULL - 10).map(ask));
    await turn();
    answers.push(...numbers(FULL - 4, 5).map(ask));
    await turn();
    expect(batches.map(({ size }) => size)).toEqual([5]);
    batches[0]?.end();
    expect(await answers[0]).toBe(2);
    await turn();
    expect(batches.map(({ size }) => size)).toEqual([5, FULL - 5]);
    batches[1]?.end();
    expect(await Promise.all(answers)).toEqual(numbers(1, FULL).map((input) => input * 2));
  });

  test('as many as go together do not wait for the ones before, but only so many batches are under way', async () => {
    const { batches, ask } = held();
    const answers = numbers(1, 1 + 4 * FULL).map(ask);
    await turn();
    expect(batches.map(({ size }) => size)).toEqual([FULL, FULL, FULL]);
    for (let index = 0; index < 5; index += 1) {
      batches[index]?.end();
      await turn();
    }
    expect(await Promise.all(answers)).toEqual(numbers(1, 1 + 4 * FULL).map((input) => input * 2));
    expect(batches.map(({ size }) => size)).toEqual([FULL, FULL, FULL, FULL, 1]);
  });
});
