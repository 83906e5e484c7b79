/**
 * The operators' lists at 1 M rooms, 2 M users and 1 M of every other row that they read, next to a thousandth of it
 * on the same server: p50 over HTTP in turns, five items a page, the first page and the next.
 */
import { createConnection } from 'mysql2/promise';
import { createDatabaseSource } from '../src/data/engine/open';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { CATEGORY, type Scale, seed } from '../testkit/seed';
import { SEEDED, seedOperators } from '../testkit/seed-operators';
import { run } from './load';
import { type OperatorsBench, type Running, startProcess } from './processes';
import { printTable } from './table';
import { inTurns, median } from './turns';

const ADMIN_KEY = 'lrk_benchmark-only-0123456789abcdef';
const HEADERS = `authorization: Bearer ${ADMIN_KEY}\r\n`;
const ROUNDS = 20;
/** Calls before the measurement: the measured work takes less than its compilation. */
const WARM = 100;
const REQUESTS = 20;
/** Makes the second page full too with twenty live rooms. */
const LIMIT = 5;
const AIM = 1.3;
/** A live room, and its owner, in every scale. */
const ON_AIR = { room: '2', owner: '2' };

interface Size {
  scale: Scale;
  /** Rows of sanctions, reports, audit, broadcasts, deliveries. */
  rows: number;
}

const SIZES: Readonly<Record<'small' | 'middle' | 'big', Size>> = {
  small: { scale: { users: 2_000, rooms: 1_000, live: 20, members: 1_000 }, rows: 1_000 },
  middle: { scale: { users: 40_000, rooms: 20_000, live: 400, members: 20_000 }, rows: 20_000 },
  big: { scale: { users: 2_000_000, rooms: 1_000_000, live: 20_000, members: 1_000_000 }, rows: 1_000_000 },
};

interface Place {
  service: Running;
  size: Size;
}

async function prepare(mysql: MysqlServer, bundle: string, size: Size): Promise<Place> {
  const { host, port, user, password } = mysql;
  const database = mysql.createDatabaseName();
  const address = { kind: 'mysql', servers: [{ host, port }], user, password, database, poolSize: 2 } as const;
  const source = createDatabaseSource(address);
  await source.check();
  await source.close();
  const connection = await createConnection({ host, port, user, password, database });
  const started = performance.now();
  await seed(connection, size.scale, Date.now());
  await seedOperators(connection, size.rows, Date.now());
  await connection.end();
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${JSON.stringify(size)} made in ${seconds} s\n`);
  const env = { ...mysql.env(database), ADMIN_KEY, MYSQL_POOL_SIZE: '4' };
  return { size, service: await startProcess(bundle, env) };
}

interface List {
  call: string;
  query?: string;
  /** The reason why it may cost more with more rows. */
  bounded?: string;
}

const time = (ms: number) => encodeURIComponent(new Date(ms).toISOString().slice(0, 19));

function lists(now: number): List[] {
  const [day, month] = [86_400_000, 30 * 86_400_000];
  const { user, room, operator, action, webhook } = SEEDED;
  const roomId = String(2 * room);
  const plot = (step: string, ms: number) => `fromUtc=${time(now - ms)}&toUtc=${time(now)}&step=${step}`;
  return [
    { call: 'rooms', query: 'orderBy=viewers' },
    { call: 'rooms', query: 'orderBy=newest' },
    { call: 'rooms', query: 'orderBy=joined' },
    { call: 'rooms', query: `category=${CATEGORY}` },
    { call: 'rooms', query: `ownBy=${ON_AIR.owner}` },
    { call: 'rooms', query: 'search=nothing', bounded: 'reads 3,000 rooms at most' },
    { call: 'room', query: `roomId=${ON_AIR.room}` },
    { call: 'users' },
    { call: 'users', query: 'search=Viewer%2010' },
    { call: 'users', query: 'search=user101' },
    { call: 'user', query: `userId=${user}` },
    { call: 'sanctions' },
    { call: 'sanctions', query: 'kind=ban' },
    { call: 'sanctions', query: 'active=false' },
    { call: 'sanctions', query: `userId=${user}` },
    { call: 'sanctions', query: `roomId=${roomId}` },
    { call: 'reports' },
    { call: 'reports', query: 'state=open' },
    { call: 'reports', query: `roomId=${roomId}` },
    { call: 'reports', query: `userId=${user}` },
    { call: 'audit' },
    { call: 'audit', query: `operator=${operator}` },
    { call: 'audit', query: `action=${action}` },
    { call: 'audit', query: `roomId=${roomId}` },
    { call: 'audit', query: `userId=${user}` },
    { call: 'audit', query: `fromUtc=${time(now - day)}&toUtc=${time(now)}` },
    { call: 'broadcasts' },
    { call: 'broadcasts', query: `ownBy=${user}` },
    { call: 'broadcasts', query: `roomId=${roomId}` },
    { call: 'broadcasts', query: `fromUtc=${time(now - day)}&toUtc=${time(now)}` },
    { call: 'statistics', query: plot('1m', day) },
    { call: 'statistics', query: plot('1h', month) },
    { call: 'statistics', query: plot('1d', month) },
    { call: 'operators' },
    { call: 'webhooks' },
    { call: 'deliveries', query: `webhookId=${webhook}` },
    { call: 'deliveries', query: `webhookId=${webhook}&state=pending` },
    { call: 'deliveries', query: `webhookId=${webhook}&state=failed` },
  ];
}

/** Number of items and next cursor in an answer of a list. */
async function ask(place: Place, path: string): Promise<{ items: number; cursor: string }> {
  const response = await fetch(`http://127.0.0.1:${place.service.port}${path}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  const { data } = (await response.json()) as { data?: { items?: unknown[]; cursor?: string } };
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return { items: data?.items?.length ?? 0, cursor: data?.cursor ?? '' };
}

