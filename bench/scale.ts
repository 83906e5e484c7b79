/**
 * What years of data cost: the same requests on 2 million users, 1 million rooms and 3 million memberships, on tables
 * 1,000 times smaller, and on the same open rooms without the history, taken in turns in one run on one server.
 */
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { loadConfig } from '../src/config/config';
import { createDatabaseSource, type DatabaseSource } from '../src/data/engine/open';
import { listRooms } from '../src/data/rooms/room-lists';
import { createTokens } from '../src/rules/accounts/tokens';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { CATEGORY, layout, type Scale, SECOND_TENANT, seed } from '../testkit/seed';
import { run } from './load';
import { type Running, startProcess } from './processes';
import { printTable } from './table';
import { median } from './turns';

const SCALES = {
  small: { users: 2_000, rooms: 1_000, live: 20, members: 3_000 },
  open: { users: 40_000, rooms: 20_000, live: 20_000, members: 800_000 },
  big: { users: 2_000_000, rooms: 1_000_000, live: 20_000, members: 3_000_000 },
} as const satisfies Record<string, Scale>;
type Name = keyof typeof SCALES;
const NAMES = ['small', 'open', 'big'] as const;

const ROUNDS = 12;
const REQUESTS = 40;
/** People who send keepalives that are due: one each. */
const PEOPLE = (ROUNDS + 1) * REQUESTS;
/** People and rooms of enter_room and leave_room, the same in every round. */
const PAIRS = 3 * REQUESTS;

const APPLICATION = {
  TRTC_TIM_APPID: '1400000000',
  TRTC_TIM_SECRET: 'benchmark-only-0123456789abcdef',
  TENANTS: JSON.stringify([
    { apaasAppId: SECOND_TENANT, sdkAppId: 1400000001, secret: 'benchmark-only-fedcba9876543210' },
  ]),
};

interface Place {
  scale: Scale;
  service: Running;
  source: DatabaseSource;
  /** userId and token of the n-th person, as the beginning of a query. */
  person: (n: number) => string;
  /** roomId of a visible room of the first tenant; they come in no order of age or size. */
  room: (n: number) => string;
}

async function tokensFor(scale: Scale): Promise<{ users: number[]; queries: string[] }> {
  const result = loadConfig(APPLICATION);
  if (!result.ok) throw new Error(result.message);
  const { issue } = createTokens(result.config.tokenKey, { clock: Date.now });
  const { session, tenantOfUser } = layout(scale);
  const all = Math.floor(scale.users / 2);
  const users: number[] = [];
  for (let n = 0; users.length < PEOPLE && n < all; n += 1) {
    // Spread over the whole table; a step of 7919 reaches every number once.
    const user = ((n * 7919) % all) * 2 + 1;
    if (tenantOfUser(user) === '') users.push(user);
  }
  const expiresAt = Date.now() + 86_400_000;
  const queries = users.map(async (user) => {
    const token = issue({ tenant: '', userId: user, sessionId: session(user) }, expiresAt);
    return `userId=${user}&token=${token}`;
  });
  return { users, queries: await Promise.all(queries) };
}

