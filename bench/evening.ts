/**
 * An evening with a given number of people online: heartbeats, lists, rooms, entries and exits, sign-ins, going live, all concurrently
 * and in an open loop, on the database of years. Takes steps until the p99 is above 50 ms or an answer is wrong;
 * then the highest passing load stays for some minutes, in which memory is recorded.
 *
 *     npm run bench -- evening [people,people,…] [seconds per step] [processes] [big|small] [seconds to stay] [messages a second]
 *
 * With messages, the people write as well: IM asks about each message before it goes out, with 20,000 words.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { type DatabaseConfig, loadConfig } from '../src/config/config';
import { createDatabaseSource } from '../src/data/engine/open';
import { createTokens } from '../src/rules/accounts/tokens';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { CATEGORY, layout, type Scale, SECOND_TENANT, seed } from '../testkit/seed';
import { addWords, CALLBACK_SETTINGS, messages } from './messages';
import { type LoopFigures, openLoop, type Stream } from './open-loop';
import { type Person, signaturePath, signUpMany } from './people';
import { type Running, startProcess } from './processes';
import { cell, printTable } from './table';

const SCALES = {
  big: { users: 2_000_000, rooms: 1_000_000, live: 20_000, members: 3_000_000 },
  small: { users: 200_000, rooms: 20_000, live: 2_000, members: 100_000 },
} as const satisfies Record<string, Scale>;
/** Viewers of one room, the busiest of all. */
const CROWD = 20_000;
const CONNECTIONS = 500;
/** p99, ms; a machine with other work may need more. */
const AIM_MS = Number(process.env['EVENING_AIM_MS'] ?? 50);
/** Requests a second of 100,000 people; fewer people ask in proportion. */
const PER_100_000 = { beat: 10_000, list: 400, detail: 300, users: 300, enter: 120, leave: 120, signIn: 30, live: 3 };
/** Node options to profile the service: `--cpu-prof --cpu-prof-dir=…`. */
const NODE_OPTIONS = (process.env['EVENING_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
const SIGNERS = 200;
const ANCHORS = 120;

/** The usual setting for a server of this size: small logs make it write its pages all the time. */
const SIZES = ['--innodb-buffer-pool-size=2G', '--innodb-log-file-size=1G'];

const APPLICATION = {
  TRTC_TIM_APPID: '1400000000',
  TRTC_TIM_SECRET: 'benchmark-only-0123456789abcdef',
  TENANTS: JSON.stringify([
    { apaasAppId: SECOND_TENANT, sdkAppId: 1400000001, secret: 'benchmark-only-fedcba9876543210' },
  ]),
};

/** Up to `count` people of the first tenant who have a session, in no order. */
function whoComes(scale: Scale, count: number): number[] {
  const { tenantOfUser } = layout(scale);
  const half = scale.users / 2;
  const users: number[] = [];
  for (let n = 0; users.length < count && n < half; n += 1) {
    const user = ((n * 7919) % half) * 2 + 1;
    if (tenantOfUser(user) === '') users.push(user);
  }
  return users;
}

/** userId and token of each. */
function signedIn(scale: Scale, users: readonly number[]): string[] {
  const result = loadConfig(APPLICATION);
  if (!result.ok) throw new Error(result.message);
  const { issue } = createTokens(result.config.tokenKey, { clock: Date.now });
  const { session } = layout(scale);
  const until = Date.now() + 86_400_000;
  return users.map((user) => {
    const token = issue({ tenant: '', userId: user, sessionId: session(user) }, until);
    return `userId=${user}&token=${token}`;
  });
}

interface Scene {
  people: readonly string[];
  signers: readonly Person[];
  anchors: readonly Person[];
  rooms: readonly string[];
  /** Per second. */
  messages: number;
}

/** Rooms that people write in. */
const TALKING = 500;

const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T;
const LISTS = [
  '',
  `&category=${CATEGORY}`,
  '&orderBy=totalJoined',
  `&category=${CATEGORY}&orderBy=totalJoined`,
  '&offset=20',
];

function streams(scene: Scene, online: number): Stream[] {
  const share = online / 100_000;
  const base = '/base/v1/';
  const present = scene.people.slice(0, online);
  const room = () => (Math.random() < 0.3 ? scene.rooms[0] : pick(scene.rooms));
  const inside: string[] = [];
  let beat = 0;
  let turn = 0;
  const make: Record<keyof typeof PER_100_000, () => string | undefined> = {
    beat: () => `${base}auth_users/user_keepalive?${present[beat++ % present.length]}`,
    list: () => `${base}rooms/query_room?${pick(present)}&limit=20${pick(LISTS)}`,
    detail: () => `${base}rooms/room_detail?${pick(present)}&roomId=${room()}`,
    users: () => `${base}rooms/list_users?${pick(present)}&roomId=${room()}`,
    enter: () => {
      const where = `${pick(present)}&roomId=${room()}`;
      inside.push(where);
      return `${base}rooms/enter_room?${where}&role=audience`;
    },
    leave: () => {
      const where = inside.length > PER_100_000.enter * share * 10 ? inside.shift() : undefined;
      return where && `${base}rooms/leave_room?${where}`;
    },
    signIn: () => base + signaturePath(pick(scene.signers).name),
    // Each anchor in turn: live, and at the next time over.
    live: () => {
      const me = scene.anchors[turn % scene.anchors.length] as Person;
      const round = Math.floor(turn++ / scene.anchors.length);
      const path = round % 2 === 0 ? `enter_room?role=anchor&category=bench&title=t` : 'destroy_room?';
      return `${base}rooms/${path}&${me.query}&roomId=${me.userId}`;
    },
  };
  // Opened and ended: two requests a live.
  const rate = (name: keyof typeof PER_100_000) => PER_100_000[name] * share * (name === 'live' ? 2 : 1);
  const calls = Object.entries(make).map(([name, path]) => ({
    name,
    perSecond: rate(name as keyof typeof make),
    next: () => {
      const asked = path();
      return asked === undefined ? undefined : { path: asked, expected: '"errorCode":0' };
    },
  }));
  if (scene.messages === 0) return calls;
  const senders = present.map((query) => query.slice('userId='.length, query.indexOf('&')));
  const sender = (n: number) => senders[n % senders.length] ?? '';
  return [...calls, messages({ perSecond: scene.messages, rooms: scene.rooms.slice(0, TALKING), sender })];
}

const AT_ONCE = 10_000;

/** Heartbeats are spread evenly over time. */
async function spreadBeats(connection: Connection, users: readonly number[]): Promise<void> {
  const now = Date.now();
  for (let from = 0; from < users.length; from += AT_ONCE) {
    const some = users.slice(from, from + AT_ONCE).join(',');
    await connection.query(`UPDATE presence SET alive_until = ${now} + user_id % 90000 WHERE user_id IN (${some})`);
  }
}

async function fill(connection: Connection, scale: Scale): Promise<void> {
  const { room } = layout(scale);
  const started = performance.now();
  await seed(connection, scale, Date.now());
  await connection.query(
    `INSERT IGNORE INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until)
      SELECT ${room(0)}, 1, id, 'audience', 1, ${Date.now()} - id, 9000000000000000 FROM users WHERE id <= ${CROWD}`,
  );
  process.stdout.write(`${JSON.stringify(scale)} made in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Stand {
  services: readonly Running[];
  mysql: MysqlServer;
  scene: Scene;
}

interface Step {
  figures: LoopFigures;
  /** Why this was too much; '' = it was not. */
  stopped: string;
}

function whyStopped({ all, left }: LoopFigures, about: string): string {
  const reasons = [
    ...(all.p99 > AIM_MS ? [`p99 ${all.p99.toFixed(0)} ms`] : []),
    ...(all.wrong > 0 ? [`${all.wrong} wrong answers`] : []),
    ...(left > 0 ? [`${left} requests that found no connection`] : []),
  ];
  return reasons.length === 0 ? '' : `${reasons.join(', ')}; ${about}`;
}

async function step({ services, mysql, scene }: Stand, plan: { online: number; ms: number }): Promise<Step> {
  const load = { ports: services.map(({ port }) => port), connections: CONNECTIONS, ms: plan.ms };
  const used = () => [services.reduce((sum, service) => sum + service.cpuMs(), 0), mysql.cpuMs(), ownMs()];
  const before = used();
  const memory: string[] = [];
  const look = () => memory.push(services.map((one) => one.rss().toFixed(0)).join(' + '));
  look();
  const watch = setInterval(look, plan.ms / 10);
  const figures = await openLoop(streams(scene, plan.online), load);
  clearInterval(watch);
  const [service, database, own] = used().map((value, index) => (value - (before[index] ?? 0)) / plan.ms);
  const cores = [service, database, own].map((value) => (value ?? 0).toFixed(2));
  const about = `cores: service ${cores[0]}, database ${cores[1]}, load ${cores[2]} of ${cpus().length}`;
  report(plan.online, figures, about);
  process.stdout.write(`memory of the service, MiB, over the time: ${memory.join(', ')}\n`);
  return { figures, stopped: whyStopped(figures, about) };
}

function report(online: number, result: LoopFigures, about: string): void {
  const ms = (value: number) => value.toFixed(1);
  process.stdout.write(
    `\n${cell(online)} people: ${about}; load late by ${ms(result.lateP99)} ms (p99), ${result.left} never sent\n`,
  );
  const rows = [...result.streams, result.all].map(({ name, perSecond, p50, p99, max, wrong }) => [
    name,
    cell(perSecond),
    ms(p50),
    ms(p99),
    ms(max),
    String(wrong),
  ]);
  printTable(['', 'requests/s', 'p50 ms', 'p99 ms', 'max ms', 'wrong'], rows);
  process.stdout.write(`p99 of each second: ${result.seconds.map((value) => value.toFixed(0)).join(' ')}\n`);
}

const SETTLED_PART = 0.05;
const LOOK_MS = 2_000;
const MOST_LOOKS = 90;

/** The server writes pages for a while after inserting this number of rows; no evening begins like that. */
async function settle(mysql: MysqlServer): Promise<void> {
  for (let looks = 1; looks <= MOST_LOOKS; looks += 1) {
    const before = mysql.cpuMs();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (mysql.cpuMs() - before < LOOK_MS * SETTLED_PART) return;
  }
  process.stdout.write(`the database is still busy after ${(MOST_LOOKS * LOOK_MS) / 1000} s\n`);
}

interface Plan {
  steps: readonly number[];
  stepMs: number;
  stayMs: number;
  processes: number;
}

/** The steps one after the other; then the highest passing one for longer (0: no longer), or, if it fails, the one before. */
async function evening(stand: Stand, { steps, stepMs, stayMs, processes }: Plan): Promise<void> {
  // Compiles, prepares and reads everything for the first time.
  await step(stand, { online: Math.min(10_000, ...steps), ms: Math.min(stepMs, 10_000) });
  process.stdout.write('(so far to warm up)\n');
  const passed: number[] = [];
  let stopped = '';
  for (const online of steps) {
    const result = await step(stand, { online, ms: stepMs });
    stopped = result.stopped && `${cell(online)} people: ${result.stopped}`;
    if (stopped) break;
    passed.push(online);
  }
  for (const online of stayMs > 0 ? passed.reverse().slice(0, 2) : []) {
    const result = await step(stand, { online, ms: stayMs });
    const what = `${cell(online)} people for ${stayMs / 1000} s, ${processes} process(es)`;
    process.stdout.write(`\n${what}: ${result.stopped || `p99 within ${AIM_MS} ms, nothing wrong`}\n`);
    if (!result.stopped) break;
  }
  process.stdout.write(stopped ? `stopped at ${stopped}\n` : 'no step was too much\n');
}

const SCHEMA_LOOKS = 10;

async function makeSchema(config: DatabaseConfig): Promise<void> {
  const source = createDatabaseSource(config);
  // One read waits for the time of a request, of which a busy machine may need more; the work continues.
  for (let looks = 1; ; looks += 1) {
    const error = await source.check().catch((reason: unknown) => reason);
    if (error === undefined) break;
    if (looks === SCHEMA_LOOKS) throw error;
  }
  await source.close();
}

export async function benchEvening(root: string, rest: readonly string[]): Promise<void> {
  const steps = (rest[0] ?? '20000,40000,60000,80000,100000').split(',').map(Number);
  const seconds = (index: number, otherwise: number) => Number(rest[index] ?? otherwise) * 1000;
  const processes = Number(rest[2] ?? 1);
  const plan = { steps, stepMs: seconds(1, 60), stayMs: seconds(4, 600), processes };
  const scale = SCALES[rest[3] === 'small' ? 'small' : 'big'];
  const mysql = await startMysqlServer({ durable: true, options: SIZES });
  try {
    const database = 'bench_evening';
    const { host, port, user, password } = mysql;
    await makeSchema({ kind: 'mysql', servers: [{ host, port }], user, password, database, poolSize: 2 });
    const connection = await createConnection({ host, port, user, password, database });
    const users = whoComes(scale, Math.max(...steps));
    await fill(connection, scale);
    await spreadBeats(connection, users);
    await connection.end();
    await settle(mysql);
    const env = { ...APPLICATION, ...CALLBACK_SETTINGS, ...mysql.env(database), MYSQL_POOL_SIZE: '10' };
    const services: Running[] = [];
    for (let index = 0; index < processes; index += 1) {
      services.push(await startProcess(join(root, 'dist/index.js'), env, NODE_OPTIONS));
    }
    const first = services[0]?.port ?? 0;
    const written = Number(rest[5] ?? 0);
    if (written > 0) await addWords(first);
    const { onAir, owner, tenant } = layout(scale);
    const lives = Array.from({ length: scale.live }, (_, live) => live);
    const scene: Scene = {
      people: signedIn(scale, users),
      signers: await signUpMany(first, SIGNERS, 'signer'),
      anchors: await signUpMany(first, ANCHORS, 'anchor'),
      rooms: lives.filter((n) => onAir(n) && tenant(n) === '').map((n) => String(owner(n))),
      messages: written,
    };
    await evening({ services, mysql, scene }, plan);
    for (const service of services) await service.end();
  } finally {
    await mysql.stop();
  }
}