/** The list's first page, or its second where every place has one. */
async function pathsOf({ call, query = '' }: List, places: readonly Place[]) {
  const takesLimit = !['room', 'user', 'statistics'].includes(call);
  const first = `/base/v1/admin/${call}?${takesLimit ? `limit=${LIMIT}&` : ''}${query}`;
  const answers = await Promise.all(places.map((place) => ask(place, first)));
  const second = answers.map(({ cursor }) => `${first}&cursor=${cursor}`);
  return {
    first: places.map(() => first),
    second: answers.every(({ cursor }) => cursor !== '') ? second : undefined,
    answers,
  };
}

async function measure(places: readonly Place[], paths: readonly string[]): Promise<number[]> {
  const results = await inTurns(places, ROUNDS, async (place) => {
    const next = () => paths[places.indexOf(place)] ?? '';
    const { p50, wrong } = await run({
      port: place.service.port,
      concurrency: 1,
      count: REQUESTS,
      next,
      headers: HEADERS,
    });
    if (wrong > 0) throw new Error(`${next()}: ${wrong} wrong answers`);
    return p50;
  });
  return results.map(median);
}

async function measureAll(places: readonly Place[], now: number): Promise<string[][]> {
  const rows: string[][] = [];
  for (const list of lists(now)) {
    const { first } = await pathsOf(list, places);
    for (const { service } of places) {
      await run({ port: service.port, concurrency: 1, count: WARM, next: () => first[0] ?? '', headers: HEADERS });
    }
  }
  for (const list of lists(now)) {
    const { first, second, answers } = await pathsOf(list, places);
    const name = `${list.call} ${decodeURIComponent(list.query ?? '')}`.trim();
    for (const [page, paths] of [
      [name, first],
      [`${name}, next page`, second],
    ] as const) {
      if (!paths) continue;
      const [few = 0, many = 0] = await measure(places, paths);
      const ratio = many / few;
      const note = list.bounded ?? (ratio > AIM ? `above ${AIM}` : '');
      const items = answers.map((one) => one.items).join(' / ');
      rows.push([page, items, few.toFixed(2), many.toFixed(2), ratio.toFixed(2), note]);
    }
  }
  return rows;
}

export async function benchLists({ bundle, small }: OperatorsBench): Promise<void> {
  const pool = small ? '256M' : '3G';
  const options = [`--innodb-buffer-pool-size=${pool}`, '--innodb-log-file-size=1G'];
  const mysql = await startMysqlServer({ durable: true, options });
  const places: Place[] = [];
  try {
    places.push(await prepare(mysql, bundle, SIZES.small));
    places.push(await prepare(mysql, bundle, small ? SIZES.middle : SIZES.big));
    process.stdout.write(`\nThe operators' lists, p50 ms at concurrency 1, ${ROUNDS} rounds of ${REQUESTS} in turns\n`);
    printTable(['call', 'items', 'few', 'many', 'many / few', ''], await measureAll(places, Date.now()));
  } finally {
    for (const { service } of places) await service.stop();
    await mysql.stop();
  }
}
