/** Cells of exports: texts that users chose never become formulas. */
import { csvLine } from '../../src/rules/operators/csv';

test.each(['=1+1', '+1', '-1', '@x', '\t=1', '＝1+1', '＋1', '－1', '＠x', '\u200b=1', ' \u200d\u2060＝1', '\ufeff@x'])(
  '%j gets an apostrophe',
  (text) => {
    expect(csvLine([text, 'a'])).toBe(`'${text},a\r\n`);
  },
);

test.each(['a=1', '1+1', 'x@y', '爱', ''])('%j stays as it is', (text) => {
  expect(csvLine([text])).toBe(`${text}\r\n`);
});
