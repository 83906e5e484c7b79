/**
 * The costs of storing and reading statistics: a sample with 20 and with 20,000 live rooms, with its longest statement
 * and its longest block of this process, and the calls of the operators' pages with a thousand and with a million finished
 * broadcasts, each pair taken in turns on one server.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Connection, createConnection } from 'mysql2/promise';
import { compose } from '../src/compose';
import { SERIES_NAMES } from '../src/contract/admin/statistics';
import { listBroadcasts } from '../src/data/statistics/broadcasts';
import { STEPS, type Step } from '../src/data/statistics/samples';
import type { Services } from '../src/rules/context';
import { keepStatistics } from '../src/rules/statistics/roll-up';
import { takeSample } from '../src/rules/statistics/sampler';
import { answerQuestion } from '../src/rules/statistics/statistics-query';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { type Scale, seed } from '../testkit/seed';
import { watchedDatabase } from '../testkit/watched';
import { printTable } from './table';
import { median } from './turns';

const ROUNDS = 15;
const FEW = { rooms: { users: 2_000, rooms: 1_000, live: 20, members: 3_000 }, broadcasts: 1_000 };
const MANY = { rooms: { users: 200_000, rooms: 40_000, live: 20_000, members: 820_000 }, broadcasts: 1_000_000 };
const DAYS = 30;

interface Place {
  services: Services;
  close(): Promise<void>;
}

/** Broadcasts over a year and samples of the last month, written by the server itself. */
async function fill(connection: Connection, now: number, broadcasts: number): Promise<void> {
  const digits =
    '(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)';
  const numbers = (places: number) => {
    const names = Array.from({ length: places }, (_, index) => `n${index}`);
    const value = names.map((name, index) => `${name}.d * ${10 ** index}`).join(' + ');
    return { value, from: names.map((name) => `${digits} ${name}`).join(' CROSS JOIN ') };
  };
  const many = numbers(6);
  for (let from = 0; from < broadcasts; from += 100_000) {
    const until = Math.min(broadcasts, from + 100_000);
    const n = `(${many.value})`;
    await connection.query(`INSERT INTO broadcasts (tenant, room_id, broadcast_no, owner_id, title, category, started_at, ended_at, ended_by, reason, peak, joined)
       SELECT '', CONCAT('r', ${n}), 1, ${n} % 5000, 'A live room', 'liveRoom', ${now} - ${n} * 31000 - 600000, ${now} - ${n} * 31000, 'owner', '', 3, 5
       FROM ${many.from} WHERE ${n} >= ${from} AND ${n} < ${until}`);
  }
  const few = numbers(5);
  const minute = `(${now - (now % STEPS.minute)} - (${few.value}) * 60000)`;
  await connection.query(`INSERT INTO samples (tenant, step, at, rooms, viewers, online, rooms_at, viewers_at, online_at, sign_ins, sign_ups, entries, counted_until)
     SELECT '', 0, ${minute} - 120000, 5, 50, 60, ${minute}, ${minute}, ${minute}, 1, 1, 1, ${minute} - 60000
     FROM ${few.from} WHERE (${few.value}) < ${DAYS * 1_440}`);
}

async function place(server: MysqlServer, { rooms, broadcasts }: { rooms: Scale; broadcasts: number }): Promise<Place> {
  const database = server.createDatabaseName();
  const env = {
    ...server.env(database),
    TRTC_TIM_APPID: '1400000000',
    TRTC_TIM_SECRET: 'benchmark-only-0123456789abcdef',
    TIM_ENDPOINT: 'off',
    TRTC_ENDPOINT: 'off',
  };
  const { composition } = compose({ env, write: () => {} });
  if (!composition.ok) throw new Error(composition.message);
  const { services } = composition;
  await services.database.check();
  const { host, port, user, password } = server;
  const connection = await createConnection({ host, port, user, password, database });
  await seed(connection, rooms, services.clock());
  await fill(connection, services.clock(), broadcasts);
  await connection.end();
  // Rolls up in pieces of a day, as the scheduled work does.
  await keepStatistics(services);
  return { services, close: () => services.database.close() };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Each round has a separate minute. */
function sample(services: Services, round: number): Promise<unknown> {
  return takeSample({ ...services, clock: () => services.clock() + (round + 1) * STEPS.minute }, '');
}

/** The longest statement of a sample (ms). */
async function longestStatement(services: Services, round: number): Promise<number> {
  let longest = 0;
  const forRequest: Services['database']['forRequest'] = (budget) => {
    return watchedDatabase(services.database.forRequest(budget), () => {
      const started = performance.now();
      return () => {
        longest = Math.max(longest, performance.now() - started);
      };
    });
  };
  await sample({ ...services, database: { ...services.database, forRequest } }, round);
  return longest;
}

/** The longest time for which a sample blocks the process (ms). */
async function longestHold(services: Services, round: number): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sample(services, round);
  delay.disable();
  return delay.max / 1e6;
}

type Question = [name: string, ask: (services: Services, round: number) => Promise<unknown>];

function ask(step: Step, ms: number): Question[1] {
  return (services) => {
    const to = services.clock();
    const question = { tenant: '', step, from: to - ms, to, series: SERIES_NAMES };
    return answerQuestion(services.database.forRequest(), question);
  };
}

const QUESTIONS: readonly Question[] = [
  ['a sample, with its pauses', sample],
  ['an hour of minutes', ask('minute', STEPS.hour)],
  ['a day of minutes', ask('minute', STEPS.day)],
  ['30 days of hours', ask('hour', DAYS * STEPS.day)],
  ['30 days', ask('day', DAYS * STEPS.day)],
  ['first page of broadcasts', ({ database }) => listBroadcasts(database.forRequest(), { tenant: '', limit: 51 })],
  [
    'broadcasts of one owner',
    ({ database }) => listBroadcasts(database.forRequest(), { tenant: '', ownerId: 7, limit: 51 }),
  ],
];

export async function benchStatistics(): Promise<void> {
  const server = await startMysqlServer();
  try {
    const places = [await place(server, FEW), await place(server, MANY)];
    const rows: string[][] = [];
    const measured: readonly (readonly [
      name: string,
      measure: (services: Services, round: number) => Promise<number>,
    ])[] = [
      ['longest statement of a sample', longestStatement],
      ['longest block of the process by a sample', (services, round) => longestHold(services, round + ROUNDS)],
      ...QUESTIONS.map(
        ([name, work]) =>
          [name, (services: Services, round: number) => timed(() => work(services, round + 2 * ROUNDS))] as const,
      ),
    ];
    for (const [name, measure] of measured) {
      const times: number[][] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [index, { services }] of places.entries()) times[index]?.push(await measure(services, round));
      }
      const [few = 0, many = 0] = times.map(median);
      rows.push([name, few.toFixed(2), many.toFixed(2), (many / few).toFixed(2)]);
    }
    process.stdout.write('\nStatistics, median ms: 20 live rooms and 1,000 broadcasts, 20,000 and 1,000,000\n');
    printTable(['', 'few', 'many', 'many / few'], rows);
    for (const { close } of places) await close();
  } finally {
    await server.stop();
  }
}
