/** The built service as a process of its own, so that it can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import md5 from 'md5';
import { until } from './lived';
import { sign } from './people';

const BUNDLE = join(__dirname, '../dist/index.js');
/** Only ends what hangs. */
const READY_MS = 120_000;

export interface Answer {
  errorCode: number;
  data?: unknown;
}

export interface ServiceProcess {
  /** What it has written so far. */
  output: () => string;
  call(endpoint: string, params: object): Promise<Answer>;
  readonly port: number;
  /** Asks it to stop, as systemd and containers do; gives its exit code and how long that took, in milliseconds. */
  terminate(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
  /** As the platform does when it has no patience: no goodbye. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: the process stands still and then goes on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

export interface ProcessOptions {
  /** Gets what the process writes, in pieces, in place of output(): for runs that write more than memory should hold. */
  onOutput?: (part: string) => void;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

async function portOf(child: ChildProcess, output: () => string): Promise<number> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const port = /listens at http:\/\/localhost:(\d+)/.exec(output())?.[1];
    if (port !== undefined) return Number(port);
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the service did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `bundle`: another one than that of the project. */
export async function startProcess(
  { bundle = BUNDLE, ...env }: Readonly<Record<string, string>>,
  { onOutput }: ProcessOptions = {},
): Promise<ServiceProcess> {
  if (!existsSync(bundle)) throw new Error('dist/index.js is missing: run `npm run build` first');
  // Away from the project, whose .env is none of this test's business.
  const folder = mkdtempSync(join(tmpdir(), 'live-room-process-'));
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [bundle], { cwd: folder, env: { PATH, PORT: '0', HOST: '127.0.0.1', ...env } });
  let text = '';
  let started = false;
  const take = (part: string) => {
    onOutput?.(part);
    if (!started || onOutput === undefined) text += part;
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
  const output = () => text;
  const port = await portOf(child, output).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  started = true;
  return {
    output,
    port,
    async terminate(signal = 'SIGTERM') {
      const began = performance.now();
      child.kill(signal);
      await ended(child);
      return { code: child.exitCode, ms: performance.now() - began };
    },
    async call(endpoint, params) {
      const response = await fetch(`http://127.0.0.1:${port}/base/v1/${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
      });
      return (await response.json()) as Answer;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
    signal: (name) => void child.kill(name),
  };
}

/** Registers and signs in; gives what every further call carries. The first one waits for the tables (103). */
export async function signUp(service: ServiceProcess, username: string): Promise<{ userId: string; token: string }> {
  const salt = md5(`${username}-password`);
  await until(
    'the service registers',
    async () => (await service.call('oauth/register', { username, salt })).errorCode !== 103,
  );
  const answer = await service.call('oauth/signature', { username, signature: sign({ username, secret: salt }) });
  const { userId, token } = answer.data as { userId: string; token: string };
  return { userId, token };
}
