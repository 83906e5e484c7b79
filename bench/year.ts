/**
 * A year in a night: a service with many accounts lives through simulated days. The clock is driven, the scheduled work runs
 * at its times, people sign up, sign in (by code too), go live, enter, write, report, appeal, are sanctioned and leave, keys
 * are rotated, a tenant comes and goes. Each quarter prints the rows of the tables, the time of each job and the memory.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { computed, raw, sql } from '../src/data/engine/sql';
import { runMaintenance } from '../src/rules/jobs/maintenance';
import type { DatabaseKind } from '../testkit/database-copies';
import { startFakeServer } from '../testkit/fake-http';
import { startMysqlServer } from '../testkit/mysql-server';
import { ADMIN_KEY, operatorOf } from '../testkit/operator';
import { freshName, goLive, newPerson, type Person, signInAgain, succeeded } from '../testkit/people';
import { DrivenClock, type Service, startService, whenReady } from '../testkit/service';
import { look } from '../testkit/statements';
import { IM_TOKEN, imCallback } from '../testkit/vendor';
import { cell, printTable } from './table';
import { median } from './turns';

const DAY_MS = 86_400_000;
/** Runs of the scheduled work in a simulated day; the real one runs every minute, and most runs find nothing. */
const RUNS_A_DAY = 4;
const QUARTERS = 4;
/** Sign-ups at the same time. */
const AT_ONCE = 32;
/** People of a tenant who do something in the year. */
const MOST_ACTIVE = 400;
const SECOND = { apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' };

interface Options {
  readonly days: number;
  readonly accounts: number;
  readonly kind: DatabaseKind;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      days: { type: 'string', default: '365' },
      accounts: { type: 'string', default: '100000' },
      on: { type: 'string', default: 'sqlite' },
    },
  });
  if (values.on !== 'sqlite' && values.on !== 'mariadb') throw new Error('--on is sqlite or mariadb');
  return {
    days: Number(values.days),
    accounts: Number(values.accounts),
    kind: values.on === 'sqlite' ? 'sqlite' : 'mysql',
  };
}

async function startDatabase(kind: DatabaseKind): Promise<{ env: Record<string, string>; stop: () => Promise<void> }> {
  if (kind === 'mysql') {
    const server = await startMysqlServer({ options: ['--innodb-buffer-pool-size=512M'] });
    return { env: { ...server.env(server.createDatabaseName()), MYSQL_POOL_SIZE: '8' }, stop: () => server.stop() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'live-room-year-'));
  const stop = async () => rmSync(folder, { recursive: true, force: true });
  return { env: { SQLITE_PATH: join(folder, 'year.sqlite') }, stop };
}

/** The parts of the run that continue while the service restarts. */
class Year {
  readonly clock = new DrivenClock();
  readonly #options: Options;
  readonly #env: Record<string, string>;
  #keys: string[] = [];
  #rotations = 0;
  #service: Service | undefined;
  /** The few active users of each tenant; the others have rows only. */
  readonly #people = new Map<string, Person[]>();
  #turn = 0;
  hasSecondTenant = false;
  readonly runMs: number[] = [];
  readonly jobMs = new Map<string, number[]>();
  #code = '';
  calls = 0;
  generated = new Set<string>();

  constructor(options: Options, env: Record<string, string>) {
    this.#options = options;
    this.#env = env;
    this.clock.freeze(Date.UTC(2027, 0, 1));
  }

