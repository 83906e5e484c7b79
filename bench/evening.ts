/**
 * An evening with so many people online: beats, lists, rooms, people coming and going, signing in, going live, all at once
 * and in an open loop, on the database of years. Takes steps until the p99 is above 50 ms or somebody gets a wrong answer.
 *
 *     npm run bench -- evening [people,people,…] [seconds per step] [processes] [big|small]
 */
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { loadConfig } from '../src/config/config';
import { createDatabaseSource } from '../src/data/engine/open';
import { createTokens } from '../src/rules/accounts/tokens';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { CATEGORY, layout, type Scale, SECOND_TENANT, seed } from '../testkit/seed';
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
const AIM_MS = 50;
/** Requests a second of 100,000 people; fewer people ask in proportion. */
const PER_100_000 = { beat: 10_000, list: 400, detail: 300, users: 300, enter: 120, leave: 120, signIn: 30, live: 3 };
const SIGNERS = 200;
const ANCHORS = 120;

const APPLICATION = {
  TRTC_TIM_APPID: '1400000000',
  TRTC_TIM_SECRET: 'benchmark-only-0123456789abcdef',
  TENANTS: JSON.stringify([
    { apaasAppId: SECOND_TENANT, sdkAppId: 1400000001, secret: 'benchmark-only-fedcba9876543210' },
  ]),
};

/** userId and token of `count` people of the first tenant who have a session, in no order. */
function signedIn(scale: Scale, count: number): string[] {
  const result = loadConfig(APPLICATION);
  if (!result.ok) throw new Error(result.message);
  const { issue } = createTokens(result.config.tokenKey, Date.now);
  const { session, tenantOfUser } = layout(scale);
  const half = scale.users / 2;
  const people: string[] = [];
  for (let n = 0; people.length < count && n < half; n += 1) {
    const user = ((n * 7919) % half) * 2 + 1;
    if (tenantOfUser(user) !== '') continue;
    const token = issue({ tenant: '', userId: user, sessionId: session(user) }, Date.now() + 86_400_000);
    people.push(`userId=${user}&token=${token}`);
  }
  return people;
}

interface Scene {
  people: readonly string[];
  signers: readonly Person[];
  anchors: readonly Person[];
  rooms: readonly string[];
}

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
  return Object.entries(make).map(([name, next]) => ({ name, perSecond: rate(name as keyof typeof make), next }));
}

async function fill(connection: Connection, scale: Scale): Promise<void> {
  const { room } = layout(scale);
  const started = performance.now();
  await seed(connection, scale, Date.now());
  await connection.query(
    `INSERT IGNORE INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until)
      SELECT ${room(0)}, 1, id, 'audience', 1, ${Date.now()} - id, 9000000000000000 FROM users WHERE id <= ${CROWD}`,
  );
  // Beats come at all times: a tenth of the people is due at any moment.
  await connection.query(`UPDATE presence SET alive_until = ${Date.now()} + user_id % 90000 WHERE user_id % 2 = 1`);
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

async function step({ services, mysql, scene }: Stand, plan: { online: number; ms: number }): Promise<LoopFigures> {
  const load = { ports: services.map(({ port }) => port), connections: CONNECTIONS, ms: plan.ms };
  const used = () => [services.reduce((sum, service) => sum + service.cpuMs(), 0), mysql.cpuMs(), ownMs()];
  const before = used();
  const result = await openLoop(streams(scene, plan.online), load);
  const [service, database, own] = used().map((value, index) => (value - (before[index] ?? 0)) / plan.ms);
  const cores = [service, database, own].map((value) => (value ?? 0).toFixed(2));
  const rss = services.map((one) => one.rss().toFixed(0)).join(' + ');
  const about = `cores: service ${cores[0]}, database ${cores[1]}, load ${cores[2]}; service ${rss} MiB`;
  report(plan.online, result, about);
  return result;
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

export async function benchEvening(root: string, rest: readonly string[]): Promise<void> {
  const steps = (rest[0] ?? '20000,40000,60000,80000,100000').split(',').map(Number);
  const ms = Number(rest[1] ?? 60) * 1000;
  const processes = Number(rest[2] ?? 1);
  const scale = SCALES[rest[3] === 'small' ? 'small' : 'big'];
  const mysql = await startMysqlServer({ durable: true, options: ['--innodb-buffer-pool-size=2G'] });
  try {
    const database = 'bench_evening';
    const { host, port, user, password } = mysql;
    const source = createDatabaseSource({
      kind: 'mysql',
      servers: [{ host, port }],
      user,
      password,
      database,
      poolSize: 2,
    });
    await source.check();
    await source.close();
    const connection = await createConnection({ host, port, user, password, database });
    await fill(connection, scale);
    await connection.end();
    const env = { ...APPLICATION, ...mysql.env(database), MYSQL_POOL_SIZE: '10' };
    const bundle = join(root, 'dist/index.js');
    const services: Running[] = [];
    for (let index = 0; index < processes; index += 1) services.push(await startProcess(bundle, env));
    const first = services[0]?.port ?? 0;
    const { onAir, owner, tenant } = layout(scale);
    const lives = Array.from({ length: scale.live }, (_, live) => live);
    const scene: Scene = {
      people: signedIn(scale, Math.max(...steps)),
      signers: await signUpMany(first, SIGNERS, 'signer'),
      anchors: await signUpMany(first, ANCHORS, 'anchor'),
      rooms: lives.filter((n) => onAir(n) && tenant(n) === '').map((n) => String(owner(n))),
    };
    // What is compiled, prepared and read for the first time is no evening.
    const stand = { services, mysql, scene };
    await step(stand, { online: Math.min(10_000, ...steps), ms: 5_000 });
    process.stdout.write('(so far to warm up)\n');
    let most = 0;
    for (const online of steps) {
      const { all, left } = await step(stand, { online, ms });
      if (all.p99 > AIM_MS || all.wrong > 0 || left > 0) break;
      most = online;
    }
    process.stdout.write(
      `\np99 of all within ${AIM_MS} ms, nothing wrong: up to ${cell(most)} people, ${processes} process(es)\n`,
    );
    for (const service of services) await service.stop();
  } finally {
    await mysql.stop();
  }
}
