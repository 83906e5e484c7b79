/** The table of look-alikes: small Latin letters, and the same for a letter and its capital. */
import { latinLookAlike } from '../../src/rules/review/look-alikes';

const all = Array.from({ length: 0x1_0000 }, (_, point) => point);
const latinOf = (character: string) => {
  const found = latinLookAlike(character.codePointAt(0) ?? 0);
  return found === undefined ? undefined : String.fromCodePoint(found);
};

test('every letter of the table is there once, and looks like one from a to z', () => {
  const found = all.flatMap((point) => latinLookAlike(point) ?? []);
  expect(found).toHaveLength(302);
  expect(found.filter((latin) => latin < 0x61 || latin > 0x7a)).toEqual([]);
  expect([...'abcdefghijklmnopqrstuvwxyz0123456789'].map(latinOf).filter(Boolean)).toEqual([]);
});

test('capital letters are read as their small ones, but for those that look like another letter', () => {
  const capitals = all.map((point) => String.fromCharCode(point)).filter((one) => one.toLowerCase() !== one);
  const others = capitals.filter((one) => latinOf(one) !== undefined && latinOf(one) !== latinOf(one.toLowerCase()));
  expect(others.join('')).toBe('ΗΝΥӀ');
});

test.each([
  ['ʙᴀᴅ', 'bad'],
  ['ꓐꓮꓓ', 'bad'],
  ['ᗷᗩᗪ', 'bad'],
  ['ѕсам', 'scam'],
  ['ոօ', 'no'],
])('%s looks like %s', (letters, latin) => {
  expect([...letters].map(latinOf).join('')).toBe(latin);
});
