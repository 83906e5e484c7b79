/** Nothing secret is ever written: every log line and every error text of a busy service is searched. */
import md5 from 'md5';
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { goLive, newPeople, type Person, type SignIn, sign, signInAgain } from '../../testkit/people';
import { APP_ID, APP_SECRET, onBothDatabases, type Service, startService } from '../../testkit/service';
import { overHttp } from '../../testkit/ways';
import { ENDPOINT_CASES } from './support/cases';

const TAG_SECRET = 'a-fixed-secret-that-must-stay-hidden';
const TOKEN_SECRET = 'a-token-secret-that-must-stay-hidden';
const TENANT_SECRET = 'a-tenant-secret-that-must-stay-hidden';

onBothDatabases((kind) => {
  let im: FakeIm;
  let service: Service;
  const answers: string[] = [];
  const secrets = new Set<string>();

  beforeAll(async () => {
    im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET });
    const TENANTS = JSON.stringify([{ apaasAppId: 'acme', sdkAppId: 1_400_000_077, secret: TENANT_SECRET }]);
    const OAUTH_TAG_SECRETS = JSON.stringify({ vip: TAG_SECRET });
    service = await startService(kind, {
      env: { TIM_ENDPOINT: im.url, TOKEN_SECRET, TENANTS, OAUTH_TAG_SECRETS, OAUTH_REGISTER: 'true' },
    });
    for (const secret of [APP_SECRET, TAG_SECRET, TOKEN_SECRET, TENANT_SECRET]) secrets.add(secret);
    if (service.env['MYSQL_PASSWORD']) secrets.add(service.env['MYSQL_PASSWORD']);
  });

  afterAll(async () => {
    await service.close();
    await im.stop();
  });

  const know = (person: Person) => {
    const { token, userSig } = person.signIn;
    for (const secret of [token, token.split('.')[2] ?? '', userSig, person.salt]) secrets.add(secret);
    secrets.add(sign({ username: person.username, secret: person.salt }));
  };

  async function note(call: Promise<{ errorCode: number; errorMessage: string }>): Promise<void> {
    const { errorCode, errorMessage } = await call;
    if (errorCode !== 0) answers.push(errorMessage);
  }

  async function everythingThatCanHappen(): Promise<void> {
    const [alice, bob] = (await newPeople(service, 2)) as [Person, Person];
    for (const person of [alice, bob, await signInAgain(service, alice, { nickname: 'A' })]) know(person);
    const renewed = await alice.must<SignIn>('auth_users/user_login_token');
    secrets.add(renewed.token).add(renewed.userSig);
    await goLive(alice);
    for (const { endpoint, good } of ENDPOINT_CASES.filter((cases) => !/logout|delete/.test(cases.endpoint))) {
      await note(alice.call(endpoint, good));
      // A secret in every place in which a client may put it by mistake.
      for (const token of [`${bob.token}x`, [bob.token], { token: bob.token }])
        await note(alice.call(endpoint, { ...good, token }));
      for (const name of [
        ...Object.keys(good),
        'userId',
        'apaasUserId',
        'username',
        'roomId',
        'appId',
        'name',
        'limit',
      ]) {
        await note(alice.call(endpoint, { ...good, [name]: bob.token }));
        await note(alice.call(endpoint, { ...good, [name]: bob.salt }));
      }
      await overHttp(service, {
        path: `/base/v1/${endpoint}/${bob.token}`,
        query: [
          ['token', bob.token],
          ['salt', bob.salt],
        ],
      });
      await overHttp(service, {
        method: 'POST',
        path: `/base/v1/${endpoint}`,
        headers: { 'x-request-id': bob.salt.slice(0, 10) },
        body: `{"token":"${bob.token}"`,
      });
      await overHttp(service, {
        method: 'POST',
        path: `/base/v1/${endpoint}`,
        headers: { authorization: bob.token, cookie: bob.token },
      });
    }
    const wrong = md5('a wrong password');
    secrets.add(wrong);
    await note(service.call('oauth/signature', { username: alice.username, signature: wrong }));
    await note(service.call('oauth/register', { username: alice.username, salt: wrong }));
    for (const failure of [{ reset: true }, { garbage: true }, { errorCode: 10_004 }, { errorCode: 70_009 }] as const) {
      im.fail(failure);
      await note(bob.call('rooms/enter_room', { roomId: bob.userId, role: 'anchor' }));
      await note(
        bob.call('oauth/signature', {
          username: bob.username,
          signature: sign({ username: bob.username, secret: bob.salt }),
          nickname: 'B',
        }),
      );
      im.clear();
    }
    await note(alice.call('auth_users/user_delete'));
    await note(bob.call('auth_users/user_logout'));
    const broken = await startService(kind, {
      env: kind === 'mysql' ? { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '1' } : { SQLITE_PATH: '/dev/null/x' },
    });
    await note(broken.call('oauth/register', { username: 'x', salt: wrong }));
    const invalid = await startService(kind, {
      env: { TRTC_TIM_SECRET: 'bad secret bad secret', TENANTS: '[{"secret":"leak-me-please-leak"}]' },
    });
    secrets.add('bad secret bad secret').add('leak-me-please-leak');
    await note(invalid.call('oauth/register', { username: 'x', salt: wrong }));
    answers.push(...broken.lines, ...invalid.lines);
    await broken.close();
    await invalid.close();
  }

  test('no token, signature, salt, UserSig, secret or password is in any log line or error text', async () => {
    await everythingThatCanHappen();
    const texts = [...service.lines, ...answers];
    expect(service.lines.length).toBeGreaterThan(200);
    expect(answers.length).toBeGreaterThan(50);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThanOrEqual(12);
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  test('every request has one line of JSON for the operator', () => {
    const lines = service.lines.map((line) => JSON.parse(line));
    const requests = lines.filter((line) => 'endpoint' in line);
    for (const line of requests) {
      expect(line).toEqual({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        requestId: expect.any(String),
        method: expect.stringMatching(/^[A-Z]{3,7}$/),
        endpoint: expect.any(String),
        tenant: expect.any(String),
        userId: expect.any(String),
        status: expect.any(Number),
        errorCode: expect.any(Number),
        ...(line.errorCode !== 0 && { reason: expect.stringMatching(/^[^\n]{5,200}$/) }),
        ...(line.errorCode === 103 && line.statement !== undefined && { statement: expect.any(String) }),
        ms: expect.any(Number),
        dbMs: expect.any(Number),
        queries: expect.any(Number),
      });
    }
    const ids = requests.map(({ requestId }) => requestId).filter((id) => /^[0-9a-f-]{36}$/.test(id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const line of service.lines) expect(line.endsWith('}\n')).toBe(true);
  });
});
