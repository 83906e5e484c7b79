/**
 * The bundle's entry. SCF calls main_handler (event function) or runs the file (web function, through scf_bootstrap);
 * `npm start` runs the same file on a laptop.
 */
import { join } from 'node:path';
import { config as loadDotenv } from 'dotenv';
import { type ComposeOptions, compose, writeToStdout } from './compose';
import { bufferedWrite } from './http/log';
import { createHttpServer } from './http/node/server';
import { AT_ONCE, GENTLY, type StopLimits, watchConnections } from './http/node/stopping';
import { createPages } from './http/pages/pages';
import { createApp } from './http/pipeline';
import { createProbes } from './http/probes';
import { type EventResponse, handleEvent, isTimerEvent } from './http/scf-event';
import { type RunReport, runMaintenance } from './rules/jobs/maintenance';
import { startTimer } from './rules/jobs/timer';
import { startDelivering } from './rules/webhooks/timer';

type Running = ReturnType<typeof start>;
let running: Running | undefined;
/** Set by the signal that ends the process. */
let stopping = false;

function start(options: Omit<ComposeOptions, 'env'> = {}) {
  const { composition, configuration, write, metrics, demoKey } = compose({ env: process.env, ...options });
  const pages = {
    ...createPages({ composition, configuration, directory: join(__dirname, 'pages') }),
    ...createProbes({ composition, metrics, isStopping: () => stopping }),
  };
  return { composition, configuration, demoKey, app: createApp({ composition, write, pages }) };
}

/** Of the function's time, what a run of the scheduled work leaves for its last batch (ms), and how long it is at most. */
const TIMER_RESERVE_MS = 8_000;
const TIMER_MOST_MS = 40_000;

interface ScfContext {
  callbackWaitsForEmptyEventLoop?: boolean;
  /** The function's time-out. */
  time_limit_in_ms?: number;
}

/** The platform logs what a timer's function returns: counts only. */
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

function banner({ configuration, demoKey }: Running, address: string): string {
  const warnings = configuration.warnings.map((warning) => `${warning}\n`).join('');
  const operator = demoKey === null ? '' : `Operator's key of this demo, until it ends (base/v1/admin/*): ${demoKey}\n`;
  return `${warnings}${stateText(configuration, address)}${operator}`;
}

function stateText(configuration: Running['configuration'], address: string): string {
  if (!configuration.ok)
    return `live-room at ${address} answers SystemError(99): ${configuration.problems.join('; ')}\n`;
  const { demo, database, imEndpoint } = configuration.config;
  const where = database.kind === 'mysql' ? 'MySQL' : `SQLite at ${database.path}`;
  const demoNote = demo
    ? 'DEMO MODE: no TRTC application is configured, so the app id and secret are made up and IM is off.\n' +
      'Sign-in, rooms and presence work; video and chat need .env (see .env.example).\n'
    : '';
  return `${demoNote}live-room listens at ${address} (${where}${imEndpoint ? '' : ', IM off'})\n`;
}

/** A server on a machine of one's own does not start on settings that are wrong: its terminal is where they are read. */
function stopOnBadSettings({ configuration }: Running): void {
  if (configuration.ok || configuration.starts) return;
  process.stderr.write(`live-room does not start:\n${configuration.problems.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

/** `allowDemo`: made-up settings where nothing is configured. The cloud never allows it. */
export function serve({ allowDemo }: { allowDemo: boolean }): void {
  loadDotenv({ quiet: true });
  const service = start({ allowDemo, write: bufferedWrite(writeToStdout) });
  running = service;
  stopOnBadSettings(service);
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
    process.stderr.write(banner(service, `http://localhost:${port}/`));
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
    if (composition.ok) await composition.services.database.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop(GENTLY));
  process.on('SIGINT', () => void stop(AT_ONCE));
}

if (require.main === module) serve({ allowDemo: process.argv.includes('--local') });
