/** Identity providers that rotate their keys, fail, hang or lie; and configurations of oauth/exchange that are refused. */
import { AUDIENCE, assemble, type Claims, hmacOf, jwkOf, newProviderKey, tokenOf } from '../../testkit/fake-identity';
import { lived } from '../../testkit/lived';
import { type SignIn, succeeded } from '../../testkit/people';
import { startService } from '../../testkit/service';
import { claims, codeOf, end, newScene, pem, type Scene, SECONDS } from './support/identity';

describe('the provider', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await newScene('sqlite');
  });
  afterEach(() => end(scene));

  const good = (key = scene.rsa, extra: Claims = {}) =>
    tokenOf(key, claims({ exp: Math.floor(scene.service.clock.now() / 1000) + 300, ...extra }));

  test('rotates: a new key is found at its first token, a withdrawn one goes within ten minutes and a request', async () => {
    const old = good();
    expect(await codeOf(scene, old)).toBe(0);
    const next = newProviderKey('ES256');
    scene.provider.publish(next);
    expect(await codeOf(scene, good(next))).toBe(210);
    scene.service.clock.advance(30_000);
    expect(await codeOf(scene, good(next))).toBe(0);
    expect(await codeOf(scene, good())).toBe(210);
    const third = newProviderKey('EdDSA');
    scene.provider.publish(third);
    scene.service.clock.advance(600_000);
    // This one starts the read in the background.
    expect(await codeOf(scene, good(next))).toBe(0);
    const gone = Date.now() + 60_000;
    while ((await codeOf(scene, good(next))) !== 210 && Date.now() < gone);
    expect(await codeOf(scene, good(third))).toBe(0);
  });

  test('is down: its keys are kept, also after a day, and unknown ones ask it once in 30 seconds', async () => {
    expect(await codeOf(scene, good())).toBe(0);
    scene.provider.fail({ httpStatus: 502 });
    scene.service.clock.advance(86_400_000);
    const before = scene.provider.reads();
    for (let n = 0; n < 20; n += 1) expect(await codeOf(scene, good())).toBe(0);
    for (let n = 0; n < 20; n += 1) expect(await codeOf(scene, good(newProviderKey('EdDSA')))).toBe(210);
    expect(scene.provider.reads() - before).toBe(1);
    expect(scene.service.lines.join('')).toContain('identity_keys_failed');
  });

  test('was never reached: 100, and the first good answer of it is enough', async () => {
    scene.provider.fail({ reset: true, times: 1 });
    expect(await codeOf(scene, good())).toBe(100);
    scene.service.clock.advance(3_000);
    expect(await codeOf(scene, good())).toBe(0);
  });

  test('hangs: sign-ins give up after 3 seconds, and those of known keys do not wait', async () => {
    expect(await codeOf(scene, good())).toBe(0);
    scene.provider.fail({ hang: true });
    scene.service.clock.advance(31_000);
    const unknown = lived(codeOf(scene, good(newProviderKey('ES256'))));
    const known = await lived(codeOf(scene, good()));
    expect(known.result).toBe(0);
    expect(known.ms).toBeLessThan(1_500);
    const { result, ms } = await unknown;
    expect(result).toBe(210);
    expect(ms).toBeLessThan(5_000);
  });

  test('answers slowly: requests that come in the meantime share its answer', async () => {
    scene.provider.fail({ delayMs: 500 });
    const codes = await Promise.all(Array.from({ length: 30 }, () => codeOf(scene, good())));
    expect(new Set(codes)).toEqual(new Set([0]));
    expect(scene.provider.reads()).toBe(1);
  });

  test('false answers: an unusable set of keys replaces nothing', async () => {
    expect(await codeOf(scene, good())).toBe(0);
    const secret = Buffer.alloc(32, 7);
    const weak = newProviderKey('RS256', { bits: 1_024, kid: 'weak' });
    const falseAnswers: unknown[] = [
      {},
      [],
      { keys: {} },
      { keys: [] },
      { keys: [null, 1, 'x', []] },
      { keys: [{ kty: 'oct', kid: 'oct', alg: 'HS256', k: secret.toString('base64url') }] },
      { keys: [jwkOf(weak)] },
      { keys: [jwkOf(newProviderKey('RS256'), { use: 'enc' })] },
      { keys: [jwkOf(newProviderKey('RS256'), { n: 'AA' })] },
      { keys: Array.from({ length: 3_000 }, () => ({ kty: 'RSA', x: 'y'.repeat(100) })) },
    ];
    for (const lie of falseAnswers) {
      scene.provider.lie(lie);
      scene.service.clock.advance(31_000);
      const symmetric = assemble({ alg: 'HS256', kid: 'oct' }, claims(), hmacOf(secret));
      expect([await codeOf(scene, symmetric), await codeOf(scene, good(weak))]).toEqual([210, 210]);
      expect(await codeOf(scene, good())).toBe(0);
    }
  });

  test('a token without a key id is accepted if exactly one key fits', async () => {
    expect(await codeOf(scene, tokenOf(scene.rsa, claims(), { kid: undefined }))).toBe(0);
    scene.provider.publish(scene.rsa, newProviderKey('RS256'));
    scene.service.clock.advance(31_000);
    await codeOf(scene, good(newProviderKey('ES256')));
    expect(await codeOf(scene, tokenOf(scene.rsa, claims({ exp: SECONDS + 3_600 }), { kid: undefined }))).toBe(210);
  });
});

