/** Batches: which requests share statements, and which wait. */
import { RequestBudget } from '../../src/base/request-budget';
import { createBatches } from '../../src/data/engine/batched';
import type { BatchedWork, Database } from '../../src/data/engine/database';

const FULL = 64;

/** Batches that end only when released. */
function held() {
  const batches: { size: number; end: () => void }[] = [];
  // The batches below ask no database.
  const inBatch = createBatches({ forRequest: () => ({}) as Database });
  const work: BatchedWork<number, number> = {
    name: 'held',
    keyOf: (input) => input,
    run: (_db, inputs) =>
      new Promise((resolve) => {
        batches.push({ size: inputs.length, end: () => resolve(inputs.map((input) => input * 2)) });
      }),
  };
  return { batches, ask: (input: number) => inBatch(work, input, new RequestBudget()) };
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe('batches', () => {
  const turn = () => new Promise(setImmediate);

  test('requests of one turn of the event loop share a batch, and those that arrive while it runs share the next one', async () => {
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

  test('a full batch does not wait for the previous one, up to three in flight', async () => {
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

  test('each partition runs on its own: an error of one is not the answer of another', async () => {
    const runs: (readonly string[])[] = [];
    const work: BatchedWork<string, string> = {
      name: 'parted',
      keyOf: (input) => input,
      partition: ([tenant]) => tenant,
      run: async (_db, inputs) => {
        runs.push(inputs);
        if (inputs[0].startsWith('b')) throw new Error('b is broken');
        return inputs;
      },
    };
    const inBatch = createBatches({ forRequest: () => ({}) as Database });
    const asked = ['a1', 'b1', 'a2', 'b2'].map((input) => inBatch(work, input, new RequestBudget()));
    const answers = await Promise.allSettled(asked);
    expect(runs).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  });

  test('a single input runs on its own budget; inputs that share a batch do not', async () => {
    const budgets: RequestBudget[] = [];
    const forRequest = (budget: RequestBudget) => {
      budgets.push(budget);
      return {} as Database;
    };
    const inBatch = createBatches({ forRequest });
    const work: BatchedWork<number, number> = { name: 'seen', keyOf: (n) => n, run: async (_db, inputs) => inputs };
    const [first, second] = [new RequestBudget(), new RequestBudget()];
    await inBatch(work, 1, first);
    await Promise.all([inBatch(work, 2, first), inBatch(work, 3, second)]);
    expect(budgets[0]).toBe(first);
    expect([first, second]).not.toContain(budgets[1]);
  });
});
