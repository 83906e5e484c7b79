/** The bundle started as a person starts it, in a terminal or in a pipe. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../../testkit/lived';

const BUNDLE = join(__dirname, '../../dist/index.js');

const children: ChildProcess[] = [];

/** Ends the processes that a test has started. */
export function stopAll(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

export interface Started {
  output: () => string;
  /** The port the service listens at, once it does. */
  port: () => Promise<number>;
  child: ChildProcess;
}

export interface StartOptions {
  /** The working folder, with the SQLite file. */
  folder: string;
  env?: Readonly<Record<string, string>>;
  /** Runs it in a pseudo-terminal made by script(1). */
  terminal?: boolean;
}

export function start(args: readonly string[], { folder, env = {}, terminal = false }: StartOptions): Started {
  const command = [process.execPath, BUNDLE, ...args];
  const [program = '', ...rest] = terminal ? ['script', '-qec', command.join(' '), '/dev/null'] : command;
  const { PATH = '' } = process.env;
  const all = { PATH, PORT: '0', SQLITE_PATH: join(folder, 'live.sqlite'), TERM: 'xterm', ...env };
  const child = spawn(program, rest, { cwd: folder, env: all, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (text += part.toString()));
  const found = () => /listens at http:\/\/localhost:(\d+)/.exec(text)?.[1];
  const port = async () => {
    await until('the service listens', () => found() !== undefined);
    return Number(found());
  };
  return { output: () => text, port, child };
}
