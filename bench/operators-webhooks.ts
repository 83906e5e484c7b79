/**
 * Webhooks under a rush: hosts go live and end it at full speed, a receiver on the loopback accepts all deliveries;
 * first as the only one, then next to a second webhook whose receiver accepts connections and never answers.
 */
import { createServer as createTcpServer } from 'node:net';
import { type Connection, createConnection } from 'mysql2/promise';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { run } from './load';
import { type Person, signUpMany } from './people';
import { type OperatorsBench, type Running, startProcess } from './processes';
import { type Arrival, addWebhook, portOf, type Receiver, startReceiver } from './receiver';
import { cell, printTable } from './table';
import { percentile } from './turns';

const CONCURRENCY = 32;
/** Longest wait for deliveries left after the rush (ms). */
const PATIENCE_MS = 120_000;

/** Takes connections and says nothing. */
async function startDead(): Promise<{ url: string; close(): void }> {
  const server = createTcpServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${portOf(server)}/hook`, close: () => server.close() };
}

/** Going live and ending it in turns: each worker has its host. */
function rush(people: readonly Person[]): (n: number, worker: number) => string {
  const turns = people.map(() => 0);
  return (_n, worker) => {
    const index = worker % people.length;
    const turn = turns[index] ?? 0;
    turns[index] = turn + 1;
    const me = people[index];
    const path = turn % 2 === 0 ? 'enter_room' : 'destroy_room';
    return `/base/v1/rooms/${path}?${me?.query}&roomId=${me?.userId}&role=anchor&title=Bench`;
  };
}

interface Rushed {
  service: Running;
  connection: Connection;
  people: readonly Person[];
  receiver: Receiver;
}

async function numberOf(connection: Connection, sql: string): Promise<number> {
  const [rows] = await connection.query(sql);
  return Number(Object.values((rows as Record<string, unknown>[])[0] ?? {})[0]);
}

/** Numbers of one room that came after a higher one. */
function outOfOrder(arrivals: Iterable<Arrival>): number {
  const last = new Map<string, number>();
  let wrong = 0;
  for (const { roomId, sequence } of arrivals) {
    if (sequence <= (last.get(roomId) ?? 0)) wrong += 1;
    last.set(roomId, Math.max(sequence, last.get(roomId) ?? 0));
  }
  return wrong;
}

async function measure(
  name: string,
  rushed: Rushed,
  rate: { ms: number; pauseMs?: number; concurrency?: number },
): Promise<string[]> {
  const { service, connection, people, receiver } = rushed;
  const { ms, concurrency = CONCURRENCY, pauseMs = 0 } = rate;
  receiver.arrivals.clear();
  receiver.again = 0;
  const first = await numberOf(connection, 'SELECT COALESCE(MAX(id), 0) FROM webhook_events');
  const cpu = service.cpuMs();
  const started = performance.now();
  const { requests, wrong } = await run({ port: service.port, concurrency, ms, pauseMs, next: rush(people) });
  if (wrong > 0) throw new Error(`${name}: ${wrong} wrong answers`);
  const seconds = (performance.now() - started) / 1000;
  const during = receiver.arrivals.size;
  const written = await numberOf(connection, `SELECT COUNT(*) FROM webhook_events WHERE id > ${first}`);
  while (receiver.arrivals.size < written && performance.now() - started < PATIENCE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const all = (performance.now() - started) / 1000;
  const cpuMicros = ((service.cpuMs() - cpu) * 1000) / requests;
  const [rows] = await connection.query(`SELECT event_id, created_at FROM webhook_events WHERE id > ${first}`);
  const waits = (rows as { event_id: string; created_at: number }[]).flatMap(({ event_id, created_at }) => {
    const arrival = receiver.arrivals.get(event_id);
    return arrival ? [arrival.at - Number(created_at)] : [];
  });
  return [
    name,
    cell(requests / seconds),
    cell(written / seconds),
    cell(during / seconds),
    cell(receiver.arrivals.size / all),
    cell(percentile(waits, 0.5)),
    cell(percentile(waits, 0.99)),
    cpuMicros.toFixed(0),
    String(written - receiver.arrivals.size),
    String(receiver.again),
    String(outOfOrder(receiver.arrivals.values())),
  ];
}

const HEAD = [
  'receivers',
  'changes/s',
  'events in/s',
  'out/s in the rush',
  'out/s until empty',
  'p50 ms',
  'p99 ms',
  'CPU µs/change',
  'lost',
  'twice',
  'out of order',
];

async function measureAll(bundle: string, mysql: MysqlServer, ms: number): Promise<string[][]> {
  const database = mysql.createDatabaseName();
  const env = { ...mysql.env(database), MYSQL_POOL_SIZE: '10' };
  const service = await startProcess(bundle, { ...env, WEBHOOK_ALLOW_PRIVATE: 'true' });
  const [receiver, dead] = [await startReceiver(), await startDead()];
  const people = await signUpMany(service.port, CONCURRENCY, 'host');
  const { host, port, user, password } = mysql;
  const connection = await createConnection({ host, port, user, password, database });
  const rushed = { service, connection, people, receiver };
  try {
    const rows: string[][] = [];
    await run({ port: service.port, concurrency: CONCURRENCY, ms, next: rush(people) });
    rows.push(await measure('none, a rush', rushed, { ms }));
    await addWebhook(service.port, receiver.url);
    await measure('warm', rushed, { ms: ms / 4 });
    rows.push(await measure('one, calm', rushed, { ms, concurrency: 4, pauseMs: 100 }));
    rows.push(await measure('one, a rush', rushed, { ms }));
    await addWebhook(service.port, dead.url);
    rows.push(await measure('and a dead one, calm', rushed, { ms, concurrency: 4, pauseMs: 100 }));
    rows.push(await measure('and a dead one, a rush', rushed, { ms }));
    return rows;
  } finally {
    await connection.end();
    await service.stop();
    await receiver.close();
    dead.close();
  }
}

export async function benchWebhooks({ bundle, small }: OperatorsBench): Promise<void> {
  const mysql = await startMysqlServer({ durable: true });
  try {
    const rows = await measureAll(bundle, mysql, small ? 3_000 : 10_000);
    process.stdout.write(
      '\nWebhooks: rooms are opened and ended at concurrency 32 (calm: 4, with pauses of 100 ms), every commit on disk, one process.\n',
    );
    process.stdout.write('p50 and p99: from the writing of an event, before its commit, until its receiver has it.\n');
    printTable(HEAD, rows);
  } finally {
    await mysql.stop();
  }
}
