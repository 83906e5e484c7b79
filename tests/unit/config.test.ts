/** The configuration: every problem listed in one error and never a value; and the answers of the API while it is invalid. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { compose } from '../../src/compose';
import { loadConfig } from '../../src/config/config';
import { ALL_SETTINGS } from '../../src/config/settings';
import { createApp } from '../../src/http/pipeline';
import { handleEvent } from '../../src/http/scf-event';

const GOOD = {
  TRTC_TIM_APPID: '1400000001',
  TRTC_TIM_SECRET: '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e',
};

test('two values are enough, and everything else has its default', () => {
  const loaded = loadConfig(GOOD);
  expect(loaded).toMatchObject({
    ok: true,
    config: {
      demo: false,
      imEndpoint: 'https://console.tim.qq.com',
      database: { kind: 'sqlite', path: '.data/live-room.sqlite' },
      http: { port: 9000 },
      userSigSeconds: 172_800,
      signatureWindowSeconds: 86_400,
      queryRoomDefaultLimit: 10,
      strictEntry: false,
      console: false,
      presence: { ownerTimeoutSeconds: 90, roomCloseSeconds: 600 },
    },
  });
});

const BAD_TRTC = [
  {},
  { ...GOOD, TRTC_TIM_APPID: '' },
  { ...GOOD, TRTC_TIM_APPID: 'xxxxxxxxxxxxxxxx' },
  { ...GOOD, TRTC_TIM_APPID: '14e8' },
  { ...GOOD, TRTC_TIM_APPID: '0' },
  { ...GOOD, TRTC_TIM_APPID: '99999999999' },
  { ...GOOD, TRTC_TIM_SECRET: '' },
  { ...GOOD, TRTC_TIM_SECRET: 'xxxxxxxxxxxxxxxx' },
  { ...GOOD, TRTC_TIM_SECRET: 'short' },
  { ...GOOD, TRTC_TIM_SECRET: 'a secret with spaces in it' },
];

test.each(BAD_TRTC)('missing, malformed and placeholder values answer SystemError(99) everywhere: %j', async (env) => {
  const { composition, write } = compose({ env, write: () => {} });
  const app = createApp({ composition, write });
  const message = 'SystemError(99): Invalid TRTC config, please check .env file';
  for (const path of ['/base/v1/oauth/register', '/prod/base/v1/rooms/query_room', '/base/v1/', '/']) {
    const answer = await handleEvent(app, { path, httpMethod: 'POST', body: '{}' });
    expect(answer.statusCode).toBe(path === '/' ? 503 : 200);
    expect(JSON.parse(answer.body)).toMatchObject({ errorCode: 99, codeStr: 'SystemError', errorMessage: message });
  }
  const hello = await handleEvent(app, { path: '/helloworld', httpMethod: 'GET' });
  expect([hello.statusCode, hello.body]).toEqual([200, 'HelloWorld']);
});

test('all problems are in one list, by name and rule, without a value', () => {
  const secret = 'never-print-me-never-print-me';
  const loaded = loadConfig({
    ...GOOD,
    TRTC_TIM_APPID: `${secret}1`,
    PORT: `${secret}2`,
    MYSQL_HOST: 'localhost',
    MYSQL_PORT: `${secret}3`,
    MYSQL_DB: `${secret};4`,
    TENANTS: `[{"apaasAppId":"${secret} 5","sdkAppId":"${secret}","secret":5},5]`,
    OAUTH_TAG_SECRETS: `{"${secret}"`,
    TOKEN_SECRET: 'short',
    TIM_ENDPOINT: `ftp://${secret}`,
    ROOM_STRICT_ENTRY: `${secret}6`,
    OWNER_TIMEOUT_SECONDS: '0',
    USERSIG_EXPIRE_SECONDS: '1e9',
  });
  if (loaded.ok) throw new Error('bad values were taken');
  const text = [loaded.message, ...loaded.problems].join('\n');
  const names =
    'TRTC_TIM_APPID PORT MYSQL_PORT MYSQL_DB TENANTS OAUTH_TAG_SECRETS TOKEN_SECRET TIM_ENDPOINT ROOM_STRICT_ENTRY';
  for (const name of [...names.split(' '), 'OWNER_TIMEOUT_SECONDS', 'USERSIG_EXPIRE_SECONDS'])
    expect(text).toContain(name);
  expect(text).not.toContain('never-print-me');
});

test('demo mode exists only if it is allowed, nothing is set, and it is no cloud', () => {
  expect(loadConfig({}, { allowDemo: true })).toMatchObject({
    ok: true,
    config: { demo: true, imEndpoint: null, trtc: null },
  });
  for (const env of [{ TRTC_TIM_APPID: '1' }, { TRTC_TIM_SECRET: 'x' }, { TENCENTCLOUD_RUNENV: 'SCF' }]) {
    expect(loadConfig(env, { allowDemo: true }).ok).toBe(false);
  }
  expect(loadConfig({}).ok).toBe(false);
});

test('a cloud function without a MySQL server is a problem of the configuration', () => {
  expect(loadConfig({ ...GOOD, TENCENTCLOUD_RUNENV: 'SCF' })).toMatchObject({ ok: false });
  expect(loadConfig({ ...GOOD, TENCENTCLOUD_RUNENV: 'SCF', MYSQL_HOST: '10.0.0.1' })).toMatchObject({ ok: true });
});

test('tokens of one secret are invalid under another, with or without a separate key', () => {
  const key = (env: Record<string, string>) => {
    const loaded = loadConfig({ ...GOOD, ...env });
    return loaded.ok ? Buffer.from(loaded.config.tokenKey).toString('hex') : '';
  };
  const keys = [key({}), key({ TRTC_TIM_SECRET: 'b'.repeat(64) }), key({ TOKEN_SECRET: 'c'.repeat(32) })];
  expect(new Set(keys).size).toBe(3);
  expect(keys[0]).toHaveLength(64);
});

test('TOKEN_SECRETS: the first signs, the others and TOKEN_SECRET are still accepted', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
  const keysOf = (env: Record<string, string | undefined>) => {
    const loaded = loadConfig({ ...GOOD, ...env });
    if (!loaded.ok) return loaded.problems;
    return [loaded.config.tokenKey, ...loaded.config.olderTokenKeys].map((key) => Buffer.from(key).toString('hex'));
  };
  const single = [a, b, c].flatMap((secret) => keysOf({ TOKEN_SECRET: secret }));
  expect(keysOf({ TOKEN_SECRETS: `${a}, ${b}`, TOKEN_SECRET: c })).toEqual(single);
  expect(keysOf({ TOKEN_SECRETS: `${b}` })).toEqual([single[1]]);
  // If neither is set, the key is that of TRTC_TIM_SECRET, which can be listed as an old one.
  expect(keysOf({ TOKEN_SECRETS: `${a},${GOOD.TRTC_TIM_SECRET}` })).toEqual([single[0], ...keysOf({})]);
  const rule = 'TOKEN_SECRETS must be 1 to 5 secrets of 16 characters or more, with commas between them';
  expect(keysOf({ TOKEN_SECRETS: `${a},short` })).toEqual([rule]);
  expect(keysOf({ TOKEN_SECRETS: Array(6).fill(a).join() })).toEqual([rule]);
});

test('every setting is once in .env.example, with its default', () => {
  const lines = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=(.*)$/gm)];
  const deployer = ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'];
  expect(lines.map(([, name = '']) => name)).toEqual(expect.arrayContaining(deployer));
  const shown = lines.filter(([, name = '']) => !deployer.includes(name)).map(([, name, value]) => [name, value]);
  const declared = new Map(ALL_SETTINGS.map((setting) => [setting.name, setting.shown]));
  expect(shown.length).toBeGreaterThan(25);
  expect(shown.sort()).toEqual([...declared].sort());
});

test('.env.example unchanged, with the application filled in, gives the defaults', () => {
  const example = parse(readFileSync('.env.example', 'utf8').replace(/^#([A-Z][A-Z0-9_]+=.)/gm, '$1'));
  const comparable = (env: Record<string, string>) => {
    const loaded = loadConfig(env);
    if (!loaded.ok) throw new Error(loaded.message);
    // JSON drops functions, which are never equal. `isSet` is true for every line of the file.
    return JSON.parse(JSON.stringify(loaded, (name, value) => (name === 'isSet' ? undefined : value)));
  };
  // Those that do nothing without another one are reported.
  const needy = new Set(ALL_SETTINGS.filter(({ about }) => about.needs !== undefined).map(({ name }) => name));
  const rest = Object.fromEntries(Object.entries(example).filter(([name]) => !needy.has(name)));
  expect(comparable({ ...rest, ...GOOD })).toEqual(comparable(GOOD));
});

test.each([
  [{ OWNER_TIMEOUT_SECOND: '90' }, 'OWNER_TIMEOUT_SECOND is not a setting; did you mean OWNER_TIMEOUT_SECONDS?'],
  [{ TRTC_TIM_SERCET: 'x' }, 'TRTC_TIM_SERCET is not a setting; did you mean TRTC_TIM_SECRET?'],
  [{ owner_timeout_seconds: '5' }, 'owner_timeout_seconds is not a setting; did you mean OWNER_TIMEOUT_SECONDS?'],
  [{ MYSQL_DATABASE: 'x' }, 'MYSQL_DATABASE is not a setting; did you mean MYSQL_DB?'],
  [{ MYSQL_PASSWORD: 'x' }, 'MYSQL_PASSWORD is ignored without MYSQL_HOST'],
  [{ TRTC_SECRET_ID: 'x' }, 'TRTC_SECRET_ID is ignored without TRTC_SECRET_KEY'],
])('a variable that has no effect is reported, and stops nothing: %j', (env, warning) => {
  const written: string[] = [];
  expect(loadConfig({ ...GOOD, ...env })).toMatchObject({ ok: true, warnings: [warning] });
  compose({ env: { ...GOOD, ...env }, write: (line) => written.push(line) });
  expect(written.join('')).toContain(warning);
});

test('the variables of other programs are ignored', () => {
  const others = {
    PATH: '/bin',
    HOME: '/root',
    POST: '1',
    HOSTNAME: 'x',
    MYSQL_HISTFILE: 'x',
    MYSQL_SERVICE_HOST: '10.0.0.1',
    TENCENT_SECRET_ID: 'x',
    TENCENTCLOUD_SECRETID: 'x',
    SECRET_ID: 'x',
    LEGACY_MYSQL_HOST: 'x',
    npm_config_cache: 'x',
    VSCODE_PID: '1',
  };
  expect(loadConfig({ ...others, ...GOOD }).warnings).toEqual([]);
});

test('a misspelt key of a tenant is a problem that names the right one, and a strange one is not repeated', () => {
  const tenant = { apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: 'c'.repeat(64) };
  const problems = (more: object) => {
    const loaded = loadConfig({ ...GOOD, TENANTS: JSON.stringify([{ ...tenant, ...more }]) });
    return loaded.ok ? [] : loaded.problems;
  };
  expect(problems({})).toEqual([]);
  expect(problems({ imCallbackTokn: 'x' })).toEqual([
    'TENANTS[0].imCallbackTokn is not known; did you mean imCallbackToken?',
  ]);
  expect(problems({ imAdmin: 5 })).toEqual(['TENANTS[0].imAdmin must be one line of text']);
  const strange = problems({ 'never-print-me': 'x' });
  expect(strange).toEqual([
    expect.stringContaining('TENANTS[0] has a key that is none of apaasAppId, sdkAppId, secret'),
  ]);
  expect(strange.join()).not.toContain('never-print-me');
});

test.each([
  ['PORT', 'abc'],
  ['TIM_ENDPOINT', 'ftp://im'],
  ['OWNER_TIMEOUT_SECONDS', '0'],
])('a server does not start on a bad %s, and says why', (name, value) => {
  const env = { PATH: process.env['PATH'], ...GOOD, SQLITE_PATH: ':memory:', PORT: '0', [name]: value };
  const { status, stderr } = spawnSync(process.execPath, ['dist/index.js'], {
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining(`live-room does not start:\n  ${name} must be`)]);
  expect(stderr).not.toContain(value === '0' ? 'nothing' : value);
});

test.each([
  [{ ...GOOD, TRTC_TIM_APPID: '' }, true],
  [{ ...GOOD, ROOM_CLOSE_SECONDS: '-1' }, false],
  [{ ...GOOD, ROOM_CLOSE_SECONDS: '-1', MYSQL_HOST: 'x', TENCENTCLOUD_RUNENV: 'SCF' }, true],
])('without an application, and in the cloud, it starts and reports the problem: %j %s', (env, starts) => {
  expect(loadConfig(env)).toMatchObject({ ok: false, starts });
});
