/** Calls that some apps make next to the others: several profiles, what is switched off, where a cover is uploaded. */
import { type FakeCodesVendor, startFakeCodesVendor, uploadEnv } from '../../testkit/fake-codes-vendor';
import { newPeople, newPerson } from '../../testkit/people';
import { onBothDatabases, type Service, startService, useService } from '../../testkit/service';

onBothDatabases((kind) => {
  const service = useService(kind, {
    env: { TENANTS: JSON.stringify([{ apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: 'b'.repeat(48) }]) },
  });

  it('gives several profiles in the order asked for, as the app sends it: a form with | between the ids', async () => {
    const [alice, bob] = await newPeople(service(), 2);
    if (!alice || !bob) throw new Error('two people');
    await bob.must('auth_users/user_update', { name: 'Bob' });
    const stranger = await newPerson(service(), { extra: { apaasAppId: 'shop' } });
    const form = new URLSearchParams({
      userId: `${bob.userId}|99999999|${alice.userId}|${bob.userId}|${stranger.userId}`,
      token: alice.token,
    });
    const answer = await service().ask('http', {
      method: 'POST',
      path: '/base/v1/auth_users/getUserInfoBatch',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    expect(answer).toMatchObject({
      errorCode: 0,
      data: [
        { userId: bob.userId, apaasUserId: bob.userId, name: 'Bob' },
        { userId: alice.userId, apaasUserId: alice.userId, name: '' },
      ],
    });
    expect(Object.keys((answer.data as object[])[0] ?? {}).sort()).toEqual(['apaasUserId', 'avatar', 'name', 'userId']);
  });

  it('asks who is asking: a bad token is 204, and more than fifty in one call 208', async () => {
    const person = await newPerson(service());
    const ask = (userId: string, token: string) => service().call('auth_users/getUserInfoBatch', { userId, token });
    expect((await ask('1', 'x')).errorCode).toBe(204);
    const ids = Array.from({ length: 51 }, (_, index) => index + 1).join('|');
    expect((await ask(ids, person.token)).errorCode).toBe(208);
    await person.must('auth_users/user_logout');
    expect((await ask('1', person.token)).errorCode).toBe(204);
  });
});

it('nothing is switched off by any parameter', async () => {
  const service = await startService('sqlite');
  for (const body of ['{"userId":"1"}', '', '[1]']) {
    const ask = { method: 'POST', path: '/base/v1/auth_users/module_blacklist', body };
    expect(await service.ask('http', ask)).toMatchObject({ errorCode: 0, data: { module: {}, feature: {} } });
  }
  await service.close();
});

describe('where a cover is uploaded', () => {
  let vendor: FakeCodesVendor;
  let service: Service;
  beforeAll(async () => {
    vendor = await startFakeCodesVendor();
    service = await startService('sqlite', { env: uploadEnv(vendor) });
  });
  afterAll(async () => {
    await service.close();
    await vendor.stop();
  });

  interface CosConfig {
    bucket: string;
    region: string;
    filename: string;
    preview: string;
    credential: { startTime: number; expiredTime: number; credentials: Record<string, string> };
  }

  it('is one object of the caller, for minutes, and up to a size', async () => {
    const alice = await newPerson(service);
    const first = await alice.must<CosConfig>('cos/config', { category: 'avatar' });
    const second = await alice.must<CosConfig>('cos/config', { category: 'cover' });
    expect(first).toMatchObject({ bucket: 'covers-1250000000', region: 'ap-shanghai' });
    expect(first.filename).toMatch(new RegExp(`^live-room/${alice.userId}/[0-9a-f]{24}$`));
    expect(first.filename).not.toBe(second.filename);
    expect(first.preview).toBe(`https://covers-1250000000.cos.ap-shanghai.myqcloud.com/${first.filename}.jpg`);
    const { startTime, expiredTime, credentials } = first.credential;
    expect(expiredTime - startTime).toBeLessThanOrEqual(900 + 120);
    expect(Object.keys(credentials).sort()).toEqual(['sessionToken', 'tmpSecretId', 'tmpSecretKey']);
    const asked = vendor.calls.find(({ action }) => action === 'GetFederationToken');
    const policy = JSON.parse(decodeURIComponent(String(asked?.body['Policy'])));
    expect(policy.statement).toEqual([
      {
        effect: 'allow',
        action: ['name/cos:PostObject', 'name/cos:PutObject'],
        resource: [`qcs::cos:ap-shanghai:uid/1250000000:covers-1250000000/${first.filename}.jpg`],
        condition: { numeric_less_than_equal: { 'cos:content-length': 5_242_880 } },
      },
    ]);
    expect(asked?.body['DurationSeconds']).toBe(900);
    expect(service.lines.join('')).not.toMatch(/temporary-(token|key)/);
  });

  it('is nowhere without a bucket, and nowhere for a user who is not signed in', async () => {
    const without = await startService('sqlite');
    const person = await newPerson(without);
    expect((await person.call('cos/config', { category: 'avatar' })).errorCode).toBe(98);
    await without.close();
    expect((await service.call('cos/config', { category: 'avatar' })).errorCode).toBe(204);
  });
});
