/** The vendors' published samples, and everything near them that must not pass. */
import { createHash } from 'node:crypto';
import { checkImSignature, isTrtcSignature } from '../../src/vendors/tencent/callback-signatures';

describe('the signature of IM callbacks', () => {
  // https://cloud.tencent.com/document/product/269/1522
  const token = 'xxxxyyyy';
  const requestTime = '1669872112';
  const sign = '17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061';
  const now = Number(requestTime) * 1000;

  test("accepts the vendor's own sample", () => {
    expect(checkImSignature(token, { sign, requestTime }, now)).toBe('good');
  });

  test('accepts it within a minute to either side, and not a second later', () => {
    for (const [offset, verdict] of [
      [-60_000, 'good'],
      [60_000, 'good'],
      [60_001, 'stale'],
      [-60_001, 'stale'],
    ] as const) {
      expect(checkImSignature(token, { sign, requestTime }, now + offset)).toBe(verdict);
    }
  });

  test.each([
    ['another token', 'xxxxyyyz', { sign, requestTime }],
    ['another time', token, { sign, requestTime: '1669872113' }],
    ['a shorter signature', token, { sign: sign.slice(0, -1), requestTime }],
    ['no signature', token, { sign: '', requestTime }],
    ['no time', token, { sign, requestTime: '' }],
    [
      'a time that is no number',
      token,
      { sign: createHash('sha256').update(`${token}1669872112.5`).digest('hex'), requestTime: '1669872112.5' },
    ],
  ])('refuses %s', (_what, key, sent) => {
    expect(checkImSignature(key, sent, now)).toBe('bad_signature');
  });
});

describe('the signature of TRTC callbacks', () => {
  // https://cloud.tencent.com/document/product/647/51586
  const key = '123654';
  const sign = 'kkoFeO3Oh2ZHnjtg8tEAQhtXK16/KI05W3BQff8IvGA=';
  const body = Buffer.from(
    '{\n\t"EventGroupId":\t2,\n\t"EventType":\t204,\n\t"CallbackTs":\t1664209748188,\n\t"EventInfo":\t{\n\t\t"RoomId":\t8489,' +
      '\n\t\t"EventTs":\t1664209748,\n\t\t"EventMsTs":\t1664209748180,\n\t\t"UserId":\t"user_85034614",\n\t\t"Reason":\t0\n\t}\n}',
  );

  test("accepts the vendor's own sample", () => {
    expect(isTrtcSignature(key, { sign, body })).toBe(true);
  });

  test('covers every byte of the body, white space too', () => {
    const compact = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(isTrtcSignature(key, { sign, body: compact })).toBe(false);
    expect(isTrtcSignature('123655', { sign, body })).toBe(false);
    expect(isTrtcSignature(key, { sign: '', body })).toBe(false);
  });
});
