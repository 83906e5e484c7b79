/** Cells of exports: texts that users chose never become formulas, and can be read as they were written. */
import { cellText, csvLine } from '../../src/base/csv';

test.each(['=1+1', '+1', '-1', '@x', '\t=1', '＝1+1', '＋1', '－1', '＠x', '\u200b=1', ' \u200d\u2060＝1', '\ufeff@x'])(
  '%j gets an apostrophe',
  (text) => {
    expect(csvLine([text, 'a'])).toBe(`'${text},a\r\n`);
  },
);

test.each(['a=1', '1+1', 'x@y', '爱', ''])('%j stays as it is', (text) => {
  expect(csvLine([text])).toBe(`${text}\r\n`);
});

test.each([
  ['=1', "'=1"],
  ["'=1", "''=1"],
  ["''＋", "'''＋"],
  ["'tis", "'tis"],
  ["'", "'"],
])('%j is written as %j, and read as it was', (text, written) => {
  expect(csvLine([text])).toBe(`${written}\r\n`);
  expect(cellText(written)).toBe(text);
});
