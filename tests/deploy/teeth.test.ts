/** Behaviour of real accounts that a friendly fake would not have: one situation at a time. */
import { info } from '../../deploy/info';
import { preflight } from '../../deploy/preflight';
import { remove } from '../../deploy/remove';
import { readSettings } from '../../deploy/settings';
import { describeWithMysql } from '../../testkit/mysql-server';
import { event, useScene } from './scene';

const roleHint = /CallRoleFailed[\s\S]*QcloudAccessForScfRole/;

describeWithMysql('an account', () => {
  const scene = useScene();
  const world = () => scene.cloud.world;
  const live = () => scene.cloud.scf.function('demo-dev')?.aliases.get('$DEFAULT')?.version;

  it('that throttles at 20 calls a second is waited for', async () => {
    const calls = Array.from({ length: 30 }, () => scene.context.cloud.sts('GetCallerIdentity', null));
    await Promise.all(calls);
    expect(scene.callsOf('sts:GetCallerIdentity').some(({ refused }) => refused === 'RequestLimitExceeded')).toBe(true);
  });

  it('that shows functions and versions late is waited for', async () => {
    world().visibleTakes = 6;
    await scene.go();
    await scene.go('2');
    expect(scene.said()).toContain('"version":"2"');
    expect(scene.callsOf('scf:CreateFunction')).toHaveLength(1);
  });

  it('that shows the function of an interrupted deploy late gets one function, as planned', async () => {
    const code = scene.harness.code('1');
    const { cloud } = scene.context;
    const Description = 'Deployed with sls, demo dev, code 0123456789abcdef.';
    const request = { FunctionName: 'demo-dev', Runtime: 'Nodejs20.19', Description, Type: 'Event', MemorySize: 128 };
    world().visibleTakes = 6;
    await cloud.scf('CreateFunction', { ...request, Code: { ZipFile: code.zip.toString('base64') } });
    world().visibleTakes = 0;
    await scene.go();
    expect(scene.cloud.scf.function('demo-dev')?.latest.configuration.MemorySize).toBe(256);
    expect(scene.said()).toContain('"version":"1"');
  });

  it('in which an update fails says why, keeps serving the old version, and recovers with the next deploy', async () => {
    await scene.go();
    scene.cloud.scf.ends.update.push({
      state: 'UpdateFailed',
      reason: 'FailedOperation.CallNetDeployFailed: no address',
    });
    await expect(scene.go('2')).rejects.toThrow(
      /state UpdateFailed: no address \(FailedOperation\.CallNetDeployFailed\)[\s\S]*free addresses[\s\S]*version before/,
    );
    expect(live()).toBe('1');
    await scene.go('2');
    expect([live(), scene.said().includes('"version":"2"')]).toEqual(['2', true]);
  });

  it('in which publishing fails says why, and the next deploy publishes another version', async () => {
    await scene.go();
    scene.cloud.scf.ends.publication.push({ state: 'PublishFailed', reason: 'InternalError: no capacity' });
    await expect(scene.go('2')).rejects.toThrow('state PublishFailed: no capacity (InternalError)');
    expect(live()).toBe('1');
    await scene.go('2');
    expect(live()).toBe('3');
  });

  it('whose function cannot leave a state gets an error after a minute, with the page to open', async () => {
    await scene.go();
    scene.cloud.fail('scf:UpdateFunctionConfiguration', 'FailedOperation.UpdateFunctionConfiguration', 1000);
    const began = scene.clock.now();
    await expect(scene.go('2')).rejects.toThrow(
      /failed after \d\d s of repeating it: [\s\S]*still being changed, or this change is not possible[\s\S]*console\.cloud\.tencent\.com\/scf\/list/,
    );
    expect(scene.clock.now() - began).toBeLessThan(120_000);
  });

  it('whose SCF_QcsRole lost its policy reads which policy', async () => {
    scene.cloud.account.rolePolicy = false;
    await expect(scene.go()).rejects.toThrow(roleHint);
    scene.cloud.account.rolePolicy = true;
    await scene.go();
    expect(scene.cloud.cynosdb.bought()).toBe(1);
  });

  it('that runs out of money is asked to top up, and continues afterwards', async () => {
    await scene.go();
    scene.cloud.account.pays = 'arrears';
    await info(scene.context);
    expect(scene.said()).toContain('STOPPED: insufficient account balance');
    await expect(scene.go('2')).rejects.toThrow(/AccountIsolate[\s\S]*expense\/recharge/);
    scene.cloud.account.pays = 'money';
    await scene.go('2');
    expect(scene.said()).toContain('"version":"2"');
  });

  it('whose subnet keeps addresses for a while loses its network with the second removal', async () => {
    world().addressesLinger = 3600;
    await scene.go();
    await remove(scene.context, { deleteData: true });
    expect(scene.said()).toContain('The network is still in use');
    expect(scene.cloud.resources().map((id) => id.split('-')[0])).toEqual(['vpc', 'subnet']);
    world().addressesLinger = 0;
    await scene.clock.sleep(3_700_000);
    await remove(scene.context, { deleteData: true });
    expect(scene.cloud.resources()).toEqual([]);
  });

  it('that answers with null lists and Chinese messages is deployed to and removed from', async () => {
    Object.assign(world(), { nullLists: true, localized: true });
    await scene.go();
    await info(scene.context);
    await scene.go('2');
    await remove(scene.context, { deleteData: true });
    expect(scene.cloud.resources()).toEqual([]);
  });

  it.each(['OperationDenied', 'FailedOperation', 'UnauthorizedOperation'])(
    'that refuses GetClsService with %s is warned about and deployed to',
    async (code) => {
      scene.cloud.fail('cls:GetClsService', code);
      await preflight({ ...scene.context, openLogs: false, shell: [] });
      expect(scene.said()).toContain('could not be checked; continuing');
    },
  );

  it('whose cluster is in another network puts the functions there and makes no second one', async () => {
    await scene.go();
    const { vpc } = scene.context.cloud;
    const mine = await vpc('CreateVpc', { VpcName: 'mine', CidrBlock: '10.9.0.0/16' });
    const vpcId = mine.Vpc?.VpcId ?? '';
    const subnet = { VpcId: vpcId, SubnetName: 'mine', CidrBlock: '10.9.0.0/24', Zone: 'ap-guangzhou-6' };
    const subnetId = (await vpc('CreateSubnet', subnet)).Subnet?.SubnetId ?? '';
    scene.cloud.cynosdb.move({ vpcId, subnetId });
    const start = scene.cloud.calls.length;
    await scene.go();
    expect(scene.changesSince(start).filter((name) => name.startsWith('vpc:'))).toEqual([]);
    const { VpcConfig } = scene.cloud.scf.function('demo-dev')?.latest.configuration ?? {};
    expect(VpcConfig).toEqual({ VpcId: vpcId, SubnetId: subnetId });
  });

  it('whose paused cluster refuses to be isolated has it woken and deleted', async () => {
    await scene.go();
    scene.cloud.cynosdb.pause();
    await remove(scene.context, { deleteData: true });
    expect(scene.callsOf('cynosdb:ResumeServerless')).toHaveLength(1);
    expect(scene.cloud.resources()).toEqual([]);
  });

  it('in a region without serverless clusters is asked for an existing database', () => {
    expect(() => readSettings('demo', { ...event, region: 'ap-mumbai' }, {})).toThrow(
      'ap-mumbai sells no serverless cluster: set provider.database to existing',
    );
    expect(readSettings('demo', { region: 'ap-mumbai', database: 'existing' }, {})).toMatchObject({
      region: 'ap-mumbai',
    });
  });
});
