/**
 * The built service next to any other server with the same API, case by case and in turns, so that other work of the
 * machine does hits both. `npm run bench -- --against http://host:port`.
 */
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { prepareCases } from './cases';
import { type Case, run } from './load';
import { startProcess } from './processes';
import { cell, printTable } from './table';

const ROUNDS = 3;
const MS = 900;
const HEAD = ['endpoint', '32: ours', 'theirs', 'ratio', '1: ours ms', 'theirs', 'ratio', 'wrong'];

interface Side {
  host: string;
  port: number;
  cases: readonly Case[];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

interface Taken {
  perSecond: number[];
  p50: number[];
  wrong: number;
}

async function take(side: Side, at: number, into: Taken): Promise<void> {
  const { host, port, cases } = side;
  const next = cases[at]?.next ?? (() => '/');
  const many = await run({ host, port, concurrency: 32, ms: MS, next });
  const one = await run({ host, port, concurrency: 1, ms: MS / 3, next });
  into.perSecond.push(many.perSecond);
  into.p50.push(one.p50);
  into.wrong += many.wrong + one.wrong;
}

async function compare(ours: Side, theirs: Side, at: number): Promise<string[]> {
  const [mine, other]: [Taken, Taken] = [
    { perSecond: [], p50: [], wrong: 0 },
    { perSecond: [], p50: [], wrong: 0 },
  ];
  for (const { cases } of [ours, theirs]) await cases[at]?.prepare?.();
  for (let round = 0; round < ROUNDS; round += 1) {
    await take(ours, at, mine);
    await take(theirs, at, other);
  }
  const [many, theirMany] = [median(mine.perSecond), median(other.perSecond)];
  const [one, theirOne] = [median(mine.p50), median(other.p50)];
  const ratio = (of: number, to: number) => `${(of / to).toFixed(2)} ×`;
  return [
    ours.cases[at]?.name ?? '',
    cell(many),
    cell(theirMany),
    ratio(many, theirMany),
    one.toFixed(2),
    theirOne.toFixed(2),
    ratio(theirOne, one),
    `${mine.wrong}, ${other.wrong}`,
  ];
}

/** Whether the other server has this call: an older one lacks later ones. */
async function answers({ host, port, cases }: Side, at: number): Promise<boolean> {
  const { wrong, requests } = await run({ host, port, concurrency: 1, count: 4, next: cases[at]?.next ?? (() => '/') });
  return wrong < requests;
}

/** `url` is the other server's; ours runs on a separate database. */
export async function benchAgainst(root: string, url: string, only = ''): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'http:') throw new Error('--against takes an address that begins with http://');
  const mysql = await startMysqlServer({ durable: true });
  try {
    const env = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
    const service = await startProcess(join(root, 'dist/index.js'), env);
    const side = async (host: string, at: number) => ({ host, port: at, cases: await prepareCases(at, host) });
    const ours = await side('127.0.0.1', service.port);
    const theirs = await side(hostname, Number(port || 80));
    const rows: string[][] = [];
    const missing: string[] = [];
    for (const [at, { name }] of ours.cases.entries()) {
      if (!name.includes(only)) continue;
      if (await answers(theirs, at)) rows.push(await compare(ours, theirs, at));
      else missing.push(name);
    }
    process.stdout.write(`\nOurs (${mysql.version}, every commit on disk) and ${url}, ${ROUNDS} turns each, medians\n`);
    printTable(HEAD, rows);
    if (missing.length > 0) process.stdout.write(`Not answered there: ${missing.join(', ')}\n`);
    await service.stop();
  } finally {
    await mysql.stop();
  }
}
