/**
 * The way from an empty account to a URL and back: the real `npx sls …` commands and the real bundle, against a fake cloud, a
 * fake IM and a real MySQL, all on loopback. One story, whose chapters run in order.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { type FakeTrtc, startFakeTrtc } from '../../testkit/fake-trtc';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { tellTheBeginning } from './beginning';
import { allowedActions, changesOf, chapter, expectSecretsHidden, expectSuccess, killDeployAfter } from './chapters';
import { type FakeCloud, startFakeCloud } from './fake-cloud/fake-cloud';
import { roleKeys } from './fake-cloud/scf-function';
import { canIsolate, isIsolated, runIsolated, waysOut } from './isolation';
import { createProject, killCommand, type Project } from './project';

const sdkAppId = 1_400_000_123;
const trtcSecret = createHash('sha256').update('story').digest('hex');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

interface Envelope {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly version: string;
  readonly data: Readonly<Record<string, unknown>> & readonly Readonly<Record<string, unknown>>[];
}

let mysql: MysqlServer;
let im: FakeIm;
let trtc: FakeTrtc;
let cloud: FakeCloud;
let project: Project;
let url = '';
/** The lines that `sls remove` prints for a database that stays. */
let dataKeys = '';
let user: { userId: unknown; token: unknown };

const settings = () => ({
  TRTC_TIM_APPID: String(sdkAppId),
  TRTC_TIM_SECRET: trtcSecret,
  TIM_ENDPOINT: im.url,
  TRTC_ENDPOINT: trtc.url,
  TENCENT_SECRET_ID: cloud.keys.secretId,
  TENCENT_SECRET_KEY: cloud.keys.secretKey,
  OAUTH_REGISTER: 'true',
  OAUTH_TAG_SECRETS: '{"shop":"a$ecret-with-{signs}-0123"}',
});

