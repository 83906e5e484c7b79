/**
 * The built service next to another server with the same API, case by case and in turns, so that what else the machine does
 * hits both. `npm run bench -- --against http://host:port`, or `--against PATH/dist/index.js` for another release of this
 * service: it gets a database on the same server, and going live is compared with IM and a webhook too.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { GO_LIVE, prepareCases } from './cases';
import { type Case, run } from './load';
import { startProcess } from './processes';
import { PRODUCTION, startProduction } from './production';
import { cell, printTable } from './table';

const ROUNDS = 3;
const MS = 900;
const HEAD = ['endpoint', '32: ours', 'theirs', 'ratio', '1: ours ms', 'theirs', 'ratio', 'wrong'];

type Env = Readonly<Record<string, string>>;

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

/** The rows of all cases with `only` in their names, and the names of the cases that the other server lacks. */
async function compareAll(ours: Side, theirs: Side, only: string): Promise<{ rows: string[][]; missing: string[] }> {
  const rows: string[][] = [];
  const missing: string[] = [];
  for (const [at, { name }] of ours.cases.entries()) {
    if (!name.includes(only)) continue;
    if (await answers(theirs, at)) rows.push(await compare(ours, theirs, at));
    else missing.push(name);
  }
  return { rows, missing };
}

/** The cases of a server on this machine or another; no operators' calls, whose keys only this benchmark has. */
async function sideAt(port: number, host = '127.0.0.1'): Promise<Side> {
  return { host, port, cases: await prepareCases(port, host) };
}

/** Going live, of both, with IM and a webhook. */
async function compareProduction(bundles: readonly [string, string], newDatabase: () => Env): Promise<string[][]> {
  const [ours, theirs] = [
    await startProduction(bundles[0], newDatabase()),
    await startProduction(bundles[1], newDatabase()),
  ];
  const goingLive = async ({ service }: typeof ours) => {
    const side = await sideAt(service.port);
    return { ...side, cases: side.cases.filter(({ name }) => name === GO_LIVE) };
  };
  const [row = []] = (await compareAll(await goingLive(ours), await goingLive(theirs), '')).rows;
  await Promise.all([ours.stop(), theirs.stop()]);
  return [[PRODUCTION, ...row.slice(1)]];
}

/** `other` is a server's URL, or the path of another release's bundle. `only`: cases whose name has it. */
export async function benchAgainst(root: string, other: string, only = ''): Promise<void> {
  const isUrl = /^\w+:\/\//.test(other);
  if (isUrl ? !other.startsWith('http://') : !existsSync(other)) {
    throw new Error('--against takes an address that begins with http://, or the path of a dist/index.js');
  }
  const bundle = join(root, 'dist/index.js');
  const mysql = await startMysqlServer({ durable: true });
  try {
    const newDatabase = () => ({ ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' });
    const service = await startProcess(bundle, newDatabase());
    const started = isUrl ? undefined : await startProcess(other, newDatabase());
    const { hostname, port } = new URL(started ? `http://127.0.0.1:${started.port}` : other);
    const { rows, missing } = await compareAll(
      await sideAt(service.port),
      await sideAt(Number(port || 80), hostname),
      only,
    );
    await Promise.all([service.stop(), started?.stop()]);
    if (started && PRODUCTION.includes(only)) rows.push(...(await compareProduction([bundle, other], newDatabase)));
    process.stdout.write(
      `\nOurs (${mysql.version}, every commit on disk) and ${other}, ${ROUNDS} turns each, medians\n`,
    );
    printTable(HEAD, rows);
    if (missing.length > 0) process.stdout.write(`Not answered there: ${missing.join(', ')}\n`);
  } finally {
    await mysql.stop();
  }
}
