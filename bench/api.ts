/** Each endpoint of the built service at concurrency 1 and 32, beside the floor measured in the same run. */
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { startMysqlServer } from '../testkit/mysql-server';
import { type Figures, run } from './load';
import { type Person, signaturePath, signUpMany } from './people';
import { type Running, startProcess } from './processes';
import { cell, printTable } from './table';

const PEOPLE = 320;
const MS = 2_500;

type Next = (n: number) => string;

interface Case {
  name: string;
  next: Next;
  /** Runs before the case, so that every request of it does the same work. */
  expect?: string;
}

function cases(people: readonly Person[]): Case[] {
  const person = (n: number) => people[n % people.length] ?? { userId: '', token: '', query: '' };
  const owner = (n: number) => person(n % 40);
  const viewer = (n: number) => person(40 + (n % (people.length - 40)));
  const base = '/base/v1/';
  return [
    { name: 'user_keepalive', next: (n) => `${base}auth_users/user_keepalive?${person(n).query}` },
    { name: 'user_query', next: (n) => `${base}auth_users/user_query?${person(n).query}` },
    { name: 'signature', next: (n) => `${base}${signaturePath(`user${n % people.length}`)}` },
    { name: 'user_login_token', next: (n) => `${base}auth_users/user_login_token?${person(n).query}` },
    {
      name: 'enter_room (join)',
      next: (n) => `${base}rooms/enter_room?${viewer(n).query}&roomId=${owner(n).userId}&role=audience`,
    },
    { name: 'query_room', next: (n) => `${base}rooms/query_room?${viewer(n).query}&category=bench&limit=10` },
    { name: 'room_detail', next: (n) => `${base}rooms/room_detail?${viewer(n).query}&roomId=${owner(n).userId}` },
    { name: 'list_users', next: (n) => `${base}rooms/list_users?${viewer(n).query}&roomId=${owner(n).userId}` },
    {
      name: 'update_room',
      next: (n) => `${base}rooms/update_room?${owner(n).query}&roomId=${owner(n).userId}&title=t${n}`,
    },
    { name: 'generate_roomid', next: (n) => `${base}rooms/generate_roomid?${person(n).query}` },
    { name: 'leave_room', next: (n) => `${base}rooms/leave_room?${viewer(n).query}&roomId=${owner(n).userId}` },
    {
      name: 'destroy_room, enter_room (go live)',
      next: (n) => {
        const me = owner(Math.floor(n / 2));
        const path = n % 2 === 0 ? 'destroy_room' : 'enter_room';
        return `${base}rooms/${path}?${me.query}&roomId=${me.userId}&role=anchor&category=bench&title=t`;
      },
    },
  ];
}

const PATH_OF: Readonly<Record<string, string>> = {
  user_keepalive: 'auth_users/user_keepalive',
  user_query: 'auth_users/user_query',
  signature: 'oauth/signature',
  user_login_token: 'auth_users/user_login_token',
};

/** Round trips per request of one endpoint, from the service's own log since `from`. */
function queriesPerRequest(service: Running, name: string, from: number): string {
  const endpoint = (part: string) => PATH_OF[part] ?? `rooms/${part.replace(/ .*/, '')}`;
  return name
    .split(', ')
    .map((part) => {
      const lines = service
        .log()
        .slice(from)
        .filter((line) => line.endpoint === endpoint(part));
      const sum = lines.reduce((total, line) => total + (line.queries ?? 0), 0);
      return (sum / Math.max(1, lines.length)).toFixed(1);
    })
    .join(', ');
}

type FloorFigures = Figures & { cpuMicros: number };
interface Floor {
  select: FloorFigures;
  update: FloorFigures;
}

