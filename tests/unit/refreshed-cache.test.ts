/** Values that are cached for two seconds: which of several reads counts. */
import { RefreshedCache } from '../../src/rules/review/refreshed-cache';

test('a read that began before a change of this process does not replace a later one, whichever ends first', async () => {
  const ends: ((value: string) => void)[] = [];
  const cache = new RefreshedCache<string>({
    most: 10,
    load: () => new Promise<string>((resolve) => ends.push(resolve)),
    mayRefresh: () => false,
  });
  const early = cache.get('tenant');
  cache.forget();
  const began = performance.now();
  while (performance.now() === began);
  const late = cache.get('tenant');
  ends[1]?.('new');
  expect(await late).toBe('new');
  ends[0]?.('old');
  expect(await early).toBe('old');
  expect(cache.last('tenant')).toBe('new');
  expect(await cache.get('tenant')).toBe('new');
});

test('after a change all who ask share one read, and a forgotten value among others is read alone', async () => {
  const reads: string[] = [];
  const ends: ((value: string) => void)[] = [];
  const cache = new RefreshedCache<string>({
    most: 10,
    load: (key) => {
      reads.push(key);
      return new Promise<string>((resolve) => ends.push(resolve));
    },
    mayRefresh: () => false,
  });
  const first = [cache.get('room'), cache.get('group')];
  ends[0]?.('a room');
  ends[1]?.('none');
  expect(await Promise.all(first)).toEqual(['a room', 'none']);
  cache.forget();
  const began = performance.now();
  while (performance.now() === began);
  const asked = Array.from({ length: 5 }, () => cache.get('room'));
  ends[2]?.('the room');
  expect(await Promise.all(asked)).toEqual(Array(5).fill('the room'));
  expect(reads).toEqual(['room', 'group', 'room']);
  cache.forgetWhere((value) => value === 'none');
  expect(await cache.get('room')).toBe('the room');
  const again = cache.get('group');
  ends[3]?.('a room by now');
  expect(await again).toBe('a room by now');
  expect(reads).toEqual(['room', 'group', 'room', 'group']);
});
