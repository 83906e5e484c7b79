/** The configuration: every problem listed at once and never a value; and what the API says while it is bad. */
import { readFileSync } from 'node:fs';
import { compose } from '../../src/compose';
import { loadConfig } from '../../src/config/config';
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

test('all problems are listed together, by name and rule, without a value', () => {
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

test('demo mode exists only where it is allowed, nothing is set, and it is no cloud', () => {
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

test('tokens of one secret are no good under another, with or without a key of their own', () => {
  const key = (env: Record<string, string>) => {
    const loaded = loadConfig({ ...GOOD, ...env });
    return loaded.ok ? Buffer.from(loaded.config.tokenKey).toString('hex') : '';
  };
  const keys = [key({}), key({ TRTC_TIM_SECRET: 'b'.repeat(64) }), key({ TOKEN_SECRET: 'c'.repeat(32) })];
  expect(new Set(keys).size).toBe(3);
  expect(keys[0]).toHaveLength(64);
});

test('.env.example names every variable that the configuration reads', () => {
  const source = readFileSync('src/config/config.ts', 'utf8');
  const read = new Set(
    [...source.matchAll(/(?:text|integer|flag|json|url|seconds)\(\s*'([A-Z][A-Z0-9_]+)'|env\['([A-Z0-9_]+)'\]/g)].map(
      ([, a, b]) => a ?? b,
    ),
  );
  // Set by the platform itself, not by whoever configures the service.
  for (const name of read) if (name?.startsWith('TENCENTCLOUD_')) read.delete(name);
  const named = new Set(
    [...readFileSync('.env.example', 'utf8').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name),
  );
  expect([...read].filter((name) => !named.has(name))).toEqual([]);
});
