/**
 * A copy of the project in a temporary folder, as a user has it after cloning and `npm ci`, in which the tests run
 * `npx sls …` as child processes, with a home directory of their own and without the environment of this machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(__dirname, '../..');
/** Files that a clone does not have, or a deploy does not read. */
const left = /^(node_modules|dist|coverage|tests|bench|\.git|\.env(?!\.example)|\.data|\.serverless|\.live-room)/;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a person sees them. */
  readonly text: string;
}

export interface Project {
  readonly directory: string;
  /** The connections that every process tried, one `allowed host:port` or `refused …` each. */
  connections(): string[];
  /** The environment for processes that the tests start in other ways. */
  readonly guard: Readonly<Record<string, string>>;
  /** The address of the fake cloud. */
  useEndpoint(endpoint: string): void;
  writeEnv(variables: Readonly<Record<string, string>>): void;
  edit(file: string, change: (text: string) => string): void;
  read(file: string): string;
  /** The command behind `npx sls <args>`, without npx, which takes the same time; `started` gets the process, to kill it. */
  sls(args: readonly string[], started?: (child: ChildProcess) => void): Promise<Outcome>;
  /** `npx sls <args>` itself. */
  npxSls(args: readonly string[], started?: (child: ChildProcess) => void): Promise<Outcome>;
  remove(): void;
}

function collect(child: ChildProcess): Promise<Outcome> {
  const outcome = { stdout: '', stderr: '', text: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      outcome[name] += chunk;
      outcome.text += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ ...outcome, code }));
  });
}

export function createProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-deploy-'));
  const directory = join(folder, 'project');
  const home = join(folder, 'home');
  mkdirSync(home);
  for (const name of readdirSync(repository)) {
    if (!left.test(name)) cpSync(join(repository, name), join(directory, name), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'), 'junction');
  const log = join(folder, 'connections.log');
  writeFileSync(log, '');
  // Instances of functions run as another user and write here too.
  chmodSync(folder, 0o755);
  chmodSync(log, 0o666);
  const guardFile = join(folder, 'network-guard.cjs');
  cpSync(join(__dirname, 'network-guard.cjs'), guardFile);
  const guard = { NODE_OPTIONS: `--require=${guardFile}`, NETWORK_GUARD_LOG: log };
  const env = {
    ...guard,
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: tmpdir(),
    TENCENT_API_ENDPOINT: 'http://127.0.0.1:9',
    npm_config_update_notifier: 'false',
    CI: '1',
  };
  const run = (
    command: readonly [string, ...string[]],
    args: readonly string[],
    started?: (child: ChildProcess) => void,
  ): Promise<Outcome> => {
    const [program, ...first] = command;
    // A separate process group, so that a test can kill it with its child processes.
    const child = spawn(program, [...first, ...args], { cwd: directory, env, detached: true });
    started?.(child);
    return collect(child);
  };
  return {
    directory,
    guard,
    connections: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    useEndpoint(endpoint) {
      env.TENCENT_API_ENDPOINT = endpoint;
    },
    writeEnv(variables) {
      const lines = Object.entries(variables).map(([key, value]) => `${key}=${value}\n`);
      writeFileSync(join(directory, '.env'), lines.join(''));
    },
    edit(file, change) {
      const path = join(directory, file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    },
    read: (file) => readFileSync(join(directory, file), 'utf8'),
    sls: (args, started) => run([process.execPath, 'deploy/sls.cjs'], args, started),
    npxSls: (args, started) => run(['npx', 'sls'], args, started),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Ends a command with all its processes, as a power cut or Ctrl-C does. */
export function killCommand(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}
