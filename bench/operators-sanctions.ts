/**
 * Signing in and entering without any sanctions, with 100,000 sanctions of other people, and with the same number plus
 * three ended ones of each measured user: in turns, on one server.
 */
import { type Connection, createConnection } from 'mysql2/promise';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { makeNumbers } from '../testkit/seed';
import { run } from './load';
import { type Person, signaturePath, signUpMany } from './people';
import { type OperatorsBench, type Running, startProcess } from './processes';
import { cell, printTable } from './table';
import { inTurns, median } from './turns';

const BASE = '/base/v1/';
const ROOMS = 20;
const ROUNDS = 7;
const MS = 800;
/** Calls whose statements are counted, one after the other. */
const COUNTED = 200;
const OWN = 3;

type Kind = 'none' | 'others' | 'own';

interface Place {
  kind: Kind;
  service: Running;
  people: readonly Person[];
}

async function sanction(connection: Connection, kind: Kind, rows: number): Promise<void> {
  if (kind === 'none') return;
  const now = Date.now();
  const insert = (
    user: string,
    lifted: string,
    from: string,
  ) => `INSERT INTO sanctions (tenant, kind, user_id, name_key, address,
      room_pk, until_at, reason, by_name, created_at, lifted_at)
    SELECT '', ELT(n % 3 + 1, 'ban', 'mute', 'kick'), ${user}, LEFT(SHA2(CONCAT('gone', n), 256), 43),
      IF(n % 10 = 0, CONCAT('198.51.', n DIV 256 % 256, '.', n % 256), ''), IF(n % 3 = 2, n % ${ROOMS} + 1, 0),
      ${now} + 86400000 + n, 'spam', 'bench', ${now}, ${lifted} FROM ${from}`;
  await makeNumbers(connection, rows);
  await connection.query(insert('50000000 + n', '0', `bench_numbers WHERE n < ${rows}`));
  if (kind === 'own') {
    const each = `bench_numbers JOIN users u WHERE n < ${OWN}`;
    await connection.query(insert('u.id', String(now), each));
    await connection.query(`UPDATE users SET sanction_no = ${2 * OWN}`);
  }
  await connection.query('DROP TABLE bench_numbers');
  await connection.query('ANALYZE TABLE sanctions, users');
}

async function prepare(mysql: MysqlServer, { bundle, small }: OperatorsBench, kind: Kind): Promise<Place> {
  const database = mysql.createDatabaseName();
  const service = await startProcess(bundle, { ...mysql.env(database), MYSQL_POOL_SIZE: '10' });
  const { port } = service;
  const people = await signUpMany(port, small ? 64 : 320, kind);
  const goLive = (n: number) =>
    `${BASE}rooms/enter_room?${people[n]?.query}&roomId=${people[n]?.userId}&role=anchor&title=Bench`;
  await run({ port, concurrency: 4, count: ROOMS, next: goLive });
  const { host, port: mysqlPort, user, password } = mysql;
  const connection = await createConnection({ host, port: mysqlPort, user, password, database });
  await sanction(connection, kind, small ? 1_000 : 100_000);
  await connection.end();
  return { kind, service, people };
}

type Path = (place: Place, n: number) => string;

const person = ({ people }: Place, n: number): Person => {
  const found = people[n % people.length];
  if (!found) throw new Error('the sign-up failed');
  return found;
};

const CASES: readonly [name: string, path: Path][] = [
  ['signature', (place, n) => signaturePath(person(place, n).name)],
  ['user_login_token', (place, n) => `auth_users/user_login_token?${person(place, n).query}`],
  [
    'enter_room',
    (place, n) => {
      const viewer = place.people[ROOMS + (n % (place.people.length - ROOMS))];
      return `rooms/enter_room?${viewer?.query}&roomId=${person(place, n % ROOMS).userId}&role=audience`;
    },
  ],
];

interface Measured {
  perSecond: number;
  cpuMicros: number;
}

async function measure(place: Place, path: Path): Promise<Measured> {
  const { service } = place;
  const next = (n: number) => BASE + path(place, n);
  const cpu = service.cpuMs();
  const { perSecond, requests, wrong } = await run({ port: service.port, concurrency: 32, ms: MS, next });
  if (wrong > 0) throw new Error(`${place.kind}: ${wrong} wrong answers`);
  return { perSecond, cpuMicros: ((service.cpuMs() - cpu) * 1000) / requests };
}

/** Statements of one request, asked one after the other; BEGIN and COMMIT count. */
async function statements(admin: Connection, place: Place, path: Path): Promise<number> {
  const questions = async () => {
    const [rows] = await admin.query("SHOW GLOBAL STATUS LIKE 'Questions'");
    return Number((rows as { Value: string }[])[0]?.Value);
  };
  const next = (n: number) => BASE + path(place, n);
  const before = await questions();
  await run({ port: place.service.port, concurrency: 1, count: COUNTED, next });
  // The question itself is one of them.
  return ((await questions()) - before - 1) / COUNTED;
}

async function measureAll(admin: Connection, places: readonly Place[]): Promise<string[][]> {
  const rows: string[][] = [];
  // Compiled by now or never.
  for (const place of places) for (const [, path] of CASES) await measure(place, path);
  for (const [name, path] of CASES) {
    const results = await inTurns(places, ROUNDS, (place) => measure(place, path));
    const [none = 1] = results.map((of) => median(of.map(({ perSecond }) => perSecond)));
    for (const [index, place] of places.entries()) {
      const of = results[index] ?? [];
      const perSecond = median(of.map((one) => one.perSecond));
      rows.push([
        name,
        place.kind,
        cell(perSecond),
        (perSecond / none).toFixed(2),
        median(of.map(({ cpuMicros }) => cpuMicros)).toFixed(0),
        (await statements(admin, place, path)).toFixed(2),
      ]);
    }
  }
  return rows;
}

export async function benchSanctions(bench: OperatorsBench): Promise<void> {
  const mysql = await startMysqlServer({ durable: true, options: ['--innodb-buffer-pool-size=1G'] });
  const places: Place[] = [];
  try {
    for (const kind of ['none', 'others', 'own'] as const) places.push(await prepare(mysql, bench, kind));
    const { host, port, user, password } = mysql;
    const admin = await createConnection({ host, port, user, password });
    const many = bench.small ? '1,000' : '100,000';
    process.stdout.write(`\nSanctions: none, ${many} of others, and the same with ${OWN} ended ones of the caller;\n`);
    process.stdout.write(
      `concurrency 32, ${ROUNDS} rounds in turns, every commit on disk; statements at concurrency 1\n`,
    );
    printTable(['endpoint', 'sanctions', 'req/s', 'of none', 'CPU µs', 'statements'], await measureAll(admin, places));
    await admin.end();
  } finally {
    for (const { service } of places) await service.stop();
    await mysql.stop();
  }
}
