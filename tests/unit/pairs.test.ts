/** The fast parser of a query gives the same pairs as the platform's. */
import fc from 'fast-check';
import { decodePairs } from '../../src/http/messages';

const part = fc.stringMatching(/^[a-zA-Z0-9=&%+?.,;:/#[\]{}"'<> é😀-]{0,12}$/u);

test('pairs are those of URLSearchParams, for any text', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join('&');
      expect(decodePairs(text)).toEqual([...new URLSearchParams(text)]);
    }),
    { numRuns: 2_000 },
  );
});

test.each(['', '&', '=', 'a', 'a=', '=b', 'a=b=c', '?a=b', 'a=b&&c', 'a+b=%zz', 'constructor=1&__proto__=2'])(
  '%j',
  (text) => expect(decodePairs(text)).toEqual([...new URLSearchParams(text)]),
);
