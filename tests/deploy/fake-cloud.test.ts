/** The fake cloud refuses the requests that the real one refuses: otherwise the other tests would prove nothing. */
import { createCloud } from '../../deploy/cloud';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { type FakeCloud, startFakeCloud } from './fake-cloud/fake-cloud';
import { createHarness, createJumpingClock, type Harness } from './harness';

describeWithMysql('the fake cloud', () => {
  let mysql: MysqlServer;
  let cloud: FakeCloud;
  let harness: Harness;
  const clock = createJumpingClock();
  beforeAll(async () => {
    mysql = await startMysqlServer();
    cloud = await startFakeCloud({ mysql, clock });
    harness = createHarness(cloud, clock);
  });
  afterAll(async () => {
    await cloud?.stop();
    await mysql?.stop();
    harness?.remove();
  });
  const client = (keys: Partial<FakeCloud['keys']> = {}) =>
    createCloud({ credential: { ...cloud.keys, ...keys }, region: 'ap-guangzhou', endpoint: cloud.endpoint, clock });
  const zip = () => ({ ZipFile: harness.code('1').zip.toString('base64') });

  it.each([
    ['a wrong secret', { secretKey: 'x' }, 'AuthFailure.SignatureFailure'],
    ['an unknown id', { secretId: 'x' }, 'AuthFailure.SecretIdNotFound'],
  ])('refuses %s', async (_name, keys, code) => {
    await expect(client(keys).sts('GetCallerIdentity', null)).rejects.toThrow(code);
  });

  it('refuses parameters that the SDK does not know, lacks or types otherwise', async () => {
    const { vpc } = client();
    const good = { VpcName: 'x', CidrBlock: '10.0.0.0/16' };
    await expect(vpc('CreateVpc', { ...good, Size: 1 } as never)).rejects.toThrow('UnknownParameter');
    await expect(vpc('CreateVpc', { VpcName: 'x' } as never)).rejects.toThrow('MissingParameter');
    await expect(vpc('CreateVpc', { ...good, VpcName: 1 } as never)).rejects.toThrow('InvalidParameter');
    expect(cloud.vpc.resources()).toEqual([]);
  });

  it.each([
    ['a description with forbidden characters', { Description: 'code: abc' }, 'InvalidParameterValue.Description'],
    ['a memory size that is not sold', { MemorySize: 200 }, 'InvalidParameterValue.MemorySize'],
    ['a reserved variable', { Environment: { Variables: [{ Key: 'SCF_X', Value: '1' }] } }, 'EnvironmentSystemProtect'],
    [
      'more than 4 KB of variables',
      { Environment: { Variables: [{ Key: 'AB', Value: 'x'.repeat(4095) }] } },
      'EnvironmentExceededLimit',
    ],
    [
      'concurrency for an event function',
      { InstanceConcurrencyConfig: { MaxConcurrency: 2 } },
      'InstanceConcurrencyConfig',
    ],
    ['an unknown runtime', { Runtime: 'Nodejs99' }, 'InvalidParameterValue.Runtime'],
  ])('refuses %s', async (_name, wrong, code) => {
    const request = { FunctionName: 'demo', Runtime: 'Nodejs20.19', Code: zip(), ...wrong };
    await expect(client().scf('CreateFunction', request)).rejects.toThrow(code);
  });

  it('refuses a change of a function that is still being made, a second one of its name and a timer on a web function', async () => {
    const { scf } = client();
    await scf('CreateFunction', { FunctionName: 'web', Type: 'HTTP', Runtime: 'Nodejs20.19', Code: zip() });
    await expect(
      scf('CreateFunction', { FunctionName: 'web', Type: 'HTTP', Runtime: 'Nodejs20.19', Code: zip() }),
    ).rejects.toThrow('ResourceInUse.FunctionName');
    // The client repeats the request while the function is busy.
    await scf('UpdateFunctionConfiguration', { FunctionName: 'web', Timeout: 5 });
    expect(cloud.calls.some(({ refused }) => refused === 'FailedOperation.UpdateFunctionConfiguration')).toBe(true);
    const timer = { FunctionName: 'web', TriggerName: 't', Type: 'timer', TriggerDesc: '0 * * * * * *' };
    await expect(scf('CreateTrigger', timer)).rejects.toThrow('InvalidParameterValue.Type');
    await expect(scf('CreateTrigger', { ...timer, TriggerDesc: '* * * * *' })).rejects.toThrow('TriggerDesc');
  });
});
