/** Tokens: valid, expired and foreign ones; and those that 1.0.0 has handed out. */
import { createHmac } from 'node:crypto';
import { createTokens, TOKEN_MS } from '../../src/rules/accounts/tokens';

const KEY = Buffer.alloc(32, 7);
const NOW = Date.UTC(2026, 10, 23);
const CLAIMS = { tenant: 'shop', userId: 42, sessionId: 'the-session-of-1-0-0..' };
/** A token signed by 1.0.0 (with another library) with KEY, valid until 2030. */
const OLD =
  'eyJhbGciOiJIUzI1NiJ9.eyJ0Ijoic2hvcCIsInUiOjQyLCJzIjoidGhlLXNlc3Npb24tb2YtMS0wLTAuLiIsImV4cCI6MTkwMDAwMDAwMCwianRp' +
  'IjoiMGExYjJjM2QifQ.qJHhb2WSl6UjWwKi0yqLYfveE3-I1KTn5n6sgwZHkVE';

let now = NOW;
const tokens = createTokens(KEY, { clock: () => now });

afterEach(() => {
  now = NOW;
});

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function signed(header: object, payload: object, key = KEY): string {
  const text = `${encoded(header)}.${encoded(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

test('tokens of 1.0.0 are valid until they expire', () => {
  expect(tokens.verify(OLD)).toEqual({ status: 'valid', claims: CLAIMS });
  now = 1_900_000_001_000;
  expect(tokens.verify(OLD)).toEqual({ status: 'expired', claims: CLAIMS });
});

test('a token is valid for its time, also after many checks', () => {
  const token = tokens.issue(CLAIMS, NOW + TOKEN_MS);
  for (let looked = 0; looked < 2; looked += 1) {
    expect(tokens.verify(token)).toEqual({ status: 'valid', claims: CLAIMS });
  }
  now = NOW + TOKEN_MS;
  expect(tokens.verify(token)).toEqual({ status: 'expired', claims: CLAIMS });
  // One that has never been seen before is no better.
  expect(createTokens(KEY, { clock: () => now }).verify(token)).toEqual({ status: 'expired', claims: CLAIMS });
});

test('two of one session made at the same moment are two', () => {
  expect(tokens.issue(CLAIMS, NOW + TOKEN_MS)).not.toBe(tokens.issue(CLAIMS, NOW + TOKEN_MS));
});

const CLAIMED = { t: '', u: 1, s: 's', exp: 1_900_000_000 };
test.each([
  ['another key', signed({ alg: 'HS256' }, CLAIMED, Buffer.alloc(32, 8))],
  ['no signature', `${encoded({ alg: 'none' })}.${encoded(CLAIMED)}.`],
  ['a signature that says it is none', signed({ alg: 'none' }, CLAIMED)],
  ['another algorithm', signed({ alg: 'HS512' }, CLAIMED)],
  ['no time', signed({ alg: 'HS256' }, { ...CLAIMED, exp: undefined })],
  ['a time that is no number', signed({ alg: 'HS256' }, { ...CLAIMED, exp: '1900000000' })],
  ['no session', signed({ alg: 'HS256' }, { ...CLAIMED, s: undefined })],
  ['a user that is no number', signed({ alg: 'HS256' }, { ...CLAIMED, u: '1' })],
  ['a payload that is no object', signed({ alg: 'HS256' }, [1])],
  ['no JSON, signed', `bm8.bm8.${createHmac('sha256', KEY).update('bm8.bm8').digest('base64url')}`],
  ['a token with something behind it', `${OLD}.x`],
  ['a changed signature', OLD.replace('.qJHhb2', '.rJHhb2')],
  ['nothing', ''],
  ['dots', '..'],
])('%s is not valid', (_what, token) => {
  expect(tokens.verify(token)).toEqual({ status: 'invalid' });
});

test('the cache answers the same with more people than fit', () => {
  const few = createTokens(KEY, { clock: () => now, remembered: 3 });
  const issued = Array.from({ length: 10 }, (_, userId) => ({ ...CLAIMS, userId })).map((claims) => ({
    claims,
    token: few.issue(claims, NOW + TOKEN_MS),
  }));
  for (let round = 0; round < 3; round += 1) {
    for (const { claims, token } of issued) {
      expect(few.verify(token)).toEqual({ status: 'valid', claims });
      expect(few.verify(`${token}x`)).toEqual({ status: 'invalid' });
    }
  }
});
