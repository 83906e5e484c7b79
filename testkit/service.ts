/** A whole service for one test file: its own database, a real HTTP server, a clock that can be driven, captured log lines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeServices, compose } from '../src/compose';
import { createHttpServer, type ServerLimits } from '../src/http/node/server';
import { createApp } from '../src/http/pipeline';
import { createProbes } from '../src/http/probes';
import type { Services } from '../src/rules/context';
import { whenMigrated } from './database';
import { copyDatabase, type DatabaseKind } from './database-copies';
import { describeWithMysql, rotated, serverName, usesSqlite } from './mysql-server';
import { type Ask, type Entrance, type Envelope, envelopeOf, send, type Way } from './ways';

export const APP_ID = 1_400_000_001;
export const APP_SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f0123456789abcdef';

/** Starts at the present time; moves with it, until frozen, plus whatever it was advanced. */
export class DrivenClock {
  private offset = 0;
  private frozenAt: number | undefined;
  readonly now = (): number => (this.frozenAt ?? Date.now()) + this.offset;

  advance(ms: number): void {
    this.offset += ms;
  }

  freeze(at: number): void {
    this.frozenAt = at;
    this.offset = 0;
  }

  /** From the present time of this clock on, it runs as the real one does. */
  thaw(): void {
    this.offset = this.now() - Date.now();
    this.frozenAt = undefined;
  }
}

export type Params = Readonly<Record<string, unknown>>;

export interface Service extends Entrance {
  clock: DrivenClock;
  /** Every log line so far. */
  lines: string[];
  env: Readonly<Record<string, string>>;
  /** What the scheduled work runs on. */
  services: Services;
  /** POSTs JSON to `/base/v1/{endpoint}` over HTTP and gives the envelope. */
  call(endpoint: string, params?: Params, way?: Way): Promise<Envelope>;
  ask(way: Way, ask: Ask): Promise<Envelope>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  env?: Readonly<Record<string, string>>;
  clock?: DrivenClock;
  /** Uses the database of another service. */
  sameDatabaseAs?: Service;
  /** Takes the codes that are not sent. */
  writeCode?: (line: string) => void;
  /** Other limits of the HTTP server, for tests that wait for them. */
  http?: ServerLimits;
}

/** `brings`: the test names a database of its own. */
async function databaseEnv(
  kind: DatabaseKind,
  brings: boolean,
): Promise<{ env: Record<string, string>; remove: () => void }> {
  if (brings) return { env: { MYSQL_POOL_SIZE: '8' }, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'live-room-test-'));
  return {
    env: { ...(await copyDatabase(kind, folder)), MYSQL_POOL_SIZE: '8' },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Settings of a test that has a database of its own, which may be one that is not there. */
const OTHER_DATABASE = /^(MYSQL_(HOST|PORT|USER|PASSWORD|DB)|SQLITE_PATH)$/;

/** Waits for the tables; what a test is about begins after that. */
export const whenReady = ({ services }: { services: Services }): Promise<void> => whenMigrated(services.database);

/** Of a cluster, a second service uses another node first. */
function onAnotherNode(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const hosts = env['MYSQL_HOST'];
  return hosts === undefined ? env : { ...env, MYSQL_HOST: rotated(hosts) };
}

export function jsonAsk(endpoint: string, params: Params = {}): Ask {
  return {
    method: 'POST',
    path: `/base/v1/${endpoint}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  };
}

export async function startService(kind: DatabaseKind, options: ServiceOptions = {}): Promise<Service> {
  const { clock = new DrivenClock(), sameDatabaseAs } = options;
  const brings = options.env?.['MYSQL_DB'] !== undefined;
  const database = sameDatabaseAs
    ? { env: onAnotherNode(sameDatabaseAs.env), remove: () => {} }
    : await databaseEnv(kind, brings);
  const standard = {
    TRTC_TIM_APPID: String(APP_ID),
    TRTC_TIM_SECRET: APP_SECRET,
    TIM_ENDPOINT: 'off',
    // Hundreds of people sign up and fail from one address; tests/attacks/guessing is about that.
    SIGN_UPS_PER_MINUTE: '0',
    SIGN_UPS_PER_DAY: '0',
    SIGN_IN_FAILURES_PER_MINUTE: '0',
    // A frozen clock is in one minute for ever; tests/attacks/live-and-ended is about that.
    ROOM_OPENINGS_PER_MINUTE: '0',
    ROOM_OPENINGS_PER_DAY: '0',
    OPERATOR_CALLS_PER_MINUTE: '0',
    TRTC_ENDPOINT: 'off',
    // Nothing is sent, and nobody has to be human.
    CODE_DELIVERY: 'log',
    CAPTCHA: 'off',
  };
  const env = { ...standard, ...database.env, ...options.env };
  const lines: string[] = [];
  const { writeCode = () => {} } = options;
  const { composition, metrics } = compose({ env, clock: clock.now, write: (line) => lines.push(line), writeCode });
  const pages = createProbes({ composition, metrics, isStopping: () => false });
  const app = createApp({ composition, write: (line) => lines.push(line), pages });
  const server = createHttpServer(app, options.http);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const agent = new Agent({ keepAlive: true });
  const entrance = { app, port, agent };
  const ownDatabase = !sameDatabaseAs && !Object.keys(options.env ?? {}).some((name) => OTHER_DATABASE.test(name));
  if (kind === 'mysql' && ownDatabase && composition.ok) await whenReady(composition);
  return {
    ...entrance,
    clock,
    lines,
    env,
    get services() {
      if (!composition.ok) throw new Error(composition.message);
      return composition.services;
    },
    ask: async (way, ask) => envelopeOf(await send(entrance, way, ask)),
    call: async (endpoint, params, way = 'http') => envelopeOf(await send(entrance, way, jsonAsk(endpoint, params))),
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (composition.ok) await closeServices(composition.services);
      database.remove();
    },
  };
}

/** The same tests on SQLite and on MySQL. */
export function onBothDatabases(body: (kind: DatabaseKind) => void): void {
  if (usesSqlite) describe('on SQLite', () => body('sqlite'));
  describeWithMysql(`on ${serverName}`, () => body('mysql'));
}

/** A service that starts before the tests of this block and ends after them. */
export function useService(kind: DatabaseKind, options: ServiceOptions | (() => ServiceOptions) = {}): () => Service {
  let service: Service | undefined;
  beforeAll(async () => {
    service = await startService(kind, typeof options === 'function' ? options() : options);
  });
  afterAll(() => service?.close());
  return () => {
    if (!service) throw new Error('the service has not been started');
    return service;
  };
}
