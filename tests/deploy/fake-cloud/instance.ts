/**
 * Instances of functions: the unzipped code in a read-only folder, run by a user that may write only to /tmp, with the
 * environment that SCF gives. A web function is started by scf_bootstrap and listens on port 9000; an event function is
 * called through its handler and frozen in between.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unzip } from './zip-reader';

/** The port on which SCF expects a web function. */
export const webPort = 9000;

export interface InstanceOptions {
  readonly code: Buffer;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly initTimeout: number;
  onLine(line: string): void;
}

const isRoot = process.getuid?.() === 0;
/** Root may write anywhere, so instances run as the user `no user` if the tests run as root. */
const identity = isRoot ? { uid: 65_534, gid: 65_534 } : {};

/** Unzips into a folder whose files cannot be changed. */
export function unpack(code: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-scf-'));
  const root = join(folder, 'user');
  for (const { name, content, executable } of unzip(code)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, executable ? 0o555 : 0o444);
  }
  chmodSync(root, 0o555);
  chmodSync(folder, 0o755);
  return folder;
}

function discard(folder: string): void {
  chmodSync(join(folder, 'user'), 0o755);
  rmSync(folder, { recursive: true, force: true });
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onLine(line);
    });
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function end(child: ChildProcess, folder: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      discard(folder);
      resolve();
    };
    if (child.exitCode !== null || child.signalCode !== null) return finish();
    child.once('exit', finish);
    child.kill('SIGKILL');
  });
}

export interface WebInstance {
  stop(): Promise<void>;
}

export async function startWebInstance(options: InstanceOptions): Promise<WebInstance> {
  if (await canConnect(webPort)) throw new Error(`port ${webPort} is taken by another program`);
  const folder = unpack(options.code);
  const cwd = join(folder, 'user');
  const env = { PATH: process.env['PATH'] ?? '', USER_CODE_ROOT: cwd, ...options.environment };
  const child = spawn('./scf_bootstrap', [], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...identity });
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const printed: string[] = [];
  readLines(child, (line) => {
    printed.push(line);
    options.onLine(line);
  });
  const deadline = Date.now() + options.initTimeout;
  while (!(await canConnect(webPort))) {
    if (failure || child.exitCode !== null || Date.now() > deadline) {
      await end(child, folder);
      const last = printed.slice(-5).join('\n');
      throw failure ?? new Error(`scf_bootstrap does not listen on ${webPort} (exit ${child.exitCode}): ${last}`);
    }
    await sleep(20);
  }
  return { stop: () => end(child, folder) };
}

const runner = `
const { main_handler } = require(process.argv[2]);
process.on('message', async ({ event, context }) => {
  try {
    process.send({ result: await main_handler(event, context) });
  } catch (error) {
    process.send({ error: String(error && error.stack) });
  }
});
process.send('ready');`;

export interface EventInstance {
  /** Rethrows the error of the handler. One call at a time. */
  call(event: unknown, context: unknown, timeout: number): Promise<unknown>;
  stop(): Promise<void>;
}

interface Reply {
  readonly result?: unknown;
  readonly error?: string;
}

function nextMessage(child: ChildProcess, timeout: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      act();
    };
    const onMessage = (message: unknown) => settle(() => resolve(message));
    const onExit = () => settle(() => reject(new Error('the process exited')));
    const timer = setTimeout(() => settle(() => reject(new Error('Invoking task timed out'))), timeout);
    child.on('message', onMessage).on('exit', onExit);
  });
}

export async function startEventInstance(options: InstanceOptions): Promise<EventInstance> {
  const folder = unpack(options.code);
  const script = join(folder, 'runner.cjs');
  writeFileSync(script, runner, { mode: 0o444 });
  const root = join(folder, 'user');
  const env = { PATH: process.env['PATH'] ?? '', USER_CODE_ROOT: root, ...options.environment };
  const child = spawn(process.execPath, [script, join(root, 'index.js')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...identity,
  });
  readLines(child, options.onLine);
  try {
    await nextMessage(child, options.initTimeout);
  } catch (error) {
    await end(child, folder);
    throw error;
  }
  child.kill('SIGSTOP');
  return {
    async call(event, context, timeout) {
      child.kill('SIGCONT');
      const answer = nextMessage(child, timeout);
      child.send({ event, context });
      const { result, error } = (await answer) as Reply;
      // Output of the handler may still be in the pipe.
      await sleep(10);
      child.kill('SIGSTOP');
      if (error !== undefined) throw new Error(error);
      return result;
    },
    stop: () => end(child, folder),
  };
}
