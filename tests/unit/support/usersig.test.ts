/** The UserSig checker against the published vectors and against the vendor's own signing package. */
import { deflateSync } from 'node:zlib';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { signUserSigFields, verifyUserSig } from '../../../testkit/usersig';

const secret = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const sdkAppId = 1400000000;
const identifier = 'xiaojun';
const signedAt = 1_600_000_000;
const expected = { sdkAppId, secret, identifier, now: (signedAt + 60) * 1000 };

const published = {
  'TLS.ver': '2.0',
  'TLS.identifier': identifier,
  'TLS.sdkappid': sdkAppId,
  'TLS.time': signedAt,
  'TLS.expire': 86_400,
  'TLS.sig': 'F7rhX8gUOlwhSaoxU1nT9fNB9LShQdL1ReCJfHY1Ffo=',
};

function encode(document: Record<string, unknown>): string {
  const base64 = deflateSync(JSON.stringify(document)).toString('base64');
  return base64.replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
}

describe('verifyUserSig', () => {
  test('accepts the published signature', () => {
    expect(verifyUserSig(encode(published), expected)).toEqual({ ok: true, time: signedAt, expire: 86_400 });
  });

  test.each([
    [
      'string room',
      'AQAHeGlhb2p1blNyTgAAAAAAX14RLAAAACoAAAAAAAZyb29tLTE=',
      '7RH+7pY/4tkZDTnpgoXO5X4AaBK9x9EEbZWQPDzkIb0=',
    ],
    ['numeric room', 'AAAHeGlhb2p1blNyTgAAACcQX14RLAAAAP8AAAAA', '9q4WcG2xT9tS+TpwuNBjX6HD592krQ4FUNDcYr7/qaY='],
  ])('accepts the published room permission of a %s', (_kind, userbuf, sig) => {
    const document = { ...published, 'TLS.expire': 300, 'TLS.userbuf': userbuf, 'TLS.sig': sig };
    expect(verifyUserSig(encode(document), expected)).toMatchObject({
      ok: true,
      userbuf: Buffer.from(userbuf, 'base64'),
    });
  });

  test('accepts the signatures of the current vendor package', () => {
    const sig = new Api(sdkAppId, secret).genUserSig('user_1', 3600);
    expect(verifyUserSig(sig, { sdkAppId, secret, identifier: 'user_1' })).toMatchObject({ ok: true, expire: 3600 });
  });

  test.each([
    ['the empty text', '', 70002],
    ['plain words', 'not-a-signature', 70003],
    ['forbidden characters', `${encode(published)}!`, 70003],
    ['half a signature', encode(published).slice(0, 60), 70003],
    ['a JSON list', encode([] as unknown as Record<string, unknown>), 70003],
    ['another format version', encode({ ...published, 'TLS.ver': '1.0' }), 70003],
    ['a text instead of a number', encode({ ...published, 'TLS.expire': '86400' }), 70003],
    ['a deflate bomb', encode({ ...published, padding: ' '.repeat(100_000) }), 70003],
    ['a prolonged signature', encode({ ...published, 'TLS.expire': 864_000 }), 70009],
    ['an empty inner signature', encode({ ...published, 'TLS.sig': '' }), 70009],
    ['an added room permission', encode({ ...published, 'TLS.userbuf': 'AAAA' }), 70009],
  ])('refuses %s', (_what, sig, errorCode) => {
    expect(verifyUserSig(sig, expected)).toMatchObject({ ok: false, errorCode });
  });

  test.each([
    ['another user', { identifier: 'xiaoming' }, 70013],
    ['another app', { sdkAppId: 1400000001 }, 70014],
    ['another key', { secret: secret.replace('5', '6') }, 70009],
    ['its last second', { now: (signedAt + 86_400) * 1000 }, 70001],
  ])('refuses the published signature for %s', (_what, change, errorCode) => {
    expect(verifyUserSig(encode(published), { ...expected, ...change })).toMatchObject({ ok: false, errorCode });
  });

  test('accepts the second before the last', () => {
    expect(verifyUserSig(encode(published), { ...expected, now: (signedAt + 86_399) * 1000 })).toMatchObject({
      ok: true,
    });
  });

  test('computes the published signature from the fields', () => {
    const fields = { identifier, sdkAppId, time: signedAt, expire: 86_400, userbuf: undefined };
    expect(signUserSigFields(secret, fields)).toBe(published['TLS.sig']);
  });
});
