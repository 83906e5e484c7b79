/** The table of look-alikes: the same for a letter and its capital. */
import { lookAlike } from '../../src/rules/review/look-alikes';

const all = Array.from({ length: 0x1_0000 }, (_, point) => point);
const lookOf = (character: string) => {
  const found = lookAlike(character.codePointAt(0) ?? 0);
  return found === undefined ? undefined : String.fromCodePoint(found);
};

test('each character that another one looks like is plain, and a letter from a to z, Chinese or Arabic', () => {
  const found = all.flatMap((point) => lookAlike(point) ?? []).map((point) => String.fromCharCode(point));
  expect(found.filter((plain) => /^[a-z]$/.test(plain))).toHaveLength(307);
  expect(found.filter((plain) => /^\p{Script=Han}$/u.test(plain))).toHaveLength(105);
  expect(found.filter((plain) => /^\p{Script=Arabic}$/u.test(plain))).toHaveLength(7);
  expect(found).toHaveLength(307 + 105 + 7);
  expect(found.filter((plain) => lookOf(plain) !== undefined)).toEqual([]);
  expect([...'0123456789'].map(lookOf).filter(Boolean)).toEqual([]);
});

test('capital letters are read as their small ones, but for those that look like another letter', () => {
  const capitals = all.map((point) => String.fromCharCode(point)).filter((one) => one.toLowerCase() !== one);
  const others = capitals.filter((one) => lookOf(one) !== undefined && lookOf(one) !== lookOf(one.toLowerCase()));
  expect(others.join('')).toBe('ΗΝΥӀ');
});

test.each([
  ['ʙᴀᴅ', 'bad'],
  ['ꓐꓮꓓ', 'bad'],
  ['ᗷᗩᗪ', 'bad'],
  ['ѕсам', 'scam'],
  ['ոօ', 'no'],
  ['⻢カ', '马力'],
  ['علی', 'علي'],
])('%s looks like %s', (letters, latin) => {
  expect([...letters].map((letter) => lookOf(letter) ?? letter).join('')).toBe(latin);
});
