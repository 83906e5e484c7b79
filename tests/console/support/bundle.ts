/** Runs the built service as a separate program, in the way of `npm start` and the cloud, on a free port with its own database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Running {
  /** The address, with its final slash. */
  base: string;
  /** Everything the program has written. */
  output(): string;
  /** Kills the program like a crash; its database stays. */
  crash(): Promise<void>;
  /** Starts it again at the same address with the same database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface RunOptions {
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  /** The built program; default dist/index.js. */
  file?: string;
  /** The line of the listening program, with its address. */
  says?: RegExp;
}

export const DIST = join(__dirname, '../../../dist');
/** A limit for bundles that hang. */
const PATIENCE_MS = 120_000;

function listening(child: ChildProcess, output: () => string, says: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the service does not start: ${output()}`)), PATIENCE_MS);
    const look = () => {
      const address = says.exec(output())?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    };
    child.stderr?.on('data', look);
    child.stdout?.on('data', look);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${output()}`)));
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Starts the program; in demo mode if `env` is missing. */
export async function runBundle({
  env = {},
  args = ['--local'],
  file = join(DIST, 'index.js'),
  says = /live-room (?:listens )?at (http:\/\/localhost:\d+\/)/,
}: RunOptions = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-run-'));
  let text = '';
  const start = (port: string) => {
    const child = spawn(process.execPath, [file, ...args], {
      // Away from the project, so that a .env of the developer is not read.
      cwd: folder,
      env: { PATH: process.env['PATH'], PORT: port, SQLITE_PATH: join(folder, 'test.sqlite'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    return child;
  };
  let child = start('0');
  const base = await listening(child, () => text, says);
  return {
    base,
    output: () => text,
    crash: () => kill(child),
    restart: async () => {
      await kill(child);
      child = start(new URL(base).port);
      await listening(child, () => text, says);
    },
    stop: async () => {
      await kill(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
