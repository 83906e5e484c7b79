/** Room lists that are shared for a second: old ones neither stay in memory nor drive out those that are still asked for. */
import { createSharedAnswers } from '../../src/rules/shared-answers';

test('lists older than a second make room by themselves', async () => {
  const shared = createSharedAnswers();
  let loaded = 0;
  const ask = (key: string, now: number) =>
    shared.list(key, now, async () => {
      loaded += 1;
      return [];
    });
  for (let n = 0; n < 499; n += 1) await ask(`old ${n}`, 1_000);
  loaded = 0;
  for (const key of ['a', 'b', 'a', 'b']) await ask(key, 5_000);
  expect(loaded).toBe(2);
});
