/** Situations that others reported from real accounts, on a clock that jumps over every wait. */
import type { Clock } from '../../deploy/clock';
import type { Context } from '../../deploy/context';
import { deploy } from '../../deploy/deploy';
import { showPlan } from '../../deploy/plan';
import { preflight } from '../../deploy/preflight';
import { remove } from '../../deploy/remove';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { allowedActions } from './chapters';
import { type FakeCloud, startFakeCloud } from './fake-cloud/fake-cloud';
import { createHarness, createJumpingClock, type Harness } from './harness';

describeWithMysql('a deploy into', () => {
  let mysql: MysqlServer;
  let clock: Clock;
  let cloud: FakeCloud;
  let harness: Harness;
  let context: Context;
  const event = { functionType: 'event' };
  const go = (version = '1', options: Partial<Parameters<typeof deploy>[1]> = {}) =>
    deploy(context, { code: harness.code(version), force: false, rotate: 'none', ...options });
  const check = (openLogs = false) => preflight({ ...context, openLogs, shell: [] });
  const said = () => harness.lines.join('\n');
  const callsOf = (name: string) => cloud.calls.filter((call) => call.name === name);
  /** Names of the settings that changed since. */
  const writesSince = (start: number) =>
    cloud.calls
      .slice(start)
      .filter(({ refused, name }) => refused === '' && !/:(Describe|Get|List)/.test(name))
      .map(({ name }) => name);

  beforeAll(async () => {
    mysql = await startMysqlServer();
  });

  afterAll(async () => {
    await mysql?.stop();
  });

  beforeEach(async () => {
    clock = createJumpingClock();
    cloud = await startFakeCloud({ mysql, clock });
    harness = createHarness(cloud, clock);
    context = harness.context(event);
  });

  afterEach(async () => {
    const used = new Set(cloud.calls.map(({ name }) => name));
    expect(allowedActions('deploy.md')).toEqual(expect.arrayContaining([...used]));
    await cloud.stop();
    harness.remove();
  });

  it('an account with nothing opened gets one list of it, and --open-cls opens the log service', async () => {
    cloud.account.roles.clear();
    cloud.account.logsOpened = false;
    await expect(check()).rejects.toThrow(
      /SCF is not authorised[\s\S]*console\.cloud\.tencent\.com\/scf[\s\S]*CLS has not been opened[\s\S]*--open-cls/,
    );
    cloud.account.roles.add('SCF_QcsRole');
    await check(true);
    expect(cloud.account.logsOpened).toBe(true);
    expect(said()).toContain('Log service opened');
    await go();
  });

  it('an account whose log service cannot be checked is refused before anything is bought', async () => {
    cloud.account.logsOpened = false;
    cloud.fail('cls:GetClsService', 'UnauthorizedOperation');
    await check();
    await expect(go()).rejects.toThrow(/AccountNotExists[\s\S]*console\.cloud\.tencent\.com\/cls/);
    expect(cloud.resources()).toEqual([]);
  });

  it('an account that is not verified, or has nothing to pay with, gets the page to click; nothing was ordered', async () => {
    cloud.account.verified = false;
    await expect(go()).rejects.toThrow(/NotRealNameAccount[\s\S]*console\.cloud\.tencent\.com\/developer\/auth/);
    cloud.account.verified = true;
    cloud.account.pays = 'nothing';
    await expect(go()).rejects.toThrow(/TradeCreateOrderError[\s\S]*console\.cloud\.tencent\.com\/expense\/deal/);
    expect(cloud.cynosdb.bought()).toBe(0);
    expect(context.state.read()).toEqual({});
  });

  it('an account that has vouchers and no money pays with them', async () => {
    cloud.account.pays = 'vouchers';
    await go();
    expect(cloud.cynosdb.bought()).toBe(1);
  });

  it('a region whose first zone is sold out takes the next, and lists the sizes in stock if none fits', async () => {
    cloud.cynosdb.soldOut.add('ap-guangzhou-6');
    await go();
    expect(callsOf('cynosdb:CreateClusters')[0]?.body).toMatchObject({ Zone: 'ap-guangzhou-7' });
    expect(callsOf('vpc:CreateSubnet').map(({ body }) => body['Zone'])).toEqual(['ap-guangzhou-7']);
    await remove(context, { deleteData: true });
    cloud.cynosdb.soldOut.add('ap-guangzhou-7');
    await expect(go()).rejects.toThrow(/0\.25 to 1 CCU[\s\S]*ap-guangzhou-6: nothing in stock[\s\S]*ap-guangzhou-7/);
    expect(cloud.vpc.resources()).toEqual([]);
  });

  it('a region in which the zone of the first attempt has sold out since gets a second subnet', async () => {
    cloud.account.pays = 'nothing';
    await expect(go()).rejects.toThrow();
    cloud.account.pays = 'money';
    cloud.cynosdb.soldOut.add('ap-guangzhou-6');
    await go();
    expect(callsOf('vpc:CreateSubnet').map(({ body }) => [body['Zone'], body['CidrBlock']])).toEqual([
      ['ap-guangzhou-6', '10.66.0.0/24'],
      ['ap-guangzhou-7', '10.66.1.0/24'],
    ]);
  });

  it('a cloud that refuses a placed order with an internal error sells one cluster, not two', async () => {
    cloud.doubt('cynosdb:CreateClusters', 'InternalError.UnknownError');
    await go();
    expect(cloud.cynosdb.bought()).toBe(1);
    expect(callsOf('cynosdb:CreateClusters')).toHaveLength(1);
    expect(said()).toContain('The order may have gone through');
  });

  it('a cloud that has lost an order says where to look, and the next deploy buys', async () => {
    cloud.fail('cynosdb:CreateClusters', 'InternalError.UnknownError');
    await expect(go()).rejects.toThrow(/did not say whether the order[\s\S]*expense\/deal/);
    expect(callsOf('cynosdb:CreateClusters')).toHaveLength(1);
    await go();
    expect(cloud.cynosdb.bought()).toBe(1);
  });

  it('functions that flap after a change are waited for', async () => {
    cloud.world.flapping = true;
    await go();
    await go('2');
    expect(said()).toContain('"version":"2"');
  });

  it('a region in which a new version takes 40 seconds waits for it, and reports if it never comes', async () => {
    await go();
    cloud.world.aliasTakes = 40;
    await go('2');
    expect(said()).toContain('"version":"2"');
    cloud.world.aliasTakes = 4000;
    await expect(go('3')).rejects.toThrow('still reaches another version');
  });

  it('an account that finds no record of a deleted cluster ends with nothing left', async () => {
    await go();
    cloud.doubt('cynosdb:OfflineCluster', 'InternalError.DbOperationFailed');
    await remove(context, { deleteData: true });
    expect(cloud.resources()).toEqual([]);
    // Billing did not know the deal, then the flow of isolating failed: both were repeated.
    expect(callsOf('cynosdb:IsolateCluster').map(({ refused }) => refused !== '')).toEqual([true, false]);
    expect(callsOf('cynosdb:OfflineCluster')[0]?.refused).toBe('FailedOperation.FlowCreateError');
  });

  it('an alias that was split in the console gets all requests back', async () => {
    await go();
    const target = cloud.scf.function('demo-dev');
    const alias = target?.aliases.get('$DEFAULT');
    if (alias) target?.aliases.set('$DEFAULT', { ...alias, weights: ['1'] });
    await go('2');
    expect(target?.aliases.get('$DEFAULT')?.weights).toEqual([]);
  });

  it('a plan changes nothing and names each resource that deploy would create, change and pay', async () => {
    const start = cloud.calls.length;
    await showPlan(context, harness.code('1'));
    expect(writesSince(start)).toEqual([]);
    expect(harness.lines.filter((line) => line.startsWith('+ ')).map((line) => line.slice(2, 18))).toEqual([
      'Log topic, kept ',
      'Private network ',
      'Database cluster',
      'Event function d',
      'Function URL',
      'Timer 0 */1 * * ',
    ]);
    expect(said()).toMatch(/in ap-guangzhou-6\. PAID: 9\.05 USD a month.*keeps it awake/);
    await go();
    harness.lines.length = 0;
    context = harness.context({ ...event, memorySize: 512, timer: '0 0 */6 * * * *', cluster: { maxCpu: 0.5 } });
    await showPlan(context, harness.code('2'));
    expect(harness.lines.filter((line) => line.startsWith('~ '))).toEqual([
      expect.stringMatching(/Database cluster \S+ \(running\): limits/),
      '~ Event function demo-dev: code, memory',
      '~ Timer 0 0 */6 * * * *',
    ]);
  });

  it('an account with a first, an unchanged and a changed deploy stays below limits of calls and seconds', async () => {
    const measure = async (version: string) => {
      const [calls, began] = [cloud.calls.length, clock.now()];
      await go(version);
      const seconds = Math.round((clock.now() - began) / 1000);
      return { calls: cloud.calls.length - calls, writes: writesSince(calls).length, seconds };
    };
    context = harness.context();
    const [first, same, changed] = [await measure('1'), await measure('1'), await measure('2')];
    const figures = { first, same, changed };
    process.stderr.write(`deploy figures: ${JSON.stringify(figures)}\n`);
    expect(figures).toMatchObject({ same: { writes: 0 } });
    expect(first.seconds).toBeLessThan(400);
    expect(same.calls).toBeLessThan(40);
    expect(changed.writes).toBeLessThan(12);
  });
});
