/**
 * One star's room: 5,000 viewers entering and leaving it at concurrency 64, next to the same load spread over 5,000 rooms,
 * in turns on one service. During that time the counts must never be below zero, its owner's keepalive and the list must stay equally
 * quick as under the spread load (and, at a load the machine can take, about as quick as idle), and afterwards both counts must be exact.
 */
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { run } from './load';
import { call, type Person, signUpMany } from './people';
import { startProcess } from './processes';
import { printTable } from './table';

const VIEWERS = 5_000;
const CONCURRENCY = 64;
const ROUNDS = 3;
const PROBE_PAUSE_MS = 20;
/** With this pause 64 workers ask some 400 times a second: busy, but with processor time left. */
const CALM = { pauseMs: 150, count: 2_400 };
/** A count of a large room is reused for 5 s at most. */
const SETTLED_MS = 6_000;

type Which = 'one' | 'many';

interface Crowd {
  port: number;
  viewers: readonly Person[];
  star: Person;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

interface Counts {
  nnUsers: number;
  totalJoined: number;
}

async function countsOf({ port, star }: Crowd): Promise<Counts> {
  const { data } = await call(port, `rooms/room_detail?${star.query}&roomId=${star.userId}`);
  return { nnUsers: Number(data?.['nnUsers']), totalJoined: Number(data?.['totalJoined']) };
}

/** Asks one after the other until `until` resolves; the p50 of each in ms, and the lowest counts that were seen. */
async function probe(crowd: Crowd, until: Promise<unknown>) {
  const keepalive: number[] = [];
  const list: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  let over = false;
  void until.then(() => {
    over = true;
  });
  const timed = async (into: number[], path: string) => {
    const started = performance.now();
    const { errorCode } = await call(crowd.port, path);
    if (errorCode !== 0) throw new Error(`${path.split('?')[0]} answered ${errorCode}`);
    into.push(performance.now() - started);
  };
  while (!over) {
    await timed(keepalive, `auth_users/user_keepalive?${crowd.star.query}`);
    // Unused filters: no shared answer.
    const from = new Date(1_600_000_000_000 + list.length * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    await timed(list, `rooms/query_room?${crowd.star.query}&category=hot&startUtc=${encodeURIComponent(from)}`);
    const { nnUsers, totalJoined } = await countsOf(crowd);
    lowest = Math.min(lowest, nnUsers, totalJoined);
    await sleep(PROBE_PAUSE_MS);
  }
  return { keepalive: median(keepalive), list: median(list), lowest };
}

/** Every viewer enters and, a moment later, leaves; every second one stays in the end. */
async function churn(crowd: Crowd, which: Which, pace: { pauseMs?: number; count?: number } = {}) {
  const { port, viewers, star } = crowd;
  const roomOf = (n: number) => (which === 'one' ? star.userId : (viewers[(n + 1) % viewers.length]?.userId ?? ''));
  const one = (n: number, path: string) => `/base/v1/rooms/${path}?${viewers[n]?.query}&roomId=${roomOf(n)}`;
  const next = (n: number) => {
    const block = Math.floor(n / 200);
    const viewer = Math.floor(block / 2) * 200 + (n % 200);
    return one(viewer, block % 2 === 0 ? 'enter_room' : 'leave_room').replace(
      'enter_room?',
      'enter_room?role=audience&',
    );
  };
  const load = run({ port, concurrency: CONCURRENCY, count: viewers.length * 2, next, ...pace });
  const seen = await probe(crowd, load);
  return { ...(await load), ...seen };
}

/** Lets every second viewer enter, waits until the counts are settled, and compares them. */
async function checkExact(crowd: Crowd): Promise<void> {
  const { port, viewers, star } = crowd;
  const next = (n: number) => `/base/v1/rooms/enter_room?${viewers[n * 2]?.query}&roomId=${star.userId}&role=audience`;
  await run({ port, concurrency: CONCURRENCY, count: viewers.length / 2, next });
  await sleep(SETTLED_MS);
  const { nnUsers, totalJoined } = await countsOf(crowd);
  const [there, ever] = [viewers.length / 2 + 1, viewers.length + 1];
  process.stdout.write(`settled: nnUsers ${nnUsers} (is ${there}), totalJoined ${totalJoined} (is ${ever})\n`);
  if (nnUsers !== there || totalJoined !== ever) throw new Error('the counts are not exact');
}

async function open(port: number, people: readonly Person[], category: string): Promise<void> {
  const next = (n: number) =>
    `/base/v1/rooms/enter_room?${people[n]?.query}&roomId=${people[n]?.userId}&role=anchor&category=${category}&title=t`;
  const { wrong } = await run({ port, concurrency: 16, count: people.length, next });
  if (wrong > 0) throw new Error(`${wrong} rooms could not be opened`);
}

export async function benchHotRoom(root: string): Promise<void> {
  const mysql = await startMysqlServer({ durable: true });
  const env = { ...mysql.env(mysql.createDatabaseName()), MYSQL_POOL_SIZE: '10' };
  const service = await startProcess(join(root, 'dist/index.js'), env);
  try {
    const { port } = service;
    const viewers = await signUpMany(port, VIEWERS, 'viewer');
    const [star] = await signUpMany(port, 1, 'star');
    if (!star) throw new Error('the sign-up failed');
    await open(port, viewers, 'other');
    await open(port, [star], 'hot');
    const crowd: Crowd = { port, viewers, star };
    const figures: Record<Which, Awaited<ReturnType<typeof churn>>[]> = { one: [], many: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const which of ['many', 'one'] as const) figures[which].push(await churn(crowd, which));
    }
    const idle = await probe(crowd, sleep(3_000));
    const calm = await churn(crowd, 'one', CALM);
    const of = (which: Which, key: 'perSecond' | 'p50' | 'keepalive' | 'list') =>
      median(figures[which].map((one) => one[key]));
    const cells = (which: Which) => [
      of(which, 'perSecond').toFixed(0),
      of(which, 'p50').toFixed(1),
      of(which, 'keepalive').toFixed(2),
      of(which, 'list').toFixed(2),
    ];
    const toIdle = (key: 'keepalive' | 'list') => (calm[key] / idle[key]).toFixed(2);
    const ratio = (key: 'perSecond' | 'p50' | 'keepalive' | 'list') => (of('one', key) / of('many', key)).toFixed(2);
    process.stdout.write(
      `\n${VIEWERS} viewers enter and leave at concurrency ${CONCURRENCY}, ${ROUNDS} rounds in turns\n`,
    );
    printTable(
      ['', 'req/s', 'p50 ms', 'keepalive p50', 'query_room p50'],
      [
        ['idle', '', '', idle.keepalive.toFixed(2), idle.list.toFixed(2)],
        ['spread over 5,000 rooms', ...cells('many')],
        ['all in one room', ...cells('one')],
        [
          'one room, not saturated',
          calm.perSecond.toFixed(0),
          calm.p50.toFixed(1),
          calm.keepalive.toFixed(2),
          calm.list.toFixed(2),
        ],
        ['one room / spread', ratio('perSecond'), ratio('p50'), ratio('keepalive'), ratio('list')],
        ['one room, not saturated / idle', '', '', toIdle('keepalive'), toIdle('list')],
      ],
    );
    const all = [...figures.one, ...figures.many];
    const wrong = all.reduce((sum, one) => sum + one.wrong, 0);
    const lowest = Math.min(...all.map((one) => one.lowest));
    process.stdout.write(`wrong answers ${wrong}; lowest count seen ${lowest}\n`);
    if (wrong > 0 || lowest < 0) throw new Error('a wrong answer, or a count below zero');
    await checkExact(crowd);
  } finally {
    await service.stop();
    await mysql.stop();
  }
}
