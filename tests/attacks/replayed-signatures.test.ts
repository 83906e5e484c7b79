/**
 * A user has seen a signed sign-in of Alice, with its ts, and sends it again: from elsewhere, after her sign-out, or read with
 * its parts cut otherwise. A signature with ts signs in once.
 */
import { randomBytes } from 'node:crypto';
import md5 from 'md5';
import { freshName, newPerson, type SignIn, sign, succeeded } from '../../testkit/people';
import { jsonAsk, onBothDatabases, type Service, startService } from '../../testkit/service';
import { type Envelope, envelopeOf, overHttp } from '../../testkit/ways';

const HOME = '198.51.100.7';
const ELSEWHERE = '203.0.113.66';
const USED = 'SystemVerifyError(98): this signature has been used, please sign in again';
const TAG_SECRET = 'a-long-secret-of-a-backend';
const TENANTS = JSON.stringify([
  { apaasAppId: 'strict', sdkAppId: 1_400_000_002, secret: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', requireTs: true },
]);

onBothDatabases((kind) => {
  let service: Service;
  beforeAll(async () => {
    const env = {
      TRUSTED_PROXIES: '1',
      SESSIONS_PER_USER: '2',
      OAUTH_TAG_SECRETS: JSON.stringify({ backend: TAG_SECRET }),
      OAUTH_REGISTER: 'true',
      TENANTS,
    };
    service = await startService(kind, { env });
    service.clock.freeze(Date.UTC(2026, 10, 23, 12));
  });
  afterAll(() => service.close());

  async function from(address: string, endpoint: string, params: object): Promise<Envelope> {
    const ask = jsonAsk(endpoint, { ...params });
    return envelopeOf(await overHttp(service, { ...ask, headers: { ...ask.headers, 'x-forwarded-for': address } }));
  }
  type Account = { username: string; salt: string };
  function signed({ username, salt }: Account, more: { ts?: number; tag?: string; nonce?: string } = {}) {
    const { tag = '', nonce = randomBytes(4).toString('hex') } = more;
    const parts = { username, tag, ts: String(more.ts ?? service.clock.now()), nonce };
    return { ...parts, signature: sign({ ...parts, secret: salt }) };
  }
  const signIn = (address: string, request: object) => from(address, 'oauth/signature', request);
  const alive = async ({ userId, token }: SignIn) =>
    (await from(HOME, 'auth_users/user_keepalive', { userId, token })).errorCode === 0;
  const signOut = ({ userId, token }: SignIn) => from(HOME, 'auth_users/user_logout', { userId, token });
  const sessionOf = ({ token }: SignIn) => JSON.parse(atob(token.split('.')[1] ?? '')).s as string;

  test('a repeat within seconds from the same address gets the same session, from elsewhere or later none', async () => {
    const request = signed(await newPerson(service));
    const first = succeeded<SignIn>(await signIn(HOME, request));
    service.clock.advance(8_000);
    const again = succeeded<SignIn>(await signIn(HOME, request));
    expect([again.userId, sessionOf(again)]).toEqual([first.userId, sessionOf(first)]);
    expect((await signIn(ELSEWHERE, request)).errorMessage).toBe(USED);
    service.clock.advance(60_000);
    expect((await signIn(HOME, request)).errorMessage).toBe(USED);
    expect(await alive(first)).toBe(true);
  });

  test('twenty concurrent copies of a request are one session', async () => {
    const request = signed(await newPerson(service));
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(HOME, request)));
    expect(new Set(answers.map((answer) => sessionOf(succeeded<SignIn>(answer)))).size).toBe(1);
    const thief = signed(await newPerson(service));
    const raced = await Promise.all([HOME, ELSEWHERE, HOME, ELSEWHERE].map((address) => signIn(address, thief)));
    const winners = raced.filter(({ errorCode }) => errorCode === 0);
    expect(winners).toHaveLength(2);
    expect(raced.filter(({ errorMessage }) => errorMessage === USED)).toHaveLength(2);
  });

  test('people who sign in next to a repeated request are not held up by it', async () => {
    const replayed = signed(await newPerson(service));
    succeeded(await signIn(HOME, replayed));
    const others = await Promise.all(Array.from({ length: 5 }, () => newPerson(service)));
    const requests = others.flatMap((person) => [signIn(HOME, signed(person)), signIn(ELSEWHERE, replayed)]);
    const codes = (await Promise.all(requests)).map(({ errorCode }) => errorCode);
    expect(codes).toEqual(others.flatMap(() => [0, 98]));
  });

  test('after the sign-out neither it nor an older one signs in; a newer one does', async () => {
    const alice = await newPerson(service);
    const older = signed(alice);
    service.clock.advance(1_000);
    const request = signed(alice);
    const first = succeeded<SignIn>(await signIn(HOME, request));
    service.clock.advance(1_000);
    await signOut(first);
    expect((await signIn(HOME, request)).errorMessage).toBe(USED);
    expect((await signIn(ELSEWHERE, request)).errorMessage).toBe(USED);
    expect((await signIn(ELSEWHERE, older)).errorMessage).toBe(USED);
    expect(await alive(first)).toBe(false);
    expect((await signIn(HOME, signed(alice))).errorCode).toBe(0);
  });

  test('phones whose clocks are wrong sign out and in again', async () => {
    const alice = await newPerson(service);
    const phone = async (offMs: number) =>
      succeeded<SignIn>(await signIn(HOME, signed(alice, { ts: service.clock.now() + offMs })));
    for (const offMs of [0, 7_200_000, 0, -3_600_000]) {
      await signOut(await phone(offMs));
      service.clock.advance(3_600_000 + 61_000);
    }
    const [fast, slow] = [await phone(7_200_000), await phone(-3_600_000)];
    await signOut(slow);
    await signOut(fast);
    service.clock.advance(61_000);
    expect(await alive(await phone(0))).toBe(true);
  });

  test('the session that SESSIONS_PER_USER ended does not come back with its signature', async () => {
    const alice = await newPerson(service);
    const request = signed(alice);
    const first = succeeded<SignIn>(await signIn(HOME, request));
    for (let turn = 0; turn < 4; turn += 1) {
      service.clock.advance(1_000);
      succeeded(await signIn(HOME, signed(alice)));
    }
    expect(await alive(first)).toBe(false);
    expect((await signIn(ELSEWHERE, request)).errorMessage).toBe(USED);
  });

  test('a signature of a customer’s backend signs in once', async () => {
    const request = signed({ username: freshName(), salt: TAG_SECRET }, { tag: 'backend' });
    succeeded(await signIn(HOME, request));
    expect((await signIn(ELSEWHERE, request)).errorMessage).toBe(USED);
  });

  test('the ts of a signed text is not read as a part of its tag', async () => {
    const alice = await newPerson(service);
    for (const nonce of ['-b64', 'b--64', '-']) {
      service.clock.advance(1_000);
      const request = signed(alice, { nonce, tag: 'im' });
      succeeded(await signIn(HOME, request));
      // im-TS-‹nonce› read as a tag, no ts and the rest: the same text, the same signature.
      const [tag = '', ...rest] = `im-${request.ts}-${nonce}`.split('--');
      const cut = { username: alice.username, tag, nonce: rest.join('--'), signature: request.signature };
      expect(sign({ ...cut, secret: alice.salt })).toBe(request.signature);
      expect((await signIn(ELSEWHERE, cut)).errorCode).toBe(210);
    }
  });

  test('without ts a signature signs in like a password, unless the tenant requires ts', async () => {
    const alice = await newPerson(service);
    const request = { username: alice.username, signature: sign({ username: alice.username, secret: alice.salt }) };
    expect((await signIn(HOME, request)).errorCode).toBe(0);
    expect((await signIn(ELSEWHERE, request)).errorCode).toBe(0);
    const strict = { username: freshName(), salt: md5('strict'), apaasAppId: 'strict' };
    succeeded(await from(HOME, 'oauth/register', strict));
    const { username, salt, apaasAppId } = strict;
    const bare = { username, apaasAppId, signature: sign({ username, secret: salt }) };
    expect((await signIn(HOME, bare)).errorMessage).toBe('UserOAuthParams(210): ts is required');
    expect((await signIn(HOME, { ...signed(strict), apaasAppId })).errorCode).toBe(0);
  });
});
