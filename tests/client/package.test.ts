/** The client as it is published: packed, installed into empty projects, imported, required and type-checked there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_KEY } from '../../testkit/operator';
import { useService } from '../../testkit/service';

const root = join(__dirname, '../..');
const service = useService('sqlite', { env: { ADMIN_KEY } });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-room-client-'));
  const run = (file: string, args: string[], cwd: string) => execFileSync(file, args, { cwd, encoding: 'utf8' });
  const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], join(root, 'client')).trim();
  writeFileSync(join(folder, 'package.json'), '{"name":"an-empty-project","private":true}');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed)], folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('has its files, types and licence, and brings nothing along', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'live-room-client',
  ]);
  const files = readdirSync(join(folder, 'node_modules/live-room-client'));
  expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
});

const PROGRAM = `
const client = new LiveRoomClient({ baseUrl: process.argv[2], keepaliveMs: 0 });
const admin = new LiveRoomAdmin({ baseUrl: process.argv[2], key: process.argv[3] });
(async () => {
  const name = 'packed-' + process.pid + Math.random();
  await client.register(name, 'secret');
  const { userId } = await client.signIn({ username: name, password: 'secret' });
  await client.api.enterRoom({ roomId: userId, role: 'anchor' });
  const rooms = await client.api.queryRoom({ roomIds: [userId] });
  await admin.api.endRoom({ roomId: userId, reason: 'packed' });
  console.log([rooms.length, (await client.api.queryRoom({ roomIds: [userId] })).length, typeof verifyWebhook].join());
})();
`;

test.each([
  [
    'imported',
    'program.mjs',
    `import { LiveRoomClient } from 'live-room-client';
     import { LiveRoomAdmin } from 'live-room-client/admin';
     import { verifyWebhook } from 'live-room-client/webhooks';`,
  ],
  [
    'required',
    'program.cjs',
    `const { LiveRoomClient } = require('live-room-client');
     const { LiveRoomAdmin } = require('live-room-client/admin');
     const { verifyWebhook } = require('live-room-client/webhooks');`,
  ],
])('works against a service when it is %s', async (_how, file, load) => {
  writeFileSync(join(folder, file), load + PROGRAM);
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [file, `http://127.0.0.1:${service().port}`, ADMIN_KEY], { cwd: folder });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(output).toBe('1,0,function\n');
});

const TYPED = `
import { LiveRoomClient, LiveRoomError, saltOf, type Room } from 'live-room-client';
import { LiveRoomAdmin } from 'live-room-client/admin';
import { verifyWebhook, type WebhookEvent } from 'live-room-client/webhooks';

export async function use(): Promise<number> {
  const client = new LiveRoomClient({ baseUrl: 'https://example.com/release/' });
  await client.signIn({ username: 'alice', password: saltOf('alice', 'secret') });
  const rooms: Room[] = await client.api.queryRoom({ limit: 20, orderBy: 'totalJoined' });
  const { roomId } = await client.api.enterRoom();
  await client.api.leaveRoom({ roomId });
  // @ts-expect-error roomId is required
  await client.api.leaveRoom();
  // @ts-expect-error limit is a number
  await client.api.queryRoom({ limit: 'many' });
  // @ts-expect-error there is no such endpoint
  await client.api.noSuchCall();
  // @ts-expect-error there is no such parameter
  await client.call('roomDetail', { roomId, nonsense: 1 });
  const admin = new LiveRoomAdmin({ baseUrl: 'https://example.com', key: 'lrk_x' });
  for await (const room of admin.each('rooms')) await admin.api.endRoom({ roomId: room.roomId, reason: 'x' });
  // @ts-expect-error a reason is required
  await admin.api.endRoom({ roomId });
  const event: WebhookEvent = verifyWebhook('whsec_x', { 'webhook-id': 'x' }, 'x');
  if (event.type === 'room.ended') {
    const by: 'owner' | 'operator' | 'service' | 'absence' | 'account' | 'im' = event.data.endedBy;
    // @ts-expect-error who entered is said by member.joined
    return by.length + event.data.userId.length;
  }
  return rooms.length + event.type.length + new LiveRoomError('roomDetail', 'x', { code: 2004 }).code;
}
`;

/** Every way in which TypeScript finds types; without \`dom\` and without the types of Node.js. */
test.each([
  ['node10', { module: 'commonjs', moduleResolution: 'node10' }, 'typed.ts'],
  ['node16, imported', { module: 'node16', moduleResolution: 'node16' }, 'typed.mts'],
  ['node16, required', { module: 'node16', moduleResolution: 'node16' }, 'typed.cts'],
  ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }, 'typed.mts'],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }, 'typed.ts'],
])('has types under %s that accept right calls and refuse wrong ones', (_how, options, file) => {
  const project = join(folder, 'typed');
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  cpSync(join(folder, 'node_modules'), join(project, 'node_modules'), { recursive: true });
  writeFileSync(join(project, file), TYPED);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const config = { compilerOptions: { ...compilerOptions, ...options }, files: [file] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
  expect([result.stdout, result.status]).toEqual(['', 0]);
});
