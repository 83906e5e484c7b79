/** Starts the built service, or the floor, as a separate process and waits until it listens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey } from '../src/rules/operators/keys';

/** What each part of the operators' benchmark gets. */
export interface OperatorsBench {
  /** The built service. */
  bundle: string;
  small: boolean;
}

export const OPERATOR_KEY = newKey();

/** A made-up application: nothing in the benchmark leaves this machine. */
export const SETTINGS = {
  ADMIN_KEY: OPERATOR_KEY,
  USER_QUERY_LIMIT_PER_MINUTE: '0',
  TRTC_TIM_APPID: '1400000000',
  TRTC_TIM_SECRET: 'benchmark-only-0123456789abcdef',
  TIM_ENDPOINT: 'off',
  // All users have one address.
  SIGN_UPS_PER_MINUTE: '0',
  ROOM_OPENINGS_PER_MINUTE: '0',
  ROOM_OPENINGS_PER_DAY: '0',
  SIGN_UPS_PER_DAY: '0',
  REPORTS_PER_HOUR: '0',
  SIGN_IN_FAILURES_PER_MINUTE: '0',
  // A few do what thousands do.
  ROOM_IDS_PER_DAY: '0',
  ROOMS_PER_OWNER: '0',
  SESSIONS_PER_USER: '0',
  TRTC_ENDPOINT: 'off',
  HOST: '127.0.0.1',
  PORT: '0',
};

export interface Running {
  port: number;
  /** Time from the start of the process to the line of the listening service (ms). */
  startMs: number;
  /** Resident memory in MiB. */
  rss(): number;
  /** Processor time used so far (ms), counted by the system in ticks of 10 ms. */
  cpuMs(): number;
  /** The log lines so far, parsed. */
  log(): { endpoint?: string; queries?: number }[];
  /** Kills it. */
  stop(): Promise<void>;
  /** Stops it gracefully, like a deployment. */
  end(): Promise<void>;
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const port = /listens at http:\/\/localhost:(\d+)/.exec(text)?.[1];
      if (port) resolve(Number(port));
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
}

export async function startProcess(
  script: string,
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-bench-'));
  const logFile = join(folder, 'log');
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, script], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...SETTINGS, SQLITE_PATH: join(folder, 'bench.sqlite'), ...env },
    stdio: ['ignore', openSync(logFile, 'w'), 'pipe'],
  });
  const port = await listening(child);
  const startMs = performance.now() - started;
  const ended = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      child.on('exit', () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      });
      child.kill(signal);
    });
  return {
    port,
    startMs,
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    cpuMs: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    log: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    stop: () => ended('SIGKILL'),
    end: () => ended('SIGTERM'),
  };
}
