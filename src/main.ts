/**
 * The bundle's entry. SCF calls main_handler (event function) or runs the file (web function, through scf_bootstrap);
 * `npm start` runs the same file on a laptop.
 */
import { join } from 'node:path';
import { config as loadDotenv } from 'dotenv';
import type { Write } from './base/log';
import { type ComposeOptions, closeServices, compose } from './compose';
import { VERSION } from './http/envelope';
import { bufferedWrite, writeToStdout } from './http/log';
import { createHttpServer } from './http/node/server';
import { AT_ONCE, GENTLY, type StopLimits, watchConnections } from './http/node/stopping';
import { createPages } from './http/pages/pages';
import { type AppParts, createApp } from './http/pipeline';
import { createProbes } from './http/probes';
import { type EventResponse, handleEvent, isTimerEvent } from './http/scf-event';
import { type RunReport, runMaintenance } from './rules/jobs/maintenance';
import { startTimer } from './rules/jobs/timer';
import { startDelivering } from './rules/webhooks/timer';
import { createCoverPages } from './sample/covers';
import { bannerText } from './terminal/banner';
import { watchFirstAnswer } from './terminal/database-fault';
import { claimSqlite } from './terminal/other-process';
import { createReadableLog } from './terminal/readable-log';

type Running = ReturnType<typeof start>;
let running: Running | undefined;
/** Set by the signal that ends the process. */
let stopping = false;

function start(options: Omit<ComposeOptions, 'env'> = {}, morePages: AppParts['pages'] = {}) {
  const { composition, configuration, write, metrics, demoKey } = compose({ env: process.env, ...options });
  const pages = {
    ...morePages,
    ...createPages({ composition, configuration, directory: join(__dirname, 'pages') }),
    ...createProbes({ composition, metrics, isStopping: () => stopping }),
  };
  return { composition, configuration, demoKey, app: createApp({ composition, write, pages }) };
}

/** Part of the function's time reserved for the last batch of a run (ms), and the longest run. */
const TIMER_RESERVE_MS = 8_000;
const TIMER_MOST_MS = 40_000;

interface ScfContext {
  callbackWaitsForEmptyEventLoop?: boolean;
  /** The function's time-out. */
  time_limit_in_ms?: number;
}

/** The platform logs the return value of a timer's function, so it has counts only. */
async function onTimer({ composition }: Running, context: ScfContext | undefined): Promise<RunReport> {
  if (!composition.ok) return { configurationInvalid: true };
  const limit = Number(context?.time_limit_in_ms ?? 30_000);
  const budgetMs = Math.min(TIMER_MOST_MS, Math.max(limit - TIMER_RESERVE_MS, limit / 3));
  return runMaintenance(composition.services, { budgetMs });
}

/** SCF event function: API Gateway, Function URL, timer. Nothing is made before the first event; an instance keeps it. */
export async function main_handler(event: unknown, context?: ScfContext): Promise<EventResponse | RunReport> {
  // Pooled connections would otherwise keep the instance from answering.
  if (context) context.callbackWaitsForEmptyEventLoop = false;
  running ??= start({ oneRequestAtATime: true });
  return isTimerEvent(event) ? onTimer(running, context) : handleEvent(running.app, event);
}

