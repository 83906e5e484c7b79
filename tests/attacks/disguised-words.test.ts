/** Attacks: a refused word in characters that look the same, in an order that only the screen shows, or in JSON that only lenient apps read. */
import { hasLink } from '../../src/rules/review/links';
import { createMatcher } from '../../src/rules/review/matcher';
import { readMessage } from '../../src/rules/review/message';
import type { WordAction } from '../../src/rules/review/trie';
import { textAfter, wordVerdict } from '../../src/rules/review/word-verdict';

const matcherOf = (text: string, action: WordAction = 'refuse') => createMatcher([{ id: 1, text, action }]);
const RIGHT_TO_LEFT = '\u202e';
const LEFT_TO_RIGHT = '\u202d';
const END = '\u202c';

test.each([
  ['from right to left', 'badword', `${RIGHT_TO_LEFT}drowdab`],
  ['a sentence from right to left', '加微信', `你好${RIGHT_TO_LEFT}a信微加`],
  ['half of it from right to left', 'badword', `bad${RIGHT_TO_LEFT}drow`],
  ['its halves exchanged', 'badword', `${RIGHT_TO_LEFT}drow${LEFT_TO_RIGHT}bad${END}`],
  ['both from right to left', 'badword', `${RIGHT_TO_LEFT}drow${RIGHT_TO_LEFT}dab`],
  ['in an isolate that nothing ends', 'badword', `\u2067${END}${RIGHT_TO_LEFT}drowdab`],
  ['in letters of Hangul', '바보', '바보'.normalize('NFD')],
  ['in capitals with another spelling', 'scheiße', 'SCHEISSE'],
  ['with a final letter in capitals', 'λόγος', 'ΛΌΓΟΣ'],
  ['with a radical that looks the same', '马云', '⻢云'],
  ['with katakana that look the same', '人口', '人ロ'],
  ['in dark circles', '138', '❶❸❽'],
  ['in double circles', '138', '⓵⓷⓼'],
  ['in circles without serifs', '1380', '➀➂➇⓿'],
  ['in other digits', '138', '١٣٨'],
  ['with longer letters', 'كلب', 'كـلـب'],
  ['with Persian letters', 'علي', 'علی'],
  ['with a letter that looks like an apostrophe', 'badword', 'badʼword'],
  ['with a letter that looks like an exclamation mark', 'badword', 'badwordǃ'],
  ['with a letter that looks like a quotation mark', 'badword', 'Ꞌbadwordꞌ'],
  ['with the mark of an estimate', 'hello', 'h℮llo'],
])('%s', (_title, word, text) => {
  expect(matcherOf(word).find(text)).toHaveLength(1);
});

test.each([
  ['drowdab', 'in its own order'],
  [`${RIGHT_TO_LEFT}\ndrowdab`, 'on another line'],
])('no word: %j, %s', (text) => {
  expect(matcherOf('badword').find(text)).toEqual([]);
});

test('words from right to left are masked in their place, once', () => {
  const text = `hi ${RIGHT_TO_LEFT}drowdab${END} maskword`;
  const matcher = createMatcher([
    { id: 1, text: 'badword', action: 'mask' },
    { id: 2, text: 'maskword', action: 'mask' },
  ]);
  const verdict = wordVerdict(matcher, text);
  expect(verdict.hits.map(({ start, end }) => text.slice(start, end))).toEqual(['drowdab', 'maskword']);
  expect(textAfter(text, verdict)).toBe(`hi ${RIGHT_TO_LEFT}*******${END} ********`);
});

test.each([
  ['加微信', '加坏微信', 'refuse'],
  ['坏坏', '坏', 'mask'],
  ['加微信', `${RIGHT_TO_LEFT}坏${END}加微信`, 'refuse'],
])('with %s and 坏 in the list, %j is not masked into another word', (other, text, action) => {
  const matcher = createMatcher([
    { id: 1, text: '坏', action: 'mask' },
    { id: 2, text: other, action: 'refuse' },
  ]);
  const verdict = wordVerdict(matcher, text);
  expect(verdict.action).toBe(action);
  if (action === 'mask') expect(matcher.find(textAfter(text, verdict))).toEqual([]);
});

test('a text that has words though it was masked is refused', () => {
  const matcher = matcherOf('加微信', 'mask');
  const texts = [`加${RIGHT_TO_LEFT}信微${END}你好 信微加`, '加加微信微信'];
  for (const text of texts) {
    const verdict = wordVerdict(matcher, text);
    expect(verdict.action === 'refuse' || matcher.find(textAfter(text, verdict)).length === 0).toBe(true);
  }
});

test.each(['看taobao.com', '加我abc.vip', 'discord.gg/abc', 'bit.ly/x', '加1.2.3.4:8080', 'http://1.2.3.4/a'])(
  'a link: %s',
  (text) => {
    expect(hasLink(text)).toBe(true);
  },
);

const custom = (Data: string) => ({
  MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data, Desc: '', Ext: '', Sound: '' } }],
});
const textIn = (data: string) => readMessage(custom(data), ['text']).text;

test.each([
  ['behind thousands of values', JSON.stringify({ pad: Array(5_000).fill(0), text: 'badword' })],
  ['in quotes of JavaScript', "{'text':'badword'}"],
  ['with a comma at the end', '{"text":"badword",}'],
  ['behind a mark of byte order', '\ufeff{"text":"badword"}'],
  ['with escapes that only a lenient reader knows', "{'text':'b\\u0061dword'}"],
])('JSON %s is read', (_title, data) => {
  expect(matcherOf('badword').find(textIn(data))).toHaveLength(1);
});

test('a mask in lenient JSON is written back', () => {
  const message = readMessage(custom("{'text':'badword'}"), ['text']);
  expect(message.masked(matcherOf('badword', 'mask').find(message.text))).toEqual(custom("{'text':'*******'}"));
});

/** Milliseconds of processor time. */
function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each([0, 3])('a thousand masked texts in JSON inside of JSON cost one writing of it (%i deep)', (depth) => {
  let data = JSON.stringify({ text: Array(1_600).fill('赌') });
  for (let n = 0; n < depth; n += 1) data = JSON.stringify({ d: data });
  const message = readMessage(custom(data), ['text']);
  const matcher = matcherOf('赌', 'mask');
  const ms = processorMs(() => {
    expect(JSON.stringify(message.masked(matcher.find(message.text)))).not.toContain('赌');
  });
  expect(ms).toBeLessThan(100);
});

test.each([
  ['overrides in each other', `${RIGHT_TO_LEFT}${LEFT_TO_RIGHT}`],
  ['overrides one after the other', `${RIGHT_TO_LEFT}a${END}`],
  ['letters that become eighteen', '\ufdfa'],
  ['one letter', 'a'],
  ['one letter and spaces', 'a '],
  ['a radical', '⻢'],
])('12 KB of %s', (_title, part) => {
  const words = Array.from({ length: 2_000 }, (_, id) => {
    return { id, text: `a${'ab'.repeat(id % 31)}${id}`, action: 'mask' as const };
  });
  const matcher = createMatcher(words);
  const text = part.repeat(12_000 / part.length);
  matcher.find(text);
  expect(processorMs(() => matcher.find(text))).toBeLessThan(200);
});