describe('the configuration', () => {
  const SECRET = 'a-shared-secret-of-32-bytes-or-more';
  const base = { AUTH_ISSUER: 'own', AUTH_AUDIENCE: AUDIENCE };

  async function problems(env: Readonly<Record<string, string>>): Promise<string> {
    const service = await startService('sqlite', { env });
    const { errorCode } = await service.call('oauth/exchange', { idToken: 'a.b.c' });
    const text = service.lines.join('');
    await service.close();
    return errorCode === 99 ? text : '';
  }

  test('a shared secret accepts HS256 only, and a configured claim is the name', async () => {
    const env = { ...base, AUTH_JWT_SECRET: SECRET, AUTH_USER_CLAIM: 'uid' };
    const service = await startService('sqlite', { env });
    const code = async (header: Claims, payload: Claims) => {
      const now = { iss: 'own', exp: Math.floor(Date.now() / 1000) + 60, ...payload };
      const idToken = assemble(header, { ...claims(), ...now }, hmacOf(SECRET));
      return (await service.call('oauth/exchange', { idToken })).errorCode;
    };
    expect(await code({ alg: 'HS256' }, { uid: 'u-1' })).toBe(0);
    expect(await code({ alg: 'HS256' }, {})).toBe(210);
    expect(await code({ alg: 'HS512' }, { uid: 'u-1' })).toBe(210);
    expect(await code({ alg: 'none' }, { uid: 'u-1' })).toBe(210);
    // Open registration is off with it.
    const salt = 'f'.repeat(32);
    expect(await service.call('oauth/register', { username: 'u-1', salt })).toMatchObject({ errorCode: 98 });
    await service.close();
  });

  test('an incomplete or unsafe identity provider is reported at the start', async () => {
    const key = pem(newProviderKey('RS256')).replaceAll('\n', '\\n');
    expect(await problems({ AUTH_ISSUER: 'own' })).toContain('AUTH_ISSUER needs AUTH_JWKS_URL or AUTH_JWT_SECRET');
    expect(await problems({ AUTH_JWT_SECRET: SECRET })).toContain('AUTH_AUDIENCE is required with');
    expect(await problems({ ...base, AUTH_JWT_SECRET: 'short' })).toContain('AUTH_JWT_SECRET must be');
    expect(await problems({ ...base, AUTH_JWT_SECRET: key })).toContain('no public key');
    expect(await problems({ ...base, AUTH_JWKS_URL: 'http://login.example.com/jwks' })).toContain(
      'must be an https URL',
    );
    expect(await problems({ ...base, AUTH_JWKS_URL: 'https://x/jwks', AUTH_JWT_SECRET: SECRET })).toContain('exclude');
    const tenant = { apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: 'a'.repeat(64), authIssuer: 'own' };
    expect(await problems({ TENANTS: JSON.stringify([tenant]) })).toContain('TENANTS[0].authIssuer needs');
  });

  test('each tenant has its own', async () => {
    const shop = { apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: 'a'.repeat(64) };
    const identity = { authIssuer: 'own', authAudience: AUDIENCE, authJwtSecret: SECRET };
    const env = { TENANTS: JSON.stringify([{ ...shop, ...identity }]) };
    const service = await startService('sqlite', { env });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const idToken = assemble({ alg: 'HS256' }, { ...claims(), iss: 'own', exp }, hmacOf(SECRET));
    expect(await service.call('oauth/exchange', { idToken })).toMatchObject({ errorCode: 210 });
    const answer = await service.call('oauth/exchange', { idToken, apaasAppId: 'shop' });
    expect(succeeded<SignIn>(answer)).toMatchObject({ apaasAppId: 'shop', userId: expect.stringMatching(/^shop-/) });
    expect(await service.call('oauth/register', { username: 'x', salt: 'f'.repeat(32) })).toMatchObject({
      errorCode: 0,
    });
    await service.close();
  });
});
