/**
 * The use of the processor's time: one endpoint after the other at concurrency 32 under V8's profiler, summed by the
 * functions themselves, those of node.js itself with who called them. `npm run bench -- profile [part of a name]`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { prepareCases } from './cases';
import { run } from './load';
import { startProcess } from './processes';
import { printTable } from './table';

const MS = 4_000;
const SHOWN = 60;
/** The same bundle with its names left in (run.mjs). */
const PROFILED = 'node_modules/.cache/live-room-bench/service/index.js';
const NOT_WORK = /^\((idle|program|root)\)/;

interface Frame {
  functionName: string;
  url: string;
  lineNumber: number;
}

interface Profile {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const file = url.split('/').at(-1) ?? '';
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}:${lineNumber + 1}`}`;
}

/** Microseconds in the function itself, by its name and file; system calls and the like by their callers too. */
function selfTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const callers = new Map(nodes.flatMap(({ callFrame, children = [] }) => children.map((id) => [id, callFrame])));
  const names = new Map(
    nodes.map(({ id, callFrame }) => {
      const caller = callers.get(id);
      const native = callFrame.url === '' && caller !== undefined && caller.functionName !== '(root)';
      return [id, native ? `${nameOf(callFrame)} < ${nameOf(caller)}` : nameOf(callFrame)];
    }),
  );
  const times = new Map<string, number>();
  samples.forEach((id, n) => {
    const name = names.get(id) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[n] ?? 0));
  });
  return times;
}

async function profileCase(root: string, env: Readonly<Record<string, string>>, which: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-profile-'));
  try {
    const options = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=250'];
    const service = await startProcess(join(root, PROFILED), env, options);
    const found = (await prepareCases(service.port)).find(({ name }) => name === which);
    if (!found) throw new Error(`there is no case ${which}`);
    await found.prepare?.();
    const before = service.cpuMs();
    const { requests, wrong } = await run({ port: service.port, concurrency: 32, ms: MS, ...found });
    const cpu = ((1000 * (service.cpuMs() - before)) / requests).toFixed(0);
    await service.end();
    const [file = ''] = readdirSync(folder);
    const times = selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    const rows = [...times]
      .filter(([name]) => !NOT_WORK.test(name))
      .sort((a, b) => b[1] - a[1])
      .slice(0, SHOWN)
      .map(([name, micros]) => [name, (micros / requests).toFixed(1)]);
    process.stdout.write(
      `\n${which}: ${requests} requests, ${wrong} wrong, CPU ${cpu} µs each (the profiler's included)\n`,
    );
    printTable(['function', 'µs a request'], rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchProfile(root: string, only = ''): Promise<void> {
  const mysql = await startMysqlServer({ durable: true });
  try {
    const env = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
    const service = await startProcess(join(root, 'dist/index.js'), env);
    const names = (await prepareCases(service.port)).map(({ name }) => name).filter((name) => name.includes(only));
    await service.stop();
    for (const name of names) await profileCase(root, env, name);
  } finally {
    await mysql.stop();
  }
}
