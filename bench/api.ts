/** Each endpoint of the built service at concurrency 1 and 32, next to the floor measured in the same run. */
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { startMysqlServer } from '../testkit/mysql-server';
import { GO_LIVE, prepareCases } from './cases';
import { type Case, type Figures, run } from './load';
import { type Running, startProcess } from './processes';
import { PRODUCTION, startProduction } from './production';
import { cell, printTable } from './table';

const FLOOR_ROWS = 320;
const MS = 2_500;

type Env = Readonly<Record<string, string>>;
type FloorFigures = Figures & { cpuMicros: number };
interface Floor {
  /** Bare node:http: a constant answer. */
  http: FloorFigures;
  select: FloorFigures;
  update: FloorFigures;
  /** The same one after the other: p50 in ms. */
  oneSelect: number;
  oneUpdate: number;
}

/** The server's counters. */
interface Counted {
  /** Statements, BEGIN and COMMIT among them. */
  statements: number;
  /** Flushes of its log to the disk: one for each commit with a change, while nothing else runs. */
  synced: number;
}
/** undefined if there is no server. */
type Count = () => Promise<Counted | undefined>;

function countOn(connection: Connection): Count {
  return async () => {
    const [rows] = await connection.query(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Innodb_log_writes')",
    );
    // Two texts a row.
    const values = new Map(
      (rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, row.Value]),
    );
    return { statements: Number(values.get('Questions')), synced: Number(values.get('Innodb_log_writes')) };
  };
}

interface Bench {
  service: Running;
  count: Count;
  floor: Floor | undefined;
}

/** Between two countings, for each request; the second counting is a statement too. */
function perRequest(from: Counted | undefined, to: Counted | undefined, requests: number): Counted | undefined {
  if (!from || !to) return undefined;
  const statements = (to.statements - from.statements - 1) / requests;
  return { statements, synced: (to.synced - from.synced) / requests };
}

/** Its time at concurrency 1 relative to that of the same number of floor statements; those that wait for the disk are UPDATEs. */
function ofRoundTrips(one: Figures, counted: Counted | undefined, floor: Floor | undefined): string {
  if (!counted || !floor) return '';
  const writes = Math.min(counted.synced, counted.statements);
  const least = writes * floor.oneUpdate + (counted.statements - writes) * floor.oneSelect;
  return least < floor.oneSelect / 2 ? '' : (one.p50 / least).toFixed(2);
}

async function measure({ service, count, floor }: Bench, { name, next, headers = '' }: Case): Promise<string[]> {
  const { port } = service;
  await run({ port, concurrency: 32, ms: 400, next, headers });
  const before = await count();
  const one = await run({ port, concurrency: 1, ms: MS / 2, next, headers });
  const single = perRequest(before, await count(), one.requests);
  const cpu = service.cpuMs();
  const from = await count();
  const many = await run({ port, concurrency: 32, ms: MS, next, headers });
  const concurrent = perRequest(from, await count(), many.requests);
  const cpuMicros = ((service.cpuMs() - cpu) * 1000) / many.requests;
  const ratio = (of: Figures | undefined) => (of ? `${((100 * many.perSecond) / of.perSecond).toFixed(0)} %` : '');
  return [
    name,
    cell(one.perSecond),
    one.p50.toFixed(2),
    one.p99.toFixed(2),
    single?.statements.toFixed(2) ?? '',
    single?.synced.toFixed(2) ?? '',
    ofRoundTrips(one, single, floor),
    cell(many.perSecond),
    many.p50.toFixed(1),
    many.p99.toFixed(1),
    concurrent?.statements.toFixed(2) ?? '',
    cpuMicros.toFixed(0),
    floor ? (cpuMicros - floor.http.cpuMicros).toFixed(0) : '',
    ratio(floor?.update),
    ratio(floor?.select),
    String(one.wrong + many.wrong),
  ];
}

const HEAD = [
  'endpoint',
  '1: req/s',
  'p50 ms',
  'p99',
  'statements',
  'commits',
  '× floor',
  '32: req/s',
  'p50 ms',
  'p99',
  'statements',
  'CPU µs',
  'but HTTP',
  'of UPDATE',
  'of SELECT',
  'wrong',
];