/** A server outside the cloud does not start with wrong settings: its terminal shows them. */
function stopOnBadSettings({ configuration }: Running): void {
  if (configuration.ok || configuration.starts) return;
  process.stderr.write(`live-room does not start:\n${configuration.problems.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

/** A terminal gets sentences; a pipe, a file and LOG_FORMAT=json get the JSON lines. */
function logWriter(): Write {
  const format = process.env['LOG_FORMAT']?.toLowerCase() ?? 'auto';
  const readable = format === 'text' || (format !== 'json' && process.stdout.isTTY === true);
  if (!readable) return writeToStdout;
  return createReadableLog({ write: writeToStdout, colours: process.stdout.isTTY === true });
}

/** Reports on the terminal why the database does not answer, and a second process on the same SQLite file. */
function watchDatabase({ composition }: Running, answered: () => void): void {
  if (!composition.ok) return;
  const { config, database } = composition.services;
  watchFirstAnswer({
    config: config.database,
    check: () => database.check(),
    report: (sentence) => process.stderr.write(`${sentence}\n`),
    // Other wrong settings end the process too; in the cloud the answers say it.
    ...(!config.cloud && {
      refused: (sentence) => {
        process.stderr.write(`live-room does not start:\n  ${sentence}\n`);
        process.exit(1);
      },
    }),
    answered: () => {
      answered();
      const other = config.database.kind === 'sqlite' ? claimSqlite(config.database.path) : undefined;
      if (other === undefined) return;
      process.stderr.write(
        `Another live-room (pid ${other}) uses the same SQLite file. Both work, but the limits and caches of each are its own. To stop it: kill ${other}\n`,
      );
    },
  });
}

/** Fills the demo with people (sample/sample-data.ts) once the database answers. */
async function fillWithSample({ app, composition, demoKey }: Running, rooms: number, url: string): Promise<void> {
  if (!composition.ok || demoKey === null) return;
  const { services } = composition;
  const [tenant] = services.config.tenants;
  if (!tenant) return;
  const { startSample } = await import('./sample/sample-data');
  const began = performance.now();
  try {
    const stop = await startSample({ app, services, tenant, key: demoKey, url, rooms });
    process.once('exit', stop);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    // The calls of the sample have moved the key of the first lines out of sight.
    const key = `${url}operators, key ${demoKey}`;
    process.stderr.write(`Sample data: ${rooms} live rooms, made in ${seconds} s. See ${key}\n`);
  } catch (error) {
    process.stderr.write(
      `Sample data could not be made: ${error instanceof Error ? error.message : 'unexpected error'}\n`,
    );
  }
}

export interface ServeOptions {
  /** Made-up settings are used if nothing is configured. The cloud never allows it. */
  allowDemo: boolean;
  /** Sample rooms that are live; 0 = no sample data. In demo mode only. */
  sampleRooms?: number;
}

export function serve({ allowDemo, sampleRooms = 0 }: ServeOptions): void {
  loadDotenv({ quiet: true });
  const write = bufferedWrite(logWriter());
  const service = start({ allowDemo, write }, sampleRooms > 0 ? createCoverPages() : {});
  running = service;
  stopOnBadSettings(service);
  if (sampleRooms > 0 && service.demoKey === null) {
    process.stderr.write('--sample is for demo mode, which is off because TRTC_TIM_APPID or ADMIN_KEY is set.\n');
    process.exit(1);
  }
  const { configuration } = service;
  const { http } = configuration.ok ? configuration.config : configuration;
  const server = createHttpServer(service.app);
  server.on('error', (error) => {
    process.stderr.write(`live-room cannot listen on port ${http.port}: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(http.port, http.host, () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : http.port;
    const { demoKey } = service;
    const terminal = process.stderr.isTTY === true;
    process.stderr.write(bannerText({ configuration, version: VERSION, port, demoKey, terminal }));
    watchDatabase(service, () => {
      if (sampleRooms > 0) void fillWithSample(service, sampleRooms, `http://localhost:${port}/`);
    });
  });
  stopOnSignals(service, watchConnections(server));
}

/** The first signal lets everything end well; the second ends the process. */
function stopOnSignals({ composition }: Running, stopServer: (limits: StopLimits) => Promise<void>): void {
  const stopTimer = composition.ok ? startTimer(composition.services) : undefined;
  const stopDelivering = composition.ok ? startDelivering(composition.services) : undefined;
  const stop = async (limits: StopLimits) => {
    if (stopping) process.exit(1);
    stopping = true;
    stopTimer?.();
    stopDelivering?.();
    await stopServer(limits);
    if (composition.ok) await closeServices(composition.services);
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop(GENTLY));
  process.on('SIGINT', () => void stop(AT_ONCE));
}

/** `--sample` or `--sample=ROOMS`, at most 2,000 rooms; 0 if it is not given. */
export function sampleRoomsIn(args: readonly string[]): number {
  const given = args.find((arg) => arg === '--sample' || arg.startsWith('--sample='));
  if (given === undefined) return 0;
  const rooms = Number(given.split('=')[1] ?? 12);
  return Number.isInteger(rooms) ? Math.min(Math.max(rooms, 1), 2_000) : 12;
}

export { migrateSchema } from './migrate-schema';

if (require.main === module) {
  serve({ allowDemo: process.argv.includes('--local'), sampleRooms: sampleRoomsIn(process.argv) });
}
