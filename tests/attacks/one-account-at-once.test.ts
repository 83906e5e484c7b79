/** Hundreds of concurrent calls of one account: each is done or refused by a limit, and the limit holds. */
import { computed, raw, read, sql } from '../../src/data/engine/sql';
import { AUDIENCE, assemble, hmacOf } from '../../testkit/fake-identity';
import { freshName, newPerson } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';

const CALLS = 300;
const SESSIONS = 20;
const SECRET = 'a-secret-of-the-identity-provider-0001';
const ISSUER = 'https://login.example.com';

onBothDatabases((kind) => {
  let service: Service;
  beforeAll(async () => {
    const env = {
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_JWT_SECRET: SECRET,
      OAUTH_REGISTER: 'true',
      SESSIONS_PER_USER: `${SESSIONS}`,
    };
    service = await startService(kind, { env });
  });
  afterAll(() => service.close());

  /** How often each code came, with all calls begun in one turn. */
  async function atOnce(path: string, params: (n: number) => object) {
    const codes: Record<number, number> = {};
    const calls = Array.from({ length: CALLS }, (_, n) =>
      service.call(path, { ...params(n) }, 'function-url-observed'),
    );
    for (const { errorCode } of await Promise.all(calls)) codes[errorCode] = (codes[errorCode] ?? 0) + 1;
    return codes;
  }

  test('sign-ins with tokens of an identity provider leave twenty sessions', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: freshName(), iat: seconds, exp: seconds + 300 };
    const idToken = assemble({ alg: 'HS256', typ: 'JWT' }, claims, hmacOf(SECRET));
    const codes = await atOnce('oauth/exchange', (n) => ({ idToken, nickname: `name ${n}` }));
    const sessions = computed<{ n: number }>({ n: raw('COUNT(*)') });
    const [left] = await service.services.database
      .forRequest()
      .query(read('tests.sessions', sessions, sql`SELECT ${sessions} FROM sessions`));
    expect(Object.keys(codes).filter((code) => code !== '0' && code !== '209')).toEqual([]);
    expect(left?.n).toBeLessThanOrEqual(SESSIONS);
  });

  test('sign-outs of one session', async () => {
    const { userId, token } = await newPerson(service);
    const codes = await atOnce('auth_users/user_logout', () => ({ userId, token }));
    expect(codes).toEqual({ 0: CALLS });
  });
});
