/** TOKEN_SECRETS is rotated: who is signed in stays so, and a token of a secret that has been removed is worth nothing. */
import { newPerson } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';

const [FIRST, SECOND, THIRD] = ['first-secret-of-this-test', 'second-secret-of-this-test', 'third-secret-of-this-test'];

onBothDatabases((kind) => {
  const open: Service[] = [];
  afterAll(async () => {
    for (const service of open.reverse()) await service.close();
  });
  async function withSecrets(env: Readonly<Record<string, string>>): Promise<Service> {
    const [first] = open;
    const service = await startService(kind, { env, ...(first && { sameDatabaseAs: first }) });
    open.push(service);
    return service;
  }

  test('people stay signed in, and a new token is signed with the newest secret', async () => {
    const before = await withSecrets({ TOKEN_SECRET: FIRST });
    const alice = await newPerson(before);
    const keepalive = async (service: Service, token: string) =>
      (await service.call('auth_users/user_keepalive', { userId: alice.userId, token })).errorCode;
    const rotated = await withSecrets({ TOKEN_SECRET: '', TOKEN_SECRETS: `${SECOND},${FIRST}` });
    expect(await keepalive(rotated, alice.token)).toBe(0);
    const login = await rotated.call('auth_users/user_login_token', { userId: alice.userId, token: alice.token });
    // The answer of a sign-in.
    const { token } = login.data as { token: string };
    expect([await keepalive(rotated, token), await keepalive(before, token)]).toEqual([0, 204]);

    const removed = await withSecrets({ TOKEN_SECRET: '', TOKEN_SECRETS: `${THIRD},${SECOND}` });
    expect([await keepalive(removed, token), await keepalive(removed, alice.token)]).toEqual([0, 204]);
    const secrets = [FIRST, SECOND, THIRD];
    const lines = open.flatMap((service) => service.lines).join('');
    expect(secrets.filter((secret) => lines.includes(secret))).toEqual([]);
  });
});
