/**
 * What /metrics costs a request: keepalives against a service without METRICS_TOKEN, which counts nothing, one with it, and
 * one whose page is read every second during the load (Prometheus reads it every fifteen), in turns on one server.
 */
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { run } from './load';
import { type Person, signUpMany } from './people';
import { type Running, startProcess } from './processes';
import { cell, printTable } from './table';
import { inTurns, median } from './turns';

const TOKEN = 'benchmark-only-0123456789abcdef';
const PEOPLE = 320;
const ROUNDS = 15;
const MS = 1_000;
const READ_EVERY_MS = 1_000;

interface Place {
  name: string;
  read: boolean;
  service: Running;
  people: readonly Person[];
}

interface Measured {
  perSecond: number;
  p99: number;
  cpuMicros: number;
}

async function readPage({ service }: Place): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`http://127.0.0.1:${service.port}/metrics`, { headers });
  if (!(await response.text()).includes('live_room_requests_total')) throw new Error('there are no metrics');
}

async function measure(place: Place): Promise<Measured> {
  const { service, people } = place;
  const next = (n: number) => `/base/v1/auth_users/user_keepalive?${people[n % people.length]?.query}`;
  const reading = place.read ? setInterval(() => void readPage(place), READ_EVERY_MS) : undefined;
  const cpu = service.cpuMs();
  const { perSecond, p99, requests, wrong } = await run({ port: service.port, concurrency: 32, ms: MS, next });
  clearInterval(reading);
  if (wrong > 0) throw new Error(`${place.name}: ${wrong} wrong answers`);
  return { perSecond, p99, cpuMicros: ((service.cpuMs() - cpu) * 1000) / requests };
}

export async function benchMetrics(root: string): Promise<void> {
  const mysql = await startMysqlServer({ durable: true });
  const places: Place[] = [];
  try {
    const kinds = [
      { name: 'without', env: {}, read: false },
      { name: 'with', env: { METRICS_TOKEN: TOKEN }, read: false },
      { name: 'with, read every second', env: { METRICS_TOKEN: TOKEN }, read: true },
    ];
    for (const { name, env, read } of kinds) {
      const database = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
      const service = await startProcess(join(root, 'dist/index.js'), { ...database, ...env });
      places.push({ name, read, service, people: await signUpMany(service.port, PEOPLE, 'user') });
    }
    // Compiled by now or never.
    for (const place of places) for (let round = 0; round < 3; round += 1) await measure(place);
    const results = await inTurns(places, ROUNDS, measure);
    const of = (index: number, value: (one: Measured) => number) => median((results[index] ?? []).map(value));
    const without = of(0, ({ perSecond }) => perSecond);
    const rows = places.map(({ name }, index) => {
      const perSecond = of(index, (one) => one.perSecond);
      const [p99, cpu] = [of(index, (one) => one.p99), of(index, (one) => one.cpuMicros)];
      return [name, cell(perSecond), (perSecond / without).toFixed(3), p99.toFixed(1), cpu.toFixed(1)];
    });
    process.stdout.write(`\nuser_keepalive at concurrency 32, ${ROUNDS} rounds of ${MS / 1000} s in turns, medians\n`);
    printTable(['metrics', 'req/s', 'of without', 'p99 ms', 'CPU µs'], rows);
  } finally {
    for (const { service } of places) await service.stop();
    await mysql.stop();
  }
}
