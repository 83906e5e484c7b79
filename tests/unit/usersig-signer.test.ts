/** UserSigs against the published vector, and against a verifier written independently of the package that signs. */
import { createUserSigSigner } from '../../src/vendors/tencent/usersig';
import { signUserSigFields, verifyUserSig } from '../../testkit/usersig';

const secret = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const app = { sdkAppId: 1_400_000_000, secret };

test('the signature of the published vector comes out', () => {
  const document = {
    identifier: 'xiaojun',
    sdkAppId: app.sdkAppId,
    time: 1_600_000_000,
    expire: 86_400,
    userbuf: undefined,
  };
  expect(signUserSigFields(secret, document)).toBe('F7rhX8gUOlwhSaoxU1nT9fNB9LShQdL1ReCJfHY1Ffo=');
  jest.useFakeTimers({ now: 1_600_000_000_000 });
  try {
    const sig = createUserSigSigner().sign(app, 'xiaojun', 86_400);
    const at = { ...app, identifier: 'xiaojun', now: 1_600_000_000_000 };
    expect(verifyUserSig(sig, at)).toEqual({ ok: true, time: 1_600_000_000, expire: 86_400 });
    expect(verifyUserSig(sig, { ...at, now: 1_600_086_400_000 })).toMatchObject({ ok: false, errorCode: 70_001 });
  } finally {
    jest.useRealTimers();
  }
});

test('a signature is for one user, one application and one key', () => {
  const sig = createUserSigSigner().sign(app, '42', 600);
  expect(verifyUserSig(sig, { ...app, identifier: '42' })).toMatchObject({ ok: true, expire: 600 });
  expect(verifyUserSig(sig, { ...app, identifier: '43' })).toMatchObject({ ok: false });
  expect(verifyUserSig(sig, { ...app, sdkAppId: 1, identifier: '42' })).toMatchObject({ ok: false });
  expect(verifyUserSig(sig, { ...app, secret: 'other', identifier: '42' })).toMatchObject({ ok: false });
});

test('two tenants that share an application id by mistake each sign with their own key', () => {
  const signer = createUserSigSigner();
  for (const key of [secret, 'another-key-of-the-same-application']) {
    const sig = signer.sign({ ...app, secret: key }, '42', 600);
    expect(verifyUserSig(sig, { ...app, secret: key, identifier: '42' })).toMatchObject({ ok: true });
  }
});
