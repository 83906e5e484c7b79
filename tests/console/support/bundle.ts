/** Runs the built service as a program of its own, as `npm start` and the cloud do, on a free port with its own database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Running {
  /** With its final slash. */
  base: string;
  /** Everything the program has written. */
  output(): string;
  stop(): Promise<void>;
}

interface RunOptions {
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  /** The built program; default dist/index.js. */
  file?: string;
}

export const DIST = join(__dirname, '../../../dist');
const PATIENCE_MS = 20_000;

function listening(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the service does not start: ${output()}`)), PATIENCE_MS);
    const look = () => {
      const address = /live-room (?:listens )?at (http:\/\/localhost:\d+\/)/.exec(output())?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    };
    child.stderr?.on('data', look);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${output()}`)));
  });
}

/** Without `env` it runs in demo mode. */
export async function runBundle({
  env = {},
  args = ['--local'],
  file = join(DIST, 'index.js'),
}: RunOptions = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-run-'));
  const child = spawn(process.execPath, [file, ...args], {
    // Away from the project, so that a .env of the developer is not read.
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', SQLITE_PATH: join(folder, 'test.sqlite'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const base = await listening(child, () => text);
  return {
    base,
    output: () => text,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