async function measureAll(bench: Bench, only: string): Promise<string[][]> {
  const rows: string[][] = [];
  for (const one of await prepareCases(bench.service.port)) {
    if (!one.name.includes(only)) continue;
    await one.prepare?.();
    rows.push(await measure(bench, one));
  }
  return rows;
}

/** Going live and ending in production: the service's own work only, the fakes run in this process. */
async function measureProduction(bundle: string, bench: Omit<Bench, 'service'>, env: Env): Promise<string[][]> {
  const production = await startProduction(bundle, env);
  const { service } = production;
  const found = (await prepareCases(service.port)).find(({ name }) => name === GO_LIVE);
  const rows = found ? [await measure({ ...bench, service }, { ...found, name: PRODUCTION })] : [];
  await production.stop();
  return rows;
}

async function measureFloor(root: string, env: Env, admin: Connection): Promise<Floor> {
  await admin.query('CREATE TABLE bench_floor (id BIGINT PRIMARY KEY, a BIGINT NOT NULL, b BIGINT NOT NULL)');
  const rows = Array.from({ length: FLOOR_ROWS }, (_, i) => `(${i + 1}, 0, 0)`).join(',');
  await admin.query(`INSERT INTO bench_floor VALUES ${rows}`);
  const server = await startProcess(join(root, 'node_modules/.cache/live-room-bench/floor.js'), env);
  const nextOf = (path: string) => (n: number) => `/${path}?${(n % FLOOR_ROWS) + 1}`;
  const floor = async (path: string) => {
    const next = nextOf(path);
    await run({ port: server.port, concurrency: 32, ms: 500, next });
    const cpu = server.cpuMs();
    const figures = await run({ port: server.port, concurrency: 32, ms: MS, next });
    return { ...figures, cpuMicros: ((server.cpuMs() - cpu) * 1000) / figures.requests };
  };
  const result = { http: await floor('http'), update: await floor('update'), select: await floor('select') };
  const single = async (path: string) =>
    (await run({ port: server.port, concurrency: 1, ms: MS / 2, next: nextOf(path) })).p50;
  const [oneSelect, oneUpdate] = [await single('select'), await single('update')];
  await server.stop();
  return { ...result, oneSelect, oneUpdate };
}

function printFloor({ http, update, select, oneSelect, oneUpdate }: Floor, version: string): void {
  const line = (name: string, { perSecond, p50, cpuMicros }: FloorFigures) =>
    `${name} ${cell(perSecond)}/s (p50 ${p50.toFixed(1)} ms, CPU ${cpuMicros.toFixed(0)} µs)`;
  process.stdout.write(`\n${version}, every commit on disk; pool of 10. The floor at concurrency 32: `);
  process.stdout.write(
    `${line('bare HTTP', http)}, ${line('UPDATE', update)}, ${line('SELECT', select)}; at concurrency 1 a SELECT ${oneSelect.toFixed(2)} ms, an UPDATE ${oneUpdate.toFixed(2)} ms\n`,
  );
  process.stdout.write(
    '× floor: at concurrency 1, p50 relative to the same number of floor statements, UPDATEs for those that commit\n',
  );
}

/** `only`: cases whose name has it; all by default. */
export async function benchApi(root: string, only = ''): Promise<void> {
  const bundle = join(root, 'dist/index.js');
  const mysql = await startMysqlServer({ durable: true });
  try {
    const env: Record<string, string> = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
    const service = await startProcess(bundle, env);
    await fetch(`http://127.0.0.1:${service.port}/`);
    const { host, port, user, password } = mysql;
    const admin = await createConnection({ host, port, user, password, database: env['MYSQL_DB'] ?? '' });
    const floor = await measureFloor(root, env, admin);
    printFloor(floor, mysql.version);
    const bench = { count: countOn(admin), floor };
    const rows = await measureAll({ service, ...bench }, only);
    await service.stop();
    const own = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
    if (PRODUCTION.includes(only)) rows.push(...(await measureProduction(bundle, bench, own)));
    printTable(HEAD, rows);
    await admin.end();
  } finally {
    await mysql.stop();
  }
  const service = await startProcess(bundle, { MYSQL_HOST: '' });
  process.stdout.write('\nSQLite (embedded)\n');
  printTable(HEAD, await measureAll({ service, count: async () => undefined, floor: undefined }, only));
  await service.stop();
}
