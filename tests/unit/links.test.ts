/** Links in messages: hidden ones are found, sentences with dots are none, and long texts cost little. */
import { hasLink } from '../../src/rules/review/links';

test.each([
  'see https://x.test',
  'https : //x.test',
  'www.x.test',
  'www . x.test',
  'buy at shop.example.com now',
  '加我 abc.vip',
  'ｅｘ。ｃｏｍ',
  'x . com',
  'x .com',
  'x. com',
  'shop 。 cn',
  'x\u200b.com',
  'x.\u200bcom',
  'x.c\u00ado\u2060m',
  'exa\u200dmple.co\ufe0fm',
])('%s', (text) => {
  expect(hasLink(text)).toBe(true);
});

test.each([
  '3.5 points',
  'well...come',
  'a.b',
  'ok. me too',
  'Nice . me too',
  'We bought it. net of tax it was cheap',
  'I live in the UK. us too',
  'see you. live now',
  'that is my app. info follows',
  'come . computers are here',
  '今天很好。com',
  'me@example.community',
])('no link: %s', (text) => {
  expect(hasLink(text)).toBe(false);
});

test.each([
  '1.1',
  '1.1.1.1',
  '看a.',
  '看1.1.1.1 ',
  'a.',
  'a .',
  'a . ',
  'www ',
  'a\u200b.',
  '. com',
  'https : /',
  'a      ',
])('12 KB of %j', (part) => {
  const text = part.repeat(12_000 / part.length);
  const before = process.cpuUsage();
  hasLink(text);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(500);
});
