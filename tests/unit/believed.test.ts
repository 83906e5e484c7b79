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
