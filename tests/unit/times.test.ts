import fc from 'fast-check';
import { formatUtc } from '../../src/contract/fields';

test('a time in an answer equals that of Date, for any previous day', () => {
  const times = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), (some) => {
      for (const time of [...some, ...some]) {
        expect(formatUtc(time)).toBe(new Date(time).toISOString().slice(0, 19).replace('T', ' '));
      }
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  [0, '1970-01-01 00:00:00'],
  [-1, '1969-12-31 23:59:59'],
  [Date.UTC(2024, 1, 29, 23, 59, 59, 999), '2024-02-29 23:59:59'],
  [Date.UTC(2024, 2, 1), '2024-03-01 00:00:00'],
])('%p is %s', (time, text) => {
  expect(formatUtc(time)).toBe(text);
});
