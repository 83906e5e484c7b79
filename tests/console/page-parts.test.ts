/** The parts of the pages that need no page: lists of calls, hiding secrets, curl commands, reading a UserSig, plots, words. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { createUserSigSigner } from '../../src/vendors/tencent/usersig';
import { newest } from '../../web/console/call-list';
import { decodeUserSig } from '../../web/console/usersig';
import { lonePoints } from '../../web/operators/lone-points';
import { piecesOf, placesOf } from '../../web/operators/review/marks';
import { type ListedWord, readWords, WORD_ACTIONS, writeWords } from '../../web/operators/review/word-file';
import { curlOf, hasSecrets, maskSecrets } from '../../web/shared/mask';

describe('secrets on the screen', () => {
  it('are hidden however deep they are, and nothing else is', () => {
    const long = 'x'.repeat(60);
    const answer = {
      errorCode: 0,
      data: { token: long, sdkUserSig: long, userSig: long, name: 'token' },
      list: [{ salt: 's' }],
    };
    expect(maskSecrets(answer)).toEqual({
      errorCode: 0,
      data: { token: 'xxxx••••••', sdkUserSig: 'xxxx••••••', userSig: 'xxxx••••••', name: 'token' },
      list: [{ salt: '••••••' }],
    });
    expect([hasSecrets(answer), hasSecrets({ title: 'x' }), hasSecrets(undefined)]).toEqual([true, false, false]);
  });
});

describe('a call as a curl command', () => {
  it('comes through a shell as it was, quotes and all', () => {
    const body = { title: `it's "quoted" $(echo no) \`no\` \\ 中文`, n: 1 };
    const command = curlOf({ url: "http://localhost/base/v1/rooms/enter_room?a='b'", body });
    const shell = `curl() { printf '%s\\n' "$@"; }; ${command}`;
    const words = execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(words).toEqual([
      "http://localhost/base/v1/rooms/enter_room?a='b'",
      '-H',
      'content-type: application/json',
      '-d',
      JSON.stringify(body),
    ]);
  });
});

describe('a UserSig', () => {
  it('says whose it is and until when', async () => {
    const app = { sdkAppId: 1_400_000_001, secret: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' };
    const before = Math.floor(Date.now() / 1000) * 1000;
    const content = await decodeUserSig(createUserSigSigner().sign(app, '42', 600));
    expect(content).toMatchObject({ userId: '42', sdkAppId: 1_400_000_001 });
    expect(content.issuedAt).toBeGreaterThanOrEqual(before);
    expect(content.expiresAt - content.issuedAt).toBe(600_000);
  });

  it.each(['', 'not base64!', 'aGVsbG8_', 'eJyrVgrxCdYrSy1SslJKSixSqgUAJ6QFBQ__'])(
    'is recognised in %j',
    async (text) => {
      await expect(decodeUserSig(text)).rejects.toThrow();
    },
  );
});

describe('the list of calls', () => {
  const some = (count: number, name: string, background: boolean) => Array(count).fill({ name, background });
  const names = (calls: { name: string; background: boolean }[]) => newest(calls).map(({ name }) => name);

  it('keeps its own ones, with any work in the background', () => {
    const calls = [...some(1, 'last', false), ...some(300, 'background', true), ...some(1, 'first', false)];
    expect(names(calls)).toEqual(['last', ...Array(100).fill('background'), 'first']);
  });

  it('ends somewhere', () => {
    expect(names([...some(250, 'own', false), ...some(1, 'first', false)])).toEqual(Array(200).fill('own'));
  });
});

describe('a value that has no neighbours', () => {
  it.each([
    [[], []],
    [[null, null], []],
    [[0], [0]],
    [[1, 2, null, 3, null, 4, 5], [3]],
    [
      [7, null, 1, 1, null, 0],
      [0, 5],
    ],
  ])('is found in %j', (values, places) => {
    expect(lonePoints(values)).toEqual(places);
  });
});

describe('a file of words', () => {
  // Characters that mean something to CSV or to a spreadsheet come more often than among all.
  const character = fc.oneof(fc.constantFrom(...`'=+-@＝"\t, x\u200b`), fc.string({ unit: 'grapheme', maxLength: 1 }));
  const cell = fc.string({ unit: character }).map((text) => text.trim());
  const word = fc.record<ListedWord>({
    text: cell.filter((text) => text !== ''),
    action: fc.constantFrom(...WORD_ACTIONS),
    tag: cell,
  });

  it('as CSV is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(readWords(writeWords(words, 'csv'), 'refuse')).toEqual(words);
      }),
    );
  });

  it('as text has one word a line, with any characters', () => {
    const words = readWords('a,b\r\n"quoted"\n\n  spaces  \n', 'mask');
    expect(words.map(({ text }) => text)).toEqual(['a,b', '"quoted"', 'spaces']);
    expect(writeWords(words, 'txt')).toBe('a,b\n"quoted"\nspaces\n');
    expect(words.every(({ action }) => action === 'mask')).toBe(true);
  });

  it('is no formula for a spreadsheet, takes unknown actions for the chosen one, and ends anywhere', () => {
    const formula: ListedWord = { text: '=1+1', action: 'hold', tag: '' };
    expect(writeWords([formula], 'csv')).toContain("\n'=1+1,hold,\r\n");
    expect(readWords('text,action\nx,delete\ny,HOLD\n"open, z', 'mask')).toEqual([
      { text: 'x', action: 'mask', tag: '' },
      { text: 'y', action: 'hold', tag: '' },
      { text: '"open', action: 'mask', tag: '' },
    ]);
  });
});

describe('words in a text', () => {
  it.each([
    ['a bad word', ['badword'], 'a [bad word]'],
    ['BAD-w.o.r.d!', ['badword'], '[BAD-w.o.r.d]!'],
    ['加 微 信 x', ['加微信', '微信'], '[加 微 信] x'],
    ['nothing here', ['badword', '…'], 'nothing here'],
    ['a.b a+b', ['a+b'], '[a.b] [a+b]'],
  ])('are marked in %j', (text, words, shown) => {
    const pieces = piecesOf(text, placesOf(text, words));
    expect(pieces.map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join('')).toBe(shown);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });
});
