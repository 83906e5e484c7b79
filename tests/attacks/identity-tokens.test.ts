/** Attacks on oauth/exchange: tokens that the identity provider never signed for us. */
import { generateKeyPairSync } from 'node:crypto';
import {
  AUDIENCE,
  assemble,
  type Claims,
  hmacOf,
  jwkOf,
  type ProviderKey,
  signerOf,
  startFakeIdentity,
  tokenOf,
} from '../../testkit/fake-identity';
import { lived } from '../../testkit/lived';
import { newPerson, personOf, type SignIn, sign, succeeded } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { WAYS } from '../../testkit/ways';
import { claims, codeOf, end, exchange, newScene, pem, type Scene, SECONDS } from './support/identity';

onBothDatabases((kind) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await newScene(kind, { OAUTH_REGISTER: 'true' });
  });
  afterAll(() => end(scene));

  test('a token of each algorithm signs in through every way in; the claim is the user name', async () => {
    const ids = new Set<string>();
    for (const key of [scene.rsa, scene.ec, scene.ed]) {
      for (const way of WAYS) {
        const params = { idToken: tokenOf(key, claims()), nickname: 'Alice', avatar: 'https://example.com/a.png' };
        const signIn = succeeded<SignIn>(await scene.service.call('oauth/exchange', params, way));
        expect(signIn).toMatchObject({ name: 'Alice', avatar: params.avatar, sdkUserSig: expect.any(String) });
        const person = personOf(scene.service, { username: 'alice', salt: '' }, signIn);
        await person.must('auth_users/user_keepalive');
        ids.add(signIn.userId);
      }
    }
    expect(ids.size).toBe(1);
  });

  test('an earlier registration of the name loses salt and sessions', async () => {
    const squatter = await newPerson(scene.service, { username: 'bob' });
    const bob = succeeded<SignIn>(await exchange(scene, tokenOf(scene.rsa, claims({ sub: 'bob' }))));
    expect(bob.userId).toBe(squatter.userId);
    expect(await squatter.call('auth_users/user_query')).toMatchObject({ errorCode: 204 });
    const signature = sign({ username: 'bob', secret: squatter.salt });
    expect(await scene.service.call('oauth/signature', { username: 'bob', signature })).toMatchObject({
      errorCode: 98,
    });
    await personOf(scene.service, squatter, bob).must('auth_users/user_query');
  });

  test('twenty first sign-ins at the same time make one account', async () => {
    const idToken = tokenOf(scene.ec, claims({ sub: `crowd-${kind}` }));
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(scene, idToken)));
    expect(new Set(answers.map((answer) => succeeded<SignIn>(answer).userId)).size).toBe(1);
  });

  test('iss, aud, exp and nbf are checked with 60 seconds of tolerance', async () => {
    const code = (extra: Claims) => codeOf(scene, tokenOf(scene.rsa, claims(extra)));
    expect(await code({ exp: SECONDS - 60 })).toBe(0);
    expect(await code({ exp: SECONDS - 61 })).toBe(203);
    expect(await code({ nbf: SECONDS + 60 })).toBe(0);
    expect(await code({ nbf: SECONDS + 61 })).toBe(210);
    expect(await code({ aud: ['another', AUDIENCE] })).toBe(0);
    const wrong: Claims[] = [
      { iss: 'https://login.example.com.evil.example' },
      { iss: 'https://login.example.com/' },
      { iss: undefined },
      { iss: ['https://login.example.com'] },
      { aud: 'another' },
      { aud: [] },
      { aud: undefined },
      { aud: { [AUDIENCE]: true } },
      { exp: undefined },
      { exp: String(SECONDS + 300) },
      { exp: null },
      { exp: true },
      { exp: [SECONDS + 300] },
      { nbf: String(SECONDS) },
      // Tokens with other faults are not called expired.
      { exp: SECONDS - 999, aud: 'another' },
      { exp: SECONDS - 999, iss: 'another' },
    ];
    for (const extra of wrong) expect([extra, await code(extra)]).toEqual([extra, 210]);
    const endless = assemble(
      { alg: 'RS256', kid: scene.rsa.kid },
      JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999'),
      signerOf(scene.rsa),
    );
    expect(await codeOf(scene, endless)).toBe(210);
  });

  test('a claim that is no user name signs in no user', async () => {
    const names = [
      '',
      ' '.repeat(300),
      'a\u0000b',
      'a\u202eb',
      'x'.repeat(256),
      null,
      true,
      {},
      ['alice'],
      1.5,
      undefined,
    ];
    for (const sub of names) {
      expect([sub, await codeOf(scene, tokenOf(scene.rsa, claims({ sub })))]).toEqual([sub, 210]);
    }
    expect(await codeOf(scene, tokenOf(scene.rsa, claims({ sub: 4_711 })))).toBe(0);
  });

  test('no algorithm but that of the key is taken', async () => {
    const { rsa, ec, ed } = scene;
    const none = () => Buffer.alloc(0);
    const forged = [
      ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) => assemble({ alg }, claims(), none)),
      ...['none', 'HS256'].map((alg) => assemble({ alg, kid: rsa.kid }, claims(), none)),
      // The public key as if it were a shared secret, in every spelling.
      ...[rsa, ec, ed].flatMap((key) =>
        [
          pem(key),
          pem(key).trim(),
          Buffer.from(String(key.publicKey.export({ format: 'jwk' })['x'] ?? ''), 'base64url'),
        ].map((secret) => assemble({ alg: 'HS256', kid: key.kid }, claims(), hmacOf(secret))),
      ),
      assemble({ alg: 'HS256', kid: rsa.kid }, claims(), hmacOf('')),
      // One key under another key's name or algorithm.
      tokenOf({ ...ec, kid: rsa.kid }, claims()),
      tokenOf(rsa, claims(), { alg: 'PS256' }),
      tokenOf(rsa, claims(), { alg: 'RS512' }),
      tokenOf(rsa, claims(), { alg: ['RS256'] }),
      tokenOf(rsa, claims(), { alg: 'ES256' }),
      // A signature of zeros (CVE-2022-21449), and a truncated one.
      assemble({ alg: 'ES256', kid: ec.kid }, claims(), () => Buffer.alloc(64)),
      tokenOf(rsa, claims()).split('.').slice(0, 2).join('.').concat('.'),
      // Unknown critical extensions.
      tokenOf(rsa, claims(), { crit: ['b64'], b64: false }),
      tokenOf(rsa, claims(), { crit: ['exp'] }),
    ];
    for (const token of forged)
      expect([token.slice(0, 60), await codeOf(scene, token)]).toEqual([token.slice(0, 60), 210]);
  });

  test('the key is never taken from the token', async () => {
    const mine = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const attacker: ProviderKey = { kid: scene.rsa.kid, algorithm: 'RS256', ...mine };
    const own = await startFakeIdentity({ ...attacker, kid: 'mine' });
    const headers: Claims[] = [
      {},
      { jwk: jwkOf(attacker) },
      { jku: own.jwksUrl, kid: 'mine' },
      { x5u: own.jwksUrl },
      { x5c: [mine.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      ...[
        '../../../dev/null',
        '/dev/null',
        "x' UNION SELECT 'y",
        'file:///etc/passwd',
        own.jwksUrl,
        '__proto__',
        '',
      ].map((kid) => ({ kid })),
      ...[{ kid: 'x' }, ['x'], 7, null, true].map((kid) => ({ kid })),
    ];
    for (const header of headers) {
      expect([header, await codeOf(scene, tokenOf(attacker, claims(), header))]).toEqual([header, 210]);
    }
    expect(own.reads()).toBe(0);
    await own.stop();
  });

  test('damaged tokens are refused, and their texts reach no log', async () => {
    const good = tokenOf(scene.rsa, claims({ sub: 'a-name-that-is-nowhere-else' }));
    const [header = '', payload = '', signature = ''] = good.split('.');
    const damaged = [
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.${signature}`,
      `.${payload}.${signature}`,
      `${header}..${signature}`,
      `${header}.${Buffer.from(JSON.stringify(claims({ sub: 'root' }))).toString('base64url')}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload}.${signature}=`,
      assemble('[]', claims(), signerOf(scene.rsa)),
      assemble({ alg: 'RS256', kid: scene.rsa.kid }, '"text"', signerOf(scene.rsa)),
      assemble({ alg: 'RS256', kid: scene.rsa.kid }, '['.repeat(5_000), signerOf(scene.rsa)),
      '...',
      'x',
    ];
    for (const token of damaged) expect(await codeOf(scene, token)).toBe(210);
    const written = scene.service.lines.join('');
    for (const text of [header, payload, signature]) expect(written).not.toContain(text);
  });

  test('a token of a megabyte is refused before it is parsed', async () => {
    const long = tokenOf(scene.rsa, claims({ groups: 'x'.repeat(1_048_576) }));
    const { result, ms } = await lived(codeOf(scene, long));
    expect(result).toBe(210);
    expect(ms).toBeLessThan(2_000);
    expect(await codeOf(scene, tokenOf(scene.rsa, claims({ groups: 'x'.repeat(16_000) })))).toBe(210);
    expect(await codeOf(scene, tokenOf(scene.rsa, claims({ groups: 'x'.repeat(8_000) })))).toBe(0);
  });

  test('500 unknown key ids ask the provider once in 30 seconds', async () => {
    scene.service.clock.advance(31_000);
    const before = scene.provider.reads();
    for (let round = 0; round < 5; round += 1) {
      const tokens = Array.from({ length: 100 }, (_, n) =>
        assemble({ alg: 'RS256', kid: `k-${round}-${n}` }, claims(), hmacOf('x')),
      );
      const codes = await Promise.all(tokens.map((token) => codeOf(scene, token)));
      expect(new Set(codes)).toEqual(new Set([210]));
    }
    expect(scene.provider.reads() - before).toBe(1);
    expect(await codeOf(scene, tokenOf(scene.rsa, claims()))).toBe(0);
  });
});
