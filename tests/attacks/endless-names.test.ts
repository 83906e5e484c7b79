/**
 * Attack 50: a viewer sends texts that look like the beginning of a host name at each letter. In a room without links, searching
 * them took a time that grew with the square of their length, and no other request was answered in the meantime.
 */
import { hasLink } from '../../src/rules/review/links';

/** More than IM takes, so that a search of quadratic time does not come to an end here. */
const LENGTH = 900_000;
const ofLength = (part: string) => part.repeat(Math.ceil(LENGTH / part.length));

test.each(['a.', 'a-', 'a-.', '-a', 'a.com-', '。', 'a。', 'a', '.', 'http:/', 'www', '@a.', 'a.b-c.'])(
  'a text of %j has no link, and is searched once',
  (part) => {
    expect(hasLink(ofLength(part))).toBe(false);
    expect(hasLink(`${ofLength(part)} see example.com`)).toBe(true);
  },
);

test.each([
  'example.com',
  'see a.b.example.com/x',
  'see my-shop.example-x.cn',
  'EXAMPLE.COM.',
  'ｅｘａｍｐｌｅ．ｃｏｍ',
  'example。com',
  'http://x',
  'https://漢',
  'www.x',
  '(example.com)',
])('%j has a link', (text) => expect(hasLink(text)).toBe(true));

test.each([
  '1.5 hours',
  'a.community',
  'example.com-x',
  'alice@example',
  'com',
  '.com',
  'x .community',
  '-.com',
  'well...',
])('%j has none', (text) => expect(hasLink(text)).toBe(false));