async function api(path: string, body: object): Promise<Envelope> {
  const response = await fetch(`${url}base/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Envelope;
}

async function signIn(): Promise<Envelope> {
  const salt = md5('alice-password');
  return api('oauth/signature', { username: 'alice', signature: md5(`alice----${salt}`) });
}

const changesSince = (start: number) => changesOf(cloud, start);
/** The previous command has built the bundle; building it again would prove nothing more. */
const asBuilt = ['deploy', '--package', '.serverless'];
const deployKilledAfter = (action: string, options: { args?: readonly string[]; signal?: NodeJS.Signals } = {}) =>
  killDeployAfter(action, { project, cloud, ...options });
const expectNoSecret = (text: string) => expectSecretsHidden(text, cloud, trtcSecret);

function story(): void {
  beforeAll(async () => {
    mysql = await startMysqlServer();
    im = await startFakeIm({ sdkAppId, secret: trtcSecret });
    trtc = await startFakeTrtc({ ...roleKeys, sdkAppIds: [sdkAppId] });
    project = createProject();
    project.edit('serverless.yml', (text) => text.replace('# role: live-room', 'role: live-room'));
    cloud = await startFakeCloud({ mysql, instanceEnvironment: project.guard, pace: 0.01 });
    cloud.account.roles.add('live-room');
    project.useEndpoint(cloud.endpoint);
  });

  afterAll(async () => {
    try {
      await cloud?.stop();
    } finally {
      await im?.stop();
      await trtc?.stop();
      await mysql?.stop();
      project?.remove();
    }
  });

  tellTheBeginning(() => ({ project, cloud, settings, changesSince }));

  chapter(
    'continues a deploy that was killed while the database was bought, and one killed while functions were made',
    async () => {
      expect(await deployKilledAfter('cynosdb:CreateClusters', { args: asBuilt, signal: 'SIGINT' })).toMatch(
        /Interrupted \(Database cluster: buying one\)\. .*run the same command again to continue/,
      );
      await deployKilledAfter('scf:CreateFunction', { args: asBuilt });
      // The cloud is busy and throttles; the deploy asks again.
      cloud.fail('vpc:DescribeVpcs', 'RequestLimitExceeded');
      cloud.fail('scf:PublishVersion', 'FailedOperation.PublishVersion', 2);
      const outcome = await project.npxSls(['deploy']);
      expectSuccess(outcome);
      expect(cloud.cynosdb.bought()).toBe(1);
      url = /url: (http:\S+\/)\n/.exec(outcome.stdout)?.[1] ?? '';
      expect(url).not.toBe('');
      expect(outcome.stdout).toContain('answer: HTTP 200 {"errorCode":0');
      expectNoSecret(outcome.text);
    },
  );

  chapter('serves the API at the printed URL: register, sign in, go live, list', async () => {
    expect(await api('oauth/register', { username: 'alice', salt: md5('alice-password') })).toMatchObject({
      errorCode: 0,
    });
    const { data } = await signIn();
    user = { userId: data['userId'], token: data['token'] };
    const roomId = String(user.userId);
    const room = {
      ...user,
      appId: String(sdkAppId),
      roomId,
      role: 'anchor',
      category: 'liveRoom',
      title: 'Hello 你好 🎥',
    };
    expect(await api('rooms/enter_room', room)).toMatchObject({ errorCode: 0, data: { roomId } });
    const list = await api('rooms/query_room', { ...user, appId: String(sdkAppId), category: 'liveRoom' });
    expect(list.data.map((item) => item['title'])).toEqual(['Hello 你好 🎥']);
    expect([...im.groups(sdkAppId).keys()]).toEqual([roomId]);
  });

  chapter(
    'answers a browser with JSON and text, because the host of the vendor makes a download of a page',
    async () => {
      const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
      const [first, hello] = await Promise.all([fetch(url, { headers }), fetch(`${url}helloworld`, { headers })]);
      expect(await first.json()).toMatchObject({ errorCode: 0, errorMessage: 'ok' });
      expect(await hello.text()).toBe('HelloWorld');
      for (const answer of [first, hello]) expect(answer.headers.get('content-disposition')).toBeNull();
    },
  );

  chapter(
    'dismisses a room in TRTC when the timer fires, for the web function has no key between requests',
    async () => {
      trtc.rooms(sdkAppId).set(Number(user.userId), new Set());
      const room = { ...user, appId: String(sdkAppId), roomId: String(user.userId) };
      expect(await api('rooms/destroy_room', room)).toMatchObject({ errorCode: 0 });
      expect([im.groups(sdkAppId).size, trtc.calls.length]).toEqual([0, 0]);
      const calls = await cloud.scf.fireTimers();
      expect(calls.map(({ error }) => error)).toEqual(['']);
      expect(trtc.calls.map(({ command }) => command)).toEqual(['DismissRoom']);
      expect(trtc.rooms(sdkAppId).size).toBe(0);
    },
  );

  chapter('shows URL, functions, versions and database with sls info', async () => {
    const outcome = await project.sls(['info']);
    expectSuccess(outcome);
    expect(outcome.stdout).toContain(`url: ${url}`);
    expect(outcome.stdout).toMatch(/live-room-dev: Active, web, Nodejs20\.19, 256 MB, 60 s, version 1 is live/);
    expect(outcome.stdout).toMatch(/live-room-dev-timer: Active, event/);
    expect(outcome.stdout).toMatch(/database: cynosdbmysql-\w+: running, resume/);
    expectNoSecret(outcome.text);
  });

  chapter('shows the lines of both functions with sls logs, without tokens', async () => {
    const outcome = await project.sls(['logs']);
    expectSuccess(outcome);
    expect(outcome.stdout).toContain('live-room-dev  {');
    expect(outcome.stdout).toContain('live-room-dev-timer  ');
    expect(outcome.stdout).toContain('query_room');
    expect(outcome.stdout).not.toContain(String(user.token));
    expectNoSecret(outcome.text);
  });

  chapter('follows the logs with sls logs --tail, each line once', async () => {
    let seen = '';
    let first = 0;
    const outcome = project.sls(['logs', '--tail', '--since', '1s', '--filter', 'user_keepalive'], (child) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        first ||= Date.now();
        // Later than the first look: these lines were written while it was following.
        if (Date.now() - first > 1500) killCommand(child);
      });
    });
    const beating = setInterval(() => void api('auth_users/user_keepalive', user), 300);
    await outcome.finally(() => clearInterval(beating));
    const lines = seen.trim().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.includes('user_keepalive'))).toBe(true);
    expect(new Set(lines).size).toBe(lines.length);
  });

  chapter('calls the deployed functions with sls invoke and the bundle with sls invoke local', async () => {
    const web = await project.sls(['invoke', '--data', '{"path":"/helloworld"}']);
    expectSuccess(web);
    expect(web.stdout).toContain('HelloWorld');
    const timer = await project.sls(['invoke', '--function', 'timer']);
    expectSuccess(timer);
    const local = await project.sls(['invoke', 'local', '--data', '{"path":"/helloworld"}']);
    expectSuccess(local);
    expect(local.stdout).toContain('"body": "HelloWorld"');
  });

  chapter('changes nothing when nothing has changed', async () => {
    const start = cloud.calls.length;
    const packed = await project.sls(['package', '--package', 'out']);
    expectSuccess(packed);
    expect(packed.text).toMatch(/Package \d+ KiB, code [0-9a-f]{16}: out\/live-room\.zip/);
    expectSuccess(await project.sls(['deploy', '--package', 'out']));
    expect(changesSince(start)).toEqual([]);
  });

  chapter('keeps serving the old code when a deploy of new code is killed, and finishes with the next', async () => {
    project.edit('package.json', (text) => text.replace(/"version": "[^"]+"/, '"version": "9.9.9"'));
    await deployKilledAfter('scf:UpdateFunctionCode');
    expect((await signIn()).version).not.toBe('9.9.9');
    const outcome = await project.sls(asBuilt);
    expectSuccess(outcome);
    expect(outcome.stdout).toContain('"version":"9.9.9"');
    const answer = await api('auth_users/user_query', user);
    expect(answer).toMatchObject({ errorCode: 0, version: '9.9.9' });
  });

  chapter('updates only what differs when a setting changes', async () => {
    const start = cloud.calls.length;
    project.writeEnv({ ...settings(), QUERY_ROOM_DEFAULT_LIMIT: '20' });
    expectSuccess(await project.sls(asBuilt));
    const once = ['scf:UpdateFunctionConfiguration', 'scf:PublishVersion', 'scf:UpdateAlias'];
    expect(changesSince(start)).toEqual([...once, ...once]);
  });

  chapter('goes back to the version before with sls rollback, at the same URL', async () => {
    const outcome = await project.sls(['rollback', '--to', '1']);
    expectSuccess(outcome);
    expect(outcome.stdout).toContain(`url: ${url}`);
    expect((await signIn()).version).not.toBe('9.9.9');
  });

  chapter('removes everything but the database and its network', async () => {
    const outcome = await project.sls(['remove']);
    expectSuccess(outcome);
    expect(outcome.stderr).toContain('stays, with its data');
    dataKeys = /^data keys: (\S+)$/m.exec(outcome.stdout)?.[1] ?? '';
    expect(cloud.resources().map((id) => id.replace(/-[0-9a-f]{8}$/, ''))).toEqual(['cynosdbmysql', 'vpc', 'subnet']);
    await expect(fetch(url)).rejects.toThrow();
  });

  chapter('deploys one event function instead, on the database that stayed and had gone to sleep', async () => {
    cloud.cynosdb.pause();
    project.writeEnv({ ...settings(), DATA_KEYS: dataKeys });
    project.edit('serverless.yml', (text) => text.replace('functionType: web', 'functionType: event'));
    const outcome = await project.sls(asBuilt);
    expectSuccess(outcome);
    expect(cloud.cynosdb.bought()).toBe(1);
    expect(cloud.scf.resources()).toEqual(['live-room-dev', 'live-room-dev/http', 'live-room-dev/timer']);
    url = /url: (http:\S+\/)\n/.exec(outcome.stdout)?.[1] ?? '';
    expect(await signIn()).toMatchObject({ errorCode: 0, data: { userId: user.userId } });
    expect((await cloud.scf.fireTimers()).map(({ error }) => error)).toEqual(['']);
  });

  chapter('deletes the database too when it is asked to', async () => {
    expectSuccess(await project.sls(['remove', '--delete-data']));
    expect(cloud.resources()).toEqual([]);
  });

  chapter('needs only the permissions of the documented policy', () => {
    const used = new Set(cloud.calls.map(({ name }) => name));
    for (const page of ['deploy.md', 'deploy.zh-CN.md']) {
      expect(allowedActions(page)).toEqual(expect.arrayContaining([...used]));
    }
  });

  chapter('has connected to nothing but the loopback', () => {
    const tried = project.connections();
    expect(tried.filter((line) => line.startsWith('refused'))).toEqual([]);
    expect(tried).toContain(`allowed ${cloud.endpoint.slice('http://'.length)}`);
    if (isIsolated) expect(waysOut()).toEqual([]);
  });
}

if (!isIsolated && canIsolate()) {
  describeWithMysql('sls deploy', () => {
    it('runs its whole story in a network namespace with no way out', async () => {
      const { code, output } = await runIsolated(join(__dirname, 'story.test.ts'));
      if (code !== 0) throw new Error(output);
      process.stderr.write(output);
    }, 1_800_000);
  });
} else {
  describeWithMysql('sls deploy', story);
}
