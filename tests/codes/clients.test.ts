/** The flow of every shipped client, from gslb to the next start of the app, request by request as it sends them. */
import { startCodeService } from '../../testkit/codes';
import { type FakeCodesVendor, startFakeCodesVendor, vendorEnv } from '../../testkit/fake-codes-vendor';
import { onBothDatabases, type Service } from '../../testkit/service';
import { type Ask, type Envelope, envelopeOf, overHttp } from '../../testkit/ways';
import { CLIENTS, type Client, type Given, type Sending } from './support/clients';

/** Everything that a client asks is below a stage here, as their addresses are. */
const BASE = '/prod/base/v1/';

async function send(service: Service, path: string, { method, as, params }: Sending, given: Given): Promise<Envelope> {
  const values = params(given);
  const pairs = Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]);
  const ask: Ask & { rawUrl?: string } = { method, path: `${BASE}${path}` };
  if (as === 'query') ask.query = pairs;
  if (as === 'raw-query') ask.rawUrl = `${ask.path}?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`;
  if (as === 'json') {
    ask.body = JSON.stringify(values);
    ask.headers = { 'content-type': 'application/json' };
  }
  const answer = await overHttp(service, ask);
  expect(answer.status).toBe(200);
  return envelopeOf(answer);
}

onBothDatabases((kind) => {
  let vendor: FakeCodesVendor;
  let checked: Service;
  let open: Service;
  beforeAll(async () => {
    vendor = await startFakeCodesVendor();
    checked = await startCodeService(kind, { env: vendorEnv(vendor) });
    open = await startCodeService(kind, { env: { ...vendorEnv(vendor), CAPTCHA: 'off' }, sameDatabaseAs: checked });
  });
  afterAll(async () => {
    await open.close();
    await checked.close();
    await vendor.stop();
  });

  function givenTo(client: Client, index: number): { given: Given; address: string } {
    const bare = `138${kind === 'mysql' ? 1 : 2}00000${String(index).padStart(2, '0')}`;
    const email = `client-${index}@example.com`;
    const ticket = client.fixedCaptcha ? 'of-a-captcha-of-the-vendor' : `good-${kind}-${index}-${Math.random()}`;
    const given = { phone: client.phone(bare), email, ticket, sessionId: '', code: '' };
    return { given, address: client.usesMail ? email : `+86${bare}` };
  }

  it.each(CLIENTS.map((client, index) => [client.name, client, index] as const))('%s', async (_name, client, index) => {
    const service = client.fixedCaptcha ? open : checked;
    const { given, address } = givenTo(client, index);
    if (client.gslb !== 'never') {
      const { errorCode, data } = envelopeOf(await overHttp(service, { method: client.gslb, path: `${BASE}gslb` }));
      expect({ errorCode, data }).toMatchObject({
        errorCode: 0,
        data: { captcha_web_appid: 190_000_001, captcha_wxmini_appid: 190_000_002 },
      });
      expect((data as { service: string }).service).toMatch(/^https?:\/\/[^/]+$/);
    }
    const sent = await send(service, 'auth_users/user_verify_by_picture', client.send, given);
    expect(sent).toMatchObject({ errorCode: 0, data: { sessionId: expect.stringMatching(/^[\w-]{22}$/) } });
    const { sessionId } = sent.data as { sessionId: string };
    const code = vendor.codeFor(address);

    const wrong = { ...given, sessionId, code: code === '000000' ? '000001' : '000000' };
    const refused = await send(service, 'auth_users/user_login_code', client.login, wrong);
    expect([refused.errorCode, Object.hasOwn(refused, 'data')]).toEqual([200, false]);

    const signedIn = await send(service, 'auth_users/user_login_code', client.login, { ...given, sessionId, code });
    expect(signedIn.errorCode).toBe(0);
    const data = signedIn.data as Record<string, unknown>;
    for (const name of client.needs) expect([name, data[name]]).toEqual([name, expect.anything()]);
    expect(Object.values(data)).not.toContain(null);
    expect(data['sdkAppId']).toBe(1_400_000_001);
    expect(data['userSig']).toBe(data['sdkUserSig']);
    expect(client.usesMail ? data['email'] : data['phone']).toBe(address);
    for (const name of ['isHighRiskUser', 'isHighRiskIp']) expect(data).not.toHaveProperty(name);

    // What comes next: a name if there is none, and the token at the next start.
    const caller = { userId: data['userId'], token: data['token'] };
    expect((await service.call('auth_users/user_update', { ...caller, name: client.name, tag: 'im' })).errorCode).toBe(
      0,
    );
    expect((await service.call('auth_users/user_login_token', caller)).data).toMatchObject({ name: client.name });
  });

  it('a client whose captcha is built in gets nothing if the check is required', async () => {
    for (const [index, client] of CLIENTS.entries()) {
      if (!client.fixedCaptcha) continue;
      const answer = await send(
        checked,
        'auth_users/user_verify_by_picture',
        client.send,
        givenTo(client, index + 50).given,
      );
      expect([client.name, answer.errorCode]).toEqual([client.name, 98]);
    }
  });
});
