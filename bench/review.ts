/**
 * Messages before they go out: 1,000 callbacks of IM per second, in an open loop, on a real MySQL server with 20,000 words.
 * Times are from the planned arrival to the last byte of the answer. `npm run bench -- review [messages a second] [seconds]`;
 * beside an evening: bench/evening.ts.
 */
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { addWords, CALLBACK_SETTINGS, goLive, messages } from './messages';
import { openLoop } from './open-loop';
import { startProcess } from './processes';
import { cell, printTable } from './table';
import { benchWords } from './words';

const ROOMS = 20;
const SENDERS = 2_000;
const CONNECTIONS = 64;
/** Node options to profile the service: `--cpu-prof --cpu-prof-dir=…`. */
const NODE_OPTIONS = (process.env['REVIEW_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
/** Everything is loaded and compiled in it (ms); not counted. */
const WARM_MS = 5_000;

export async function benchReview(root: string, rest: readonly string[]): Promise<void> {
  const perSecond = Number(rest[0] ?? 1_000);
  const ms = Number(rest[1] ?? 30) * 1_000;
  benchWords();
  const mysql = await startMysqlServer();
  try {
    const env = { ...mysql.env(mysql.createDatabaseName()), ...CALLBACK_SETTINGS };
    const service = await startProcess(join(root, 'dist/index.js'), env, NODE_OPTIONS);
    const { port } = service;
    await addWords(port);
    const rooms = (await goLive(port, ROOMS)).map(({ userId }) => userId);
    const stream = messages({ perSecond, rooms, sender: (n) => String(1_000 + (n % SENDERS)) });
    const load = { ports: [port], connections: CONNECTIONS };
    await openLoop([stream], { ...load, ms: WARM_MS });
    const before = service.cpuMs();
    const { all, lateP99, seconds } = await openLoop([stream], { ...load, ms });
    const processor = ((service.cpuMs() - before) * 1_000) / (all.perSecond * (ms / 1_000));
    const times = [all.p50, all.p99, all.max].map((time) => time.toFixed(1));
    printTable(
      [
        'messages before they go out',
        'per second',
        'p50 ms',
        'p99 ms',
        'max ms',
        'processor µs',
        'wrong',
        'load late p99',
      ],
      [['20,000 words', cell(all.perSecond), ...times, cell(processor), String(all.wrong), lateP99.toFixed(1)]],
    );
    process.stdout.write(`p99 of each second: ${seconds.map((value) => value.toFixed(0)).join(' ')}\n`);
    await service.end();
  } finally {
    await mysql.stop();
  }
}