  get service(): Service {
    if (!this.#service) throw new Error('not started');
    return this.#service;
  }

  /** Ends the service and starts it with the settings of today. */
  async restart(): Promise<void> {
    await this.#service?.close();
    const env = {
      ...this.#env,
      ADMIN_KEY,
      DATA_KEYS: this.#keys.join(','),
      WEBHOOK_ALLOW_PRIVATE: 'true',
      // Shorter than their defaults, so that a year shows that they end.
      AUDIT_KEEP_DAYS: '90',
      BROADCAST_DAYS: '90',
      SANCTION_KEEP_DAYS: '90',
      REPORT_KEEP_DAYS: '90',
      IM_CALLBACK_TOKEN: IM_TOKEN,
      ...(this.hasSecondTenant && { TENANTS: JSON.stringify([SECOND]) }),
    };
    const writeCode = (line: string) => {
      this.#code = /: (\d{6})\n$/.exec(line)?.[1] ?? '';
    };
    this.#service = await startService(this.#options.kind, { clock: this.clock, env, writeCode });
    await whenReady(this.#service);
  }

  /** A new key in front; the previous one stays until all data is encrypted with the new one. */
  async rotateKeys(): Promise<void> {
    this.#rotations += 1;
    const key = `k${this.#rotations}:${randomBytes(32).toString('hex')}`;
    this.#keys = [key, ...this.#keys.slice(0, 1)];
    await this.restart();
  }

  async signUp(count: number, tenant = ''): Promise<void> {
    const active = this.#people.get(tenant) ?? [];
    this.#people.set(tenant, active);
    const extra = tenant === '' ? {} : { apaasAppId: tenant };
    for (let left = count; left > 0; left -= AT_ONCE) {
      const size = Math.min(left, AT_ONCE);
      const made = await Promise.all(Array.from({ length: size }, () => newPerson(this.service, { extra })));
      this.calls += 2 * size;
      if (active.length < MOST_ACTIVE) active.push(...made);
    }
  }

  async #someUser(tenant: string): Promise<Person> {
    this.#turn += 1;
    const active = this.#people.get(tenant) ?? [];
    const account = active[this.#turn % active.length];
    if (!account) throw new Error('there are no users');
    this.calls += 1;
    return signInAgain(this.service, account, tenant === '' ? {} : { apaasAppId: tenant });
  }

  /** A few hours: people come, go live, watch, leave; one is sanctioned; one deletes the account. */
  async #activity(tenant: string): Promise<void> {
    const operator = operatorOf(this.service);
    const host = await this.#someUser(tenant);
    const roomId = await goLive(host);
    const viewers = [await this.#someUser(tenant), await this.#someUser(tenant), await this.#someUser(tenant)];
    for (const viewer of viewers) {
      await viewer.call('rooms/enter_room', { roomId, role: 'audience' });
      await viewer.call('auth_users/user_keepalive');
    }
    const { roomId: id } = await host.must<{ roomId: string }>('rooms/generate_roomid');
    if (this.generated.has(id)) throw new Error(`roomId ${id} was generated twice`);
    this.generated.add(id);
    const [viewer] = viewers;
    const scope = tenant === '' ? {} : { tenant };
    const target = { ...scope, userId: viewer?.userId };
    const kick = { ...target, roomId, reason: 'a year', seconds: 3_600 };
    const { sanctionId } = await operator.must<{ sanctionId: string }>('kick_user', kick);
    await viewer?.must('reports/appeal', { sanctionId, text: 'it was not me' });
    await viewer?.must('reports/report_room', { targetRoomId: roomId, reason: 'fraud' });
    await viewers[1]?.must('reports/report_room', { targetRoomId: roomId, reason: 'fraud' });
    await host.must('rooms/add_admin', { roomId, targetUserId: viewers[2]?.userId });
    if (tenant === '')
      for (const text of ['good evening', 'perhaps', 'never']) await this.#write(viewers[1], roomId, text);
    await viewer?.must('rooms/leave_room', { roomId });
    await host.must('rooms/destroy_room', { roomId });
    this.calls += 13 + 2 * viewers.length;
  }

  /** IM asks what becomes of a message. */
  async #write(by: Person | undefined, roomId: string, text: string): Promise<void> {
    await imCallback(this.service, {
      CallbackCommand: 'Group.CallbackBeforeSendMsg',
      GroupId: roomId,
      Type: 'AVChatRoom',
      From_Account: by?.userId,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
    });
  }

  /** A new phone number every day: the codes of the year are not kept. */
  async #signInByCode(number: number): Promise<void> {
    const phone = `+86139${String(number).padStart(8, '0')}`;
    const asked = succeeded<{ sessionId: string }>(
      await this.service.call('auth_users/user_verify_by_picture', { phone }),
    );
    succeeded(
      await this.service.call('auth_users/user_login_code', { phone, sessionId: asked.sessionId, code: this.#code }),
    );
    // Guessed passwords are counted.
    await this.service.call('oauth/signature', { username: freshName(), signature: 'f'.repeat(32) });
    this.calls += 3;
  }

  async day(number: number): Promise<void> {
    for (let run = 0; run < RUNS_A_DAY; run += 1) {
      this.clock.advance(DAY_MS / RUNS_A_DAY);
      await this.#activity('');
      if (this.hasSecondTenant) await this.#activity(SECOND.apaasAppId);
      const { ms } = await runMaintenance(this.service.services, { budgetMs: 20_000, timed: this.#timed });
      this.runMs.push(Number(ms));
    }
    await this.signUp(2);
    await this.#signInByCode(number);
    if (number % 3 === 0) await (await this.#leaver()).must('auth_users/user_delete');
    // The captured log of a year is not the service's memory.
    this.service.lines.length = 0;
  }

  readonly #timed = (job: string, ms: number): void => {
    const times = this.jobMs.get(job) ?? [];
    this.jobMs.set(job, times);
    times.push(ms);
  };

  async #leaver(): Promise<Person> {
    this.calls += 3;
    return newPerson(this.service);
  }

  async close(): Promise<void> {
    await this.#service?.close();
  }
}

const NAME = computed<{ name: string }>({ name: raw('name') });
const COUNT = computed<{ count: number }>({ count: raw('COUNT(*)') });

async function rowsOf(service: Service, kind: DatabaseKind): Promise<Map<string, number>> {
  const db = service.services.database.forRequest();
  const tables =
    kind === 'sqlite'
      ? sql`SELECT ${NAME} FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`
      : sql`SELECT ${NAME} FROM (SELECT table_name AS name FROM information_schema.tables
          WHERE table_schema = DATABASE()) t ORDER BY name`;
  const rows = new Map<string, number>();
  for (const { name } of await look(db, NAME, tables)) {
    const [counted] = await look(db, COUNT, sql`SELECT ${COUNT} FROM ${raw(name)}`);
    rows.set(name, Number(counted?.count));
  }
  return rows;
}

interface Snapshot {
  readonly title: string;
  readonly rows: ReadonlyMap<string, number>;
  readonly medianMs: number;
  readonly longestMs: number;
  readonly jobs: ReadonlyMap<string, readonly number[]>;
  readonly rssMb: number;
}

async function takeSnapshot(year: Year, kind: DatabaseKind, title: string): Promise<Snapshot> {
  const runs = year.runMs.splice(0);
  const jobs = new Map(year.jobMs);
  year.jobMs.clear();
  return {
    title,
    rows: await rowsOf(year.service, kind),
    medianMs: runs.length === 0 ? 0 : median(runs),
    longestMs: Math.max(0, ...runs),
    jobs,
    rssMb: process.memoryUsage().rss / 2 ** 20,
  };
}

function timesOf(times: readonly number[]): string {
  return `${median(times).toFixed(1)} / ${Math.max(0, ...times).toFixed(0)}`;
}

function report(snapshots: readonly Snapshot[]): void {
  const tables = [...(snapshots.at(-1)?.rows.keys() ?? [])];
  printTable(
    ['rows', ...snapshots.map(({ title }) => title)],
    tables.map((table) => [table, ...snapshots.map(({ rows }) => cell(rows.get(table) ?? 0))]),
  );
  printTable(
    ['scheduled work', ...snapshots.map(({ title }) => title)],
    [
      ['median of a run, ms', ...snapshots.map(({ medianMs }) => cell(medianMs))],
      ['longest run, ms', ...snapshots.map(({ longestMs }) => cell(longestMs))],
      ...[...(snapshots.at(-1)?.jobs.keys() ?? [])].map((job) => [
        `${job}: median / longest, ms`,
        ...snapshots.map(({ jobs }) => timesOf(jobs.get(job) ?? [])),
      ]),
      ['memory of the process, MB', ...snapshots.map(({ rssMb }) => cell(rssMb))],
    ],
  );
}

async function live(year: Year, { days, accounts, kind }: Options, url: string): Promise<void> {
  await year.rotateKeys();
  const operator = operatorOf(year.service);
  await operator.must('add_webhook', { url });
  await operator.must('change_review_settings', { enabled: true, language: 'en' });
  await operator.must('add_words', { words: ['perhaps'], action: 'hold' });
  await operator.must('add_words', { words: ['never'], action: 'refuse' });
  await year.signUp(accounts);
  year.service.lines.length = 0;
  process.stderr.write(`${accounts} accounts\n`);
  const snapshots = [await takeSnapshot(year, kind, 'begin')];
  for (let day = 1; day <= days; day += 1) {
    if (day % Math.ceil(days / 6) === 0) await year.rotateKeys();
    if (day === Math.ceil(days / 5) || day === Math.ceil((days * 3) / 5)) {
      year.hasSecondTenant = !year.hasSecondTenant;
      await year.restart();
      if (year.hasSecondTenant) await year.signUp(50, SECOND.apaasAppId);
    }
    await year.day(day);
    if (day % Math.ceil(days / QUARTERS) === 0 || day === days) {
      snapshots.push(await takeSnapshot(year, kind, `day ${day}`));
      process.stderr.write(`day ${day}\n`);
    }
  }
  process.stdout.write(`${days} days, ${accounts} accounts, ${year.calls} calls, ${kind}\n`);
  report(snapshots);
}

export async function benchYear(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const database = await startDatabase(options.kind);
  const receiver = await startFakeServer(() => ({ json: {}, failure: undefined }));
  const year = new Year(options, database.env);
  try {
    await live(year, options, `${receiver.url}/year`);
  } finally {
    await year.close();
    await receiver.stop();
    await database.stop();
  }
}
