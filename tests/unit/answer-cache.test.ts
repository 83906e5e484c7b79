/** Answers shared for a second: old ones neither stay in memory nor evict those still in use. */
import { createAnswerCache } from '../../src/rules/answer-cache';

function counting() {
  const cache = createAnswerCache();
  let loaded = 0;
  const ask = (key: string, now: number) =>
    cache.get(key, {
      now,
      load: async () => {
        loaded += 1;
        return loaded;
      },
      shows: () => (key.startsWith('list') ? { anyOf: 'shop' } : [{ tenant: 'shop', roomId: key }]),
    });
  return { cache, ask, loaded: () => loaded };
}

test('answers older than a second make room on their own', async () => {
  const { ask, loaded } = counting();
  for (let n = 0; n < 1_999; n += 1) await ask(`old ${n}`, 1_000);
  const before = loaded();
  for (const key of ['a', 'b', 'a', 'b']) await ask(key, 5_000);
  expect(loaded() - before).toBe(2);
});

test('where more are asked for than there is room, the oldest go', async () => {
  const { ask, loaded } = counting();
  for (let n = 0; n < 2_500; n += 1) await ask(`n ${n}`, 1_000 + n / 10);
  const before = loaded();
  for (let n = 600; n < 2_500; n += 100) await ask(`n ${n}`, 1_300);
  expect(loaded()).toBe(before);
  await ask('n 0', 1_300);
  expect(loaded()).toBe(before + 1);
});

test('an answer that was cleared, failed, or is from another second is computed again', async () => {
  const { cache, ask } = counting();
  expect([await ask('a', 1_000), await ask('a', 1_999), await ask('a', 2_000)]).toEqual([1, 1, 2]);
  cache.forget('rooms');
  expect(await ask('a', 2_000)).toBe(3);
  // A clock that was set back.
  expect(await ask('a', 500)).toBe(4);
  const load = () => Promise.reject(new Error('no'));
  await expect(cache.get('b', { now: 1_000, load, shows: () => [] })).rejects.toThrow('no');
  expect(await ask('b', 1_000)).toBe(5);
});

test('a change of one room drops what shows it, and nothing else', async () => {
  const { cache, ask } = counting();
  for (const key of ['a', 'b', 'list']) await ask(key, 1_000);
  cache.forget({ tenant: 'shop', roomId: 'a' });
  expect([await ask('b', 1_000), await ask('a', 1_000), await ask('list', 1_000)]).toEqual([2, 4, 5]);
  cache.forget({ tenant: '', roomId: 'a' });
  expect([await ask('a', 1_000), await ask('list', 1_000)]).toEqual([4, 5]);
});

test('an answer that was begun before a change is given to anyone who waits for it, and to no caller after it', async () => {
  const { cache, ask } = counting();
  const before = ask('a', 1_000);
  cache.forget({ tenant: 'shop', roomId: 'something else' });
  const after = ask('a', 1_000);
  expect([await before, await after, await ask('a', 1_000)]).toEqual([1, 2, 2]);
});
