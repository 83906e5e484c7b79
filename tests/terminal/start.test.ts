/** The output of a starting service: in a terminal (a pseudo-terminal made by script(1)), and in a pipe. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../testkit/lived';
import { start, stopAll } from './support';

const SETTINGS = {
  TRTC_TIM_APPID: '1400000001',
  TRTC_TIM_SECRET: 'a'.repeat(64),
  TIM_ENDPOINT: 'off',
  TRTC_ENDPOINT: 'off',
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-room-terminal-'));
});

afterEach(() => {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
});

function startDemo(env: Readonly<Record<string, string>> = {}, terminal = false) {
  return start(['--local'], { folder, env, terminal });
}

async function call(port: number, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`);
}

test('script(1) is installed; without it nothing here can test a terminal', () => {
  expect(spawnSync('script', ['--version']).status).toBe(0);
});

test('in a terminal the banner links the pages, and requests are sentences; codes stay plain', async () => {
  const service = startDemo({}, true);
  const port = await service.port();
  for (const page of ['console', 'operators', 'docs']) {
    expect(service.output()).toContain(`http://localhost:${port}/${page}`);
  }
  expect(service.output()).toMatch(/Key .*lrk_/);
  await call(port, '/base/v1/rooms/query_room');
  await call(port, '/base/v1/auth_users/user_verify_by_picture?phone=%2B8613800000001');
  await until('a sentence', () => /query_room .*204 /.test(service.output()));
  await until('the code', () => /^sign-in code for \+8613800000001: \d{6}\r?$/m.test(service.output()));
  expect(service.output()).not.toContain('"requestId"');
});

test.each([
  ['a pipe', {}],
  ['LOG_FORMAT=json in a terminal', { LOG_FORMAT: 'json' }],
])('%s gets JSON lines', async (_name, env) => {
  const service = startDemo(env, 'LOG_FORMAT' in env);
  await call(await service.port(), '/base/v1/rooms/query_room');
  await until('a JSON line', () => /^\{.*"endpoint":"rooms\/query_room".*\}\r?$/m.test(service.output()));
});

test('the demo accepts connections of this computer only, unless HOST is set', async () => {
  const reached = async (port: number) => {
    // 127.0.0.2 is this computer too, on another address than the demo listens at.
    return fetch(`http://127.0.0.2:${port}/livez`).then(
      (response) => response.status,
      () => 'refused',
    );
  };
  const closed = startDemo();
  expect(await reached(await closed.port())).toBe('refused');
  const open = startDemo({ HOST: '0.0.0.0', SQLITE_PATH: join(folder, 'other.sqlite') });
  expect(await reached(await open.port())).toBe(200);
});

test('a database file that cannot be opened is one sentence with its remedy; / names the part', async () => {
  const service = startDemo({ SQLITE_PATH: '/dev/null/live.sqlite' });
  const port = await service.port();
  await until('the sentence', () =>
    service.output().includes('SQLite at /dev/null/live.sqlite: the file cannot be written. Make its folder writable'),
  );
  const answer = await call(port, '/');
  expect([answer.status, await answer.json()]).toMatchObject([
    503,
    { errorCode: 103, errorMessage: expect.stringMatching(/the database \(SQLite\) does not answer: E/) },
  ]);
});

test('a MySQL server that is not there is named with its address; the service continues trying', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await new Promise<void>((resolve) => taken.close(() => resolve()));
  const service = start([], { folder, env: { ...SETTINGS, MYSQL_HOST: '127.0.0.1', MYSQL_PORT: String(port) } });
  const sentence = `MySQL at 127.0.0.1:${port}: no server listens there. Start MySQL, or correct MYSQL_HOST and MYSQL_PORT. Trying again`;
  await until('the sentence', () => service.output().includes(sentence));
  expect(service.child.exitCode).toBeNull();
});

test('USER_IDS that was changed after the first account: exit 1 with the remedy; set back, it starts', async () => {
  const first = startDemo();
  const port = await first.port();
  const account = `username=somebody&salt=${'a'.repeat(32)}`;
  const register = async () => Object(await (await call(port, `/base/v1/oauth/register?${account}`)).json()).errorCode;
  await until('the account is there', async () => (await register()) === 0);
  first.child.kill('SIGKILL');
  const changed = startDemo({ USER_IDS: 'username' });
  await until('it has ended', () => changed.child.exitCode !== null);
  expect(changed.child.exitCode).toBe(1);
  expect(changed.output()).toContain(
    'live-room does not start:\n  USER_IDS (userIds of a tenant) was changed although there are accounts. Set it back.\n',
  );
  const back = startDemo();
  const backPort = await back.port();
  await until('it answers', async () => (await call(backPort, '/readyz')).status === 200);
});

test('a second process on the same SQLite file is warned with the number of the first', async () => {
  const first = startDemo();
  const firstPort = await first.port();
  await until('it is open', async () => (await call(firstPort, '/')).status === 200);
  await until('it has claimed the file', () => spawnSync('test', ['-e', join(folder, 'live.sqlite.pid')]).status === 0);
  const second = startDemo();
  await until('the warning', () =>
    second.output().includes(`Another live-room (pid ${first.child.pid}) uses the same SQLite file`),
  );
  expect(first.output()).not.toContain('Another live-room');
});

test('settings under another name of the same thing get a suggestion', async () => {
  const service = startDemo({ TRTC_APPID: '1400000001', TRTC_SECRET: 'a'.repeat(32) });
  await service.port();
  expect(service.output()).toContain('TRTC_APPID is not a setting; did you mean TRTC_TIM_APPID?');
  expect(service.output()).toContain('TRTC_SECRET is not a setting; did you mean TRTC_TIM_SECRET?');
});

test('a page that a setting turns on names the setting while it is off; an unknown path names the pages there are', async () => {
  const service = start([], { folder, env: SETTINGS });
  const port = await service.port();
  const message = async (path: string) => Object(await (await call(port, path)).json()).errorMessage;
  expect(await message('/metrics')).toContain('set METRICS_TOKEN to turn it on');
  expect(await message('/console')).toContain('set CONSOLE=on to turn it on');
  expect(await message('/nothing')).toContain('the API is at /base/v1, described at /docs');
});
