/**
 * Runs a test file again, in a network namespace that has a loopback and nothing else. Linux as root only;
 * elsewhere only the guard that is loaded into every process protects.
 */
import { spawn, spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

const marker = 'LIVE_ROOM_TEST_ISOLATED';
const repository = join(__dirname, '../..');

export const isIsolated: boolean = process.env[marker] === '1';

export function canIsolate(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('unshare', ['-n', '--', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
}

/** The addresses by which this process could reach something else than itself. */
export function waysOut(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .filter((address) => address !== undefined && !address.internal)
    .map((address) => address?.address ?? '');
}

export interface IsolatedRun {
  readonly code: number | null;
  readonly output: string;
}

/** Jest's own setup runs inside too, so that the database server is there and not outside. */
export function runIsolated(testFile: string): Promise<IsolatedRun> {
  const jest = join(repository, 'node_modules', 'jest', 'bin', 'jest.js');
  const command = [process.execPath, jest, '--verbose', '--colors=false', '--runTestsByPath', testFile];
  const script = 'ip link set lo up && exec "$@"';
  const child = spawn('unshare', ['-n', '--', 'sh', '-c', script, 'sh', ...command], {
    cwd: repository,
    env: { ...process.env, [marker]: '1', JEST_WORKER_ID: undefined, LIVE_ROOM_TEST_MYSQL: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, output }));
  });
}