async function measure(service: Running, floor: Floor | undefined): Promise<string[][]> {
  const people = await signUpMany(service.port, PEOPLE, 'user');
  const goLive = (n: number) => {
    const me = people[n];
    return `/base/v1/rooms/enter_room?${me?.query}&roomId=${me?.userId}&role=anchor&category=bench&title=Bench`;
  };
  await run({ port: service.port, concurrency: 4, count: 40, next: goLive });
  const rows: string[][] = [];
  for (const { name, next } of cases(people)) {
    await run({ port: service.port, concurrency: 32, ms: 400, next });
    const from = service.log().length;
    const one = await run({ port: service.port, concurrency: 1, ms: MS / 2, next });
    const queries = queriesPerRequest(service, name, from);
    const cpu = service.cpuMs();
    const many = await run({ port: service.port, concurrency: 32, ms: MS, next });
    const cpuMicros = ((service.cpuMs() - cpu) * 1000) / many.requests;
    const ratio = (of: Figures | undefined) => (of ? `${((100 * many.perSecond) / of.perSecond).toFixed(0)} %` : '');
    rows.push([
      name,
      queries,
      cell(one.perSecond),
      one.p50.toFixed(2),
      one.p99.toFixed(2),
      cell(many.perSecond),
      many.p50.toFixed(1),
      many.p99.toFixed(1),
      cpuMicros.toFixed(0),
      ratio(floor?.update),
      ratio(floor?.select),
      String(one.wrong + many.wrong),
    ]);
  }
  return rows;
}

const HEAD = [
  'endpoint',
  'queries',
  '1: req/s',
  'p50 ms',
  'p99',
  '32: req/s',
  'p50 ms',
  'p99',
  'CPU µs',
  'of UPDATE',
  'of SELECT',
  'wrong',
];

async function measureFloor(root: string, env: Readonly<Record<string, string>>): Promise<Floor> {
  const connection = await createConnection({
    host: env['MYSQL_HOST'] ?? '',
    port: Number(env['MYSQL_PORT']),
    user: env['MYSQL_USER'] ?? '',
    password: env['MYSQL_PASSWORD'] ?? '',
    database: env['MYSQL_DB'] ?? '',
  });
  await connection.query('CREATE TABLE bench_floor (id BIGINT PRIMARY KEY, a BIGINT NOT NULL, b BIGINT NOT NULL)');
  const rows = Array.from({ length: PEOPLE }, (_, i) => `(${i + 1}, 0, 0)`).join(',');
  await connection.query(`INSERT INTO bench_floor VALUES ${rows}`);
  await connection.end();
  const server = await startProcess(join(root, 'node_modules/.cache/live-room-bench/floor.js'), env);
  const floor = async (path: string) => {
    const next = (n: number) => `/${path}?${(n % PEOPLE) + 1}`;
    await run({ port: server.port, concurrency: 32, ms: 500, next });
    const cpu = server.cpuMs();
    const figures = await run({ port: server.port, concurrency: 32, ms: MS, next });
    return { ...figures, cpuMicros: ((server.cpuMs() - cpu) * 1000) / figures.requests };
  };
  const result = { update: await floor('update'), select: await floor('select') };
  await server.stop();
  return result;
}

export async function benchApi(root: string): Promise<void> {
  const bundle = join(root, 'dist/index.js');
  const mysql = await startMysqlServer({ durable: true });
  try {
    const env = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
    const service = await startProcess(bundle, env);
    await fetch(`http://127.0.0.1:${service.port}/`);
    const floor = await measureFloor(root, env);
    const rows = await measure(service, floor);
    const { update, select } = floor;
    process.stdout.write(`\nMySQL ${mysql.version}, every commit on disk; pool of 10. The floor at concurrency 32: `);
    process.stdout.write(
      `UPDATE ${cell(update.perSecond)}/s (p50 ${update.p50.toFixed(1)} ms, CPU ${update.cpuMicros.toFixed(0)} µs), `,
    );
    process.stdout.write(
      `SELECT ${cell(select.perSecond)}/s (p50 ${select.p50.toFixed(1)} ms, CPU ${select.cpuMicros.toFixed(0)} µs)\n`,
    );
    printTable(HEAD, rows);
    await service.stop();
  } finally {
    await mysql.stop();
  }
  const service = await startProcess(bundle, { MYSQL_HOST: '' });
  const rows = await measure(service, undefined);
  process.stdout.write('\nSQLite (embedded)\n');
  printTable(HEAD, rows);
  await service.stop();
}
