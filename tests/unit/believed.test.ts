/** Values that are believed for two seconds: which of several reads counts. */
import { Believed } from '../../src/rules/review/believed';

test('a read that began before a change of this process does not replace a later one, whichever ends first', async () => {
  const ends: ((value: string) => void)[] = [];
  const believed = new Believed<string>({
    most: 10,
    load: () => new Promise<string>((resolve) => ends.push(resolve)),
    mayRefresh: () => false,
  });
  const early = believed.get('tenant');
  believed.forget();
  const began = performance.now();
  while (performance.now() === began);
  const late = believed.get('tenant');
  ends[1]?.('new');
  expect(await late).toBe('new');
  ends[0]?.('old');
  expect(await early).toBe('old');
  expect(believed.last('tenant')).toBe('new');
  expect(await believed.get('tenant')).toBe('new');
});

test('after a change all who ask share one read, and a forgotten value among others is read alone', async () => {
  const reads: string[] = [];
  const ends: ((value: string) => void)[] = [];
  const believed = new Believed<string>({
    most: 10,
    load: (key) => {
      reads.push(key);
      return new Promise<string>((resolve) => ends.push(resolve));
    },
    mayRefresh: () => false,
  });
  const first = [believed.get('room'), believed.get('group')];
  ends[0]?.('a room');
  ends[1]?.('none');
  expect(await Promise.all(first)).toEqual(['a room', 'none']);
  believed.forget();
  const began = performance.now();
  while (performance.now() === began);
  const asked = Array.from({ length: 5 }, () => believed.get('room'));
  ends[2]?.('the room');
  expect(await Promise.all(asked)).toEqual(Array(5).fill('the room'));
  expect(reads).toEqual(['room', 'group', 'room']);
  believed.forgetWhere((value) => value === 'none');
  expect(await believed.get('room')).toBe('the room');
  const again = believed.get('group');
  ends[3]?.('a room by now');
  expect(await again).toBe('a room by now');
  expect(reads).toEqual(['room', 'group', 'room', 'group']);
});
