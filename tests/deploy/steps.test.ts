/** The deploy steps one by one against the fake cloud: situations outside of the story. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createCloud } from '../../deploy/cloud';
import type { Context } from '../../deploy/context';
import { deploy } from '../../deploy/deploy';
import { invoke } from '../../deploy/invoke';
import { logs } from '../../deploy/logs';
import { preflight } from '../../deploy/preflight';
import { remove } from '../../deploy/remove';
import { rollback } from '../../deploy/rollback';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { type FakeCloud, startFakeCloud } from './fake-cloud/fake-cloud';
import { createHarness, createJumpingClock, type Harness } from './harness';

const password = (cloud: FakeCloud, name = 'demo-dev') => variable(cloud, 'MYSQL_PASSWORD', name);
function variable(cloud: FakeCloud, key: string, name = 'demo-dev'): string | undefined {
  const variables = cloud.scf.function(name)?.latest.configuration.Environment?.Variables ?? [];
  return variables.find(({ Key }) => Key === key)?.Value;
}

describeWithMysql('the steps of a deploy', () => {
  let mysql: MysqlServer;
  let cloud: FakeCloud;
  let harness: Harness;
  let context: Context;
  const event = { functionType: 'event' };
  const go = (version = '1', options: Partial<Parameters<typeof deploy>[1]> = {}) =>
    deploy(context, { code: harness.code(version), force: false, rotate: 'none', ...options });

  beforeAll(async () => {
    mysql = await startMysqlServer();
  });

  afterAll(async () => {
    await mysql?.stop();
  });

  beforeEach(async () => {
    const clock = createJumpingClock();
    cloud = await startFakeCloud({ mysql, clock });
    harness = createHarness(cloud, clock);
    context = harness.context(event);
  });

  afterEach(async () => {
    await cloud.stop();
    harness.remove();
  });

  it("runs the code read-only, with /tmp to write to, the platform's environment and the documented event", async () => {
    await go();
    const url = /url: (\S+)/.exec(harness.lines.join('\n'))?.[1] ?? '';
    const seen = (await (await fetch(`${url}a/b?c=1`, { method: 'POST', body: 'hi' })).json()) as Record<
      string,
      unknown
    >;
    const readOnly = process.platform === 'darwin' ? 'EACCES' : expect.stringMatching(/^E(ACCES|ROFS)$/);
    expect(seen).toMatchObject({
      ownFolder: readOnly,
      ownFile: readOnly,
      tmp: 'done',
      env: { MYSQL_USER: 'liveroom', TENCENTCLOUD_RUNENV: 'SCF' },
      event: { httpMethod: 'POST', path: '/a/b', queryString: { c: '1' }, body: 'hi' },
      context: { function_name: 'demo-dev', function_version: '1', memory_limit_in_mb: 256, time_limit_in_ms: 60_000 },
    });
    expect(seen['env']).not.toHaveProperty('TENCENT_SECRET_ID');
  });

  it('keeps password and token secret over a deploy and makes new ones with --rotate', async () => {
    await go();
    const first = { password: password(cloud), token: variable(cloud, 'TOKEN_SECRET') };
    expect(first.password).toHaveLength(32);
    await go('2');
    expect({ password: password(cloud), token: variable(cloud, 'TOKEN_SECRET') }).toEqual(first);
    await go('2', { rotate: 'token-secret' });
    expect(variable(cloud, 'TOKEN_SECRET')).not.toBe(first.token);
    expect(password(cloud)).toBe(first.password);
    await go('2', { rotate: 'database-password' });
    expect(password(cloud)).not.toBe(first.password);
    expect(context.state.read()).toEqual({});
    await expect(rollback(context, 1)).rejects.toThrow('Version 1 has another MYSQL_PASSWORD, TOKEN_SECRET than now');
  });

  it('finishes a change of the password that was interrupted before the function had the new one', async () => {
    await go();
    const before = password(cloud);
    cloud.fail('scf:UpdateFunctionConfiguration', 'UnauthorizedOperation');
    await expect(go('1', { rotate: 'database-password' })).rejects.toThrow('docs/deploy.md');
    expect(password(cloud)).toBe(before);
    expect(context.state.read()).toEqual({ rotating: true });
    expect(statSync(join(context.root, '.live-room', 'demo-dev.json')).mode & 0o077).toBe(0);
    await go();
    expect(password(cloud)).not.toBe(before);
    expect(context.state.read()).toEqual({});
  });

  it('continues with an order whose response was lost instead of buying a second cluster', async () => {
    cloud.fail('cynosdb:DescribeResourcesByDealName', 'UnauthorizedOperation');
    await expect(go()).rejects.toThrow('UnauthorizedOperation');
    expect(context.state.read()).toHaveProperty('deal');
    context.state.write({ deal: '' });
    await go();
    expect(cloud.cynosdb.bought()).toBe(1);
  });

  it('changes the limits of the cluster when serverless.yml does', async () => {
    await go();
    context = harness.context({ ...event, cluster: { minCpu: 0.5, maxCpu: 2, pauseAfterSeconds: 'never' } });
    await go();
    const change = cloud.calls.find(({ name }) => name === 'cynosdb:ModifyServerlessStrategy');
    expect(change?.body).toMatchObject({ AutoPause: 'no', MinCpu: 0.5, MaxCpu: 2 });
    const before = cloud.calls.length;
    await go();
    expect(cloud.calls.slice(before).map(({ name }) => name)).not.toContain('cynosdb:ModifyServerlessStrategy');
  });

  it('uses an existing database and network without making, touching or removing either', async () => {
    const { cloud: client } = context;
    const { Vpc } = await client.vpc('CreateVpc', { VpcName: 'mine', CidrBlock: '10.0.0.0/16' });
    const vpcId = Vpc?.VpcId ?? '';
    const subnet = { VpcId: vpcId, SubnetName: 'mine', CidrBlock: '10.0.0.0/24', Zone: 'ap-guangzhou-6' };
    const subnetId = (await client.vpc('CreateSubnet', subnet)).Subnet?.SubnetId ?? '';
    const mine = { MYSQL_HOST: '10.0.0.5', MYSQL_USER: 'me', MYSQL_PASSWORD: 'my-own-password' };
    context = harness.context({ ...event, database: 'existing', vpc: { vpcId, subnetId } }, mine);
    await go();
    expect(variable(cloud, 'MYSQL_HOST')).toBe('10.0.0.5');
    expect(cloud.scf.function('demo-dev')?.latest.configuration.VpcConfig).toEqual({
      VpcId: vpcId,
      SubnetId: subnetId,
    });
    await remove(context, { deleteData: true });
    expect(cloud.resources()).toEqual([vpcId, subnetId]);
    const asked = cloud.calls.filter(({ name }) => name.startsWith('cynosdb:')).map(({ name }) => name);
    expect(new Set(asked)).toEqual(new Set(['cynosdb:DescribeClusters']));
  });

  it('leaves a function of another tool unchanged', async () => {
    await context.cloud.scf('CreateFunction', {
      FunctionName: 'demo-dev',
      Runtime: 'Nodejs18.15',
      Description: 'Mine',
      Code: { ZipFile: harness.code('x').zip.toString('base64') },
    });
    await expect(go()).rejects.toThrow('Function demo-dev exists in ap-guangzhou and was not made by this command');
    await remove(context, { deleteData: true });
    expect(cloud.resources()).toContain('demo-dev');
  });

  it('deletes and creates again a function whose creation failed', async () => {
    await go();
    cloud.scf.function('demo-dev')?.latest.status.change('CreateFailed', 'CreateFailed');
    await go();
    expect(cloud.scf.function('demo-dev')?.latest.status.value).toBe('Active');
    expect(cloud.calls.filter(({ name }) => name === 'scf:CreateFunction')).toHaveLength(2);
  });

  it('stops at a database in the recycle bin, and deletes it with --delete-data', async () => {
    await go();
    const id = cloud.cynosdb.resources()[0] ?? '';
    for (let tries = 0; tries < 3; tries += 1) {
      await context.cloud.cynosdb('IsolateCluster', { ClusterId: id }).catch(() => {});
    }
    await expect(go()).rejects.toThrow(`Cluster ${id} is in the recycle bin with its data. Restore it at https://`);
    await remove(context, { deleteData: true });
    expect(cloud.resources()).toEqual([]);
  });

  it('checks the role before it makes anything, and gives its keys to the function', async () => {
    context = harness.context({ ...event, role: 'live-room' });
    const check = () => preflight({ ...context, openLogs: false, shell: [] });
    await expect(check()).rejects.toThrow(
      'provider.role live-room does not exist (https://console.cloud.tencent.com/cam/role)',
    );
    cloud.account.roles.add('live-room');
    await check();
    await go();
    expect(harness.lines.join('\n')).toContain('"role":true');
  });

  it('reports an unreachable cloud within the time limit', async () => {
    const { region } = context.settings;
    const nobody = { credential: { ...cloud.keys }, region, endpoint: 'http://127.0.0.1:1', unreachableFor: 700 };
    const began = Date.now();
    await expect(createCloud(nobody).sts('GetCallerIdentity', null)).rejects.toThrow(
      /^sts:GetCallerIdentity: the cloud API could not be reached \(.*ECONNREFUSED.*\)\. Check the network and any proxy\.$/,
    );
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('says that the type of a function cannot be changed', async () => {
    await go();
    context = harness.context({ functionType: 'web' });
    await expect(go()).rejects.toThrow('has the type Event and SCF cannot change that to HTTP');
    context = harness.context(event);
  });

  it('words refusals with request id and advice, and repeats only those that can pass', async () => {
    cloud.fail('vpc:CreateVpc', 'UnauthorizedOperation');
    await expect(go()).rejects.toThrow(
      /^vpc:CreateVpc failed: .+ \(UnauthorizedOperation, request id [0-9a-f-]{36}\)\.\nThe API key lacks this permission\./,
    );
    expect(cloud.calls.filter(({ name }) => name === 'vpc:CreateVpc')).toHaveLength(1);
    cloud.fail('vpc:CreateVpc', 'RequestLimitExceeded', 2);
    await go();
    expect(cloud.calls.filter(({ name }) => name === 'vpc:CreateVpc')).toHaveLength(4);
  });

  it('opens a timer that was switched off and corrects its schedule', async () => {
    await go();
    const timer = cloud.scf.function('demo-dev')?.triggers.find(({ type }) => type === 'timer');
    if (timer) timer.enabled = false;
    context = harness.context({ ...event, timer: '0 */5 * * * * *' });
    await go();
    expect(timer).toMatchObject({ enabled: true, description: '0 */5 * * * * *' });
  });

  it('calls the handler, shows its log and reports a failure', async () => {
    await go();
    await invoke(context, { functionName: 'timer', data: undefined, path: undefined });
    expect(harness.lines).toContain('timer maintenance');
    expect(harness.lines.at(-1)).toBe('"worked"');
    const bad = invoke(context, { functionName: 'timer', data: '{"fail":true}', path: undefined });
    await expect(bad).rejects.toThrow('set to fail');
    await logs(context, { functionName: 'timer', since: '5m', filter: 'maintenance', tail: false });
    expect(harness.lines.at(-1)).toMatch(/demo-dev {2}timer maintenance$/);
  });

  it('keeps five versions and deletes older ones', async () => {
    await go();
    const versions = cloud.scf.function('demo-dev')?.versions;
    const first = versions?.get('1');
    for (const qualifier of ['2', '3', '4', '5'])
      if (first) versions?.set(qualifier, { ...first, qualifier, description: '' });
    await go('2');
    expect([...(cloud.scf.function('demo-dev')?.versions.keys() ?? [])]).toEqual(['2', '3', '4', '5', '6']);
  });
});
