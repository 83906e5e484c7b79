/** The table of traditional characters: complete, and one for one. */
import { simplified } from '../../src/rules/review/traditional';

const all = Array.from({ length: 0x1_0000 }, (_, point) => point);

test('every pair of the source is in the table', () => {
  expect(all.filter((point) => simplified(point) !== point)).toHaveLength(2_966);
});

test('a simplified form stays as it is', () => {
  const twice = all.filter((point) => simplified(simplified(point)) !== simplified(point));
  expect(String.fromCharCode(...twice)).toBe('');
});

test.each(['門门', '龜龟', '㑯㑔', '鿓鿒'])('%s', (pair) => {
  expect(simplified(pair.charCodeAt(0))).toBe(pair.charCodeAt(1));
});