async function prepare(root: string, mysql: MysqlServer, name: Name): Promise<Place> {
  const scale = SCALES[name];
  const { host, port, user, password } = mysql;
  const database = `bench_${name}`;
  const source = createDatabaseSource({
    kind: 'mysql',
    servers: [{ host, port }],
    user,
    password,
    database,
    poolSize: 2,
  });
  await source.check();
  const connection = await createConnection({ host, port, user, password, database });
  const started = performance.now();
  await seed(connection, scale, Date.now());
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${name}: ${JSON.stringify(scale)} made in ${seconds} s\n`);
  const { users, queries } = await tokensFor(scale);
  // Their heartbeats are due.
  await connection.query('UPDATE presence SET alive_until = ? WHERE user_id IN (?)', [Date.now(), users]);
  await connection.end();
  const { onAir, owner, tenant } = layout(scale);
  const visible = Array.from({ length: scale.live }, (_, live) => live).filter((n) => onAir(n) && tenant(n) === '');
  const env = { ...APPLICATION, ...mysql.env(database), MYSQL_POOL_SIZE: '10' };
  return {
    scale,
    source,
    service: await startProcess(join(root, 'dist/index.js'), env),
    person: (n) => queries[n % queries.length] ?? '',
    room: (n) => String(owner(visible[Math.floor(n * 0.6180339887 * visible.length) % visible.length] ?? 0)),
  };
}

interface Case {
  name: string;
  /** Number of rounds, if it is not ROUNDS. */
  rounds?: number;
  /** One request of round `round`. */
  path: (place: Place, n: number, round: number) => string;
}

function requests(): Case[] {
  const list = (order: string, category: boolean, offset: number): Case => ({
    name: `query_room ${order}${category ? ', category' : ''}${offset > 0 ? `, offset ${offset}` : ''}`,
    // Most of these are answered from memory in a tenth of a millisecond, which needs more of them.
    rounds: 5 * ROUNDS,
    path: ({ person }, n) =>
      `rooms/query_room?${person(n)}&limit=10&offset=${offset}&orderBy=${order}${category ? `&category=${CATEGORY}` : ''}`,
  });
  const pair = ({ person, room }: Place, n: number) => `${person(n % PAIRS)}&roomId=${room(n % PAIRS)}`;
  const at = (n: number, round: number) => n + round * REQUESTS;
  return [
    ...LISTS.map(({ order, category, offset }) => list(order, category, offset)),
    { name: 'room_detail', path: (p, n, round) => `rooms/room_detail?${p.person(n)}&roomId=${p.room(at(n, round))}` },
    { name: 'list_users', path: (p, n, round) => `rooms/list_users?${p.person(n)}&roomId=${p.room(at(n, round))}` },
    { name: 'enter_room', path: (p, n, round) => `rooms/enter_room?${pair(p, at(n, round))}&role=audience` },
    { name: 'leave_room', path: (p, n, round) => `rooms/leave_room?${pair(p, at(n, round))}` },
    { name: 'user_keepalive, due', path: (p, n, round) => `auth_users/user_keepalive?${p.person(at(n, round))}` },
    { name: 'user_keepalive, fresh', path: (p, n, round) => `auth_users/user_keepalive?${p.person(at(n, round))}` },
  ];
}

const LISTS = [false, true].flatMap((category) =>
  [0, 1_000].flatMap((offset) => (['createUtc', 'totalJoined'] as const).map((order) => ({ order, category, offset }))),
);

type Times = Record<Name, number[]>;

/** `once` gives a p50 in ms; the first round warms up, and the order changes every round. */
async function inTurns(
  places: Record<Name, Place>,
  once: (place: Place, round: number) => Promise<number>,
  rounds = ROUNDS,
) {
  const times: Times = { small: [], open: [], big: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const order = NAMES.map((_, i) => NAMES[(i + round) % NAMES.length] ?? 'big');
    for (const name of order) {
      const p50 = await once(places[name], round);
      if (round > 0) times[name].push(p50);
    }
  }
  return times;
}

function row(name: string, times: Times): string[] {
  const [small, open, big] = NAMES.map((which) => median(times[which]));
  const ratio = (of = 0, to = 0) => (of / to).toFixed(2);
  return [name, ...[small, open, big].map((ms = 0) => ms.toFixed(2)), ratio(big, small), ratio(big, open)];
}

async function overHttp(places: Record<Name, Place>): Promise<string[][]> {
  const rows: string[][] = [];
  // Compiled in advance: the measured work takes less than its compilation.
  for (const { path } of requests().filter(({ name }) => name.startsWith('query_room'))) {
    for (const place of Object.values(places)) {
      const next = (n: number) => `/base/v1/${path(place, n, 0)}`;
      await run({ port: place.service.port, concurrency: 1, count: 10 * REQUESTS, next });
    }
  }
  for (const { name, path, rounds = ROUNDS } of requests()) {
    const times = await inTurns(
      places,
      async (place, round) => {
        const next = (n: number) => `/base/v1/${path(place, n, round)}`;
        const { p50, wrong } = await run({ port: place.service.port, concurrency: 1, count: REQUESTS, next });
        if (wrong > 0) throw new Error(`${name}: ${wrong} wrong answers`);
        return p50;
      },
      rounds,
    );
    rows.push(row(name, times));
  }
  return rows;
}

/** Only the list's statement: concurrent requests for a list share one query. */
async function statements(places: Record<Name, Place>): Promise<string[][]> {
  const rows: string[][] = [];
  for (const { order, category, offset } of LISTS) {
    const times = await inTurns(places, async ({ source }) => {
      const took: number[] = [];
      for (let n = 0; n < REQUESTS; n += 1) {
        const now = Date.now();
        const orderBy = order === 'createUtc' ? ('created_at' as const) : ('total_joined' as const);
        const filter = { tenant: '', ...(category && { category: CATEGORY }), orderBy, offset, limit: 10 };
        const started = performance.now();
        await listRooms(source.forRequest(), filter, { now, memberCutoff: now });
        took.push(performance.now() - started);
      }
      return median(took);
    });
    rows.push(row(`${order}${category ? ', category' : ''}${offset > 0 ? `, offset ${offset}` : ''}`, times));
  }
  return rows;
}

export async function benchScale(root: string): Promise<void> {
  const options = ['--innodb-buffer-pool-size=3G', '--innodb-log-file-size=1G'];
  const mysql = await startMysqlServer({ durable: true, options });
  const running: Place[] = [];
  try {
    const open = async (name: Name) => {
      const place = await prepare(root, mysql, name);
      running.push(place);
      return place;
    };
    const places = { big: await open('big'), open: await open('open'), small: await open('small') };
    const head = (what: string) => [what, 'small', 'open', 'big', 'big/small', 'big/open'];
    process.stdout.write(
      `\np50 in ms at concurrency 1, ${ROUNDS} rounds of ${REQUESTS} in turns, every commit on disk.\n`,
    );
    process.stdout.write('small: 1,000 times less of everything. open: the same open rooms without any history.\n');
    printTable(head('request'), await overHttp(places));
    process.stdout.write('\nOnly the statement of query_room, when no answer is shared (small has no 1,000th room)\n');
    printTable(head('order'), await statements(places));
  } finally {
    for (const { service, source } of running) {
      await service.stop();
      await source.close();
    }
    await mysql.stop();
  }
}
