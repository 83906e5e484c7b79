/**
 * The process of a test server: a fresh data directory, start, and the certainty that it ends with the test. What tests use
 * is in mysql-server.ts. Knows nothing of the service under test.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Programs } from './mysql-programs';

/** The numbers of the account that the server runs as. */
function idsOf(account: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, account], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A new directory of our own that the server's user can write to. */
function makeServerDirectory({ runsAs }: Programs, parent: string, prefix: string): string {
  const directory = mkdtempSync(join(parent, prefix));
  if (runsAs !== undefined) {
    const { uid, gid } = idsOf(runsAs);
    chownSync(directory, uid, gid);
  }
  chmodSync(directory, 0o700);
  return directory;
}

/** The folder that keeps initialised data directories between runs; refused when somebody else made it. */
function templateFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `live-room-servers-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid) throw new Error(`${folder} belongs to another user`);
  return folder;
}

/** Initialises a data directory once per server version; later starts copy it, which takes a tenth of the time. */
function dataTemplate(programs: Programs): string {
  const { flavour, version } = programs;
  const template = join(templateFolder(), `${flavour}-${version.replace(/[^\w.+-]/g, '_')}`);
  if (existsSync(template)) return template;
  const draft = makeServerDirectory(programs, templateFolder(), 'draft-');
  const data = join(draft, 'data');
  programs.initialise(data);
  try {
    renameSync(data, template);
  } catch (error) {
    // Another test run finished the same template first.
    if (!existsSync(template)) throw error;
  }
  rmSync(draft, { recursive: true, force: true });
  return template;
}

/** Makes `{directory}/data` ready for a first start and returns the directory. */
export function prepareDirectory(programs: Programs): string {
  const template = dataTemplate(programs);
  const directory = makeServerDirectory(programs, tmpdir(), `lr-db-${randomBytes(3).toString('hex')}-`);
  const data = join(directory, 'data');
  // cp keeps the owner, which a copy by Node as root would not.
  if (programs.runsAs !== undefined) execFileSync('cp', ['-a', template, data]);
  else cpSync(template, data, { recursive: true });
  // MySQL's number of the server, which it makes again: copies of one template are different servers.
  rmSync(join(data, 'auto.cnf'), { force: true });
  return directory;
}

export interface LaunchOptions {
  readonly directory: string;
  readonly port: number;
  readonly durable: boolean;
  readonly options: readonly string[];
}

function serverArguments(programs: Programs, { directory, port, durable, options }: LaunchOptions): string[] {
  const speed = durable
    ? ['--innodb-flush-log-at-trx-commit=1', programs.logSize('128M'), '--innodb-buffer-pool-size=512M']
    : [
        // Neither waits for the disk: the system keeps what a killed server has written.
        '--innodb-flush-log-at-trx-commit=0',
        '--innodb-flush-method=nosync',
        programs.logSize('16M'),
        '--innodb-buffer-pool-size=64M',
      ];
  return [
    ...programs.first,
    ...(programs.runsAs === undefined ? [] : [`--user=${programs.runsAs}`]),
    `--datadir=${join(directory, 'data')}`,
    `--socket=${join(directory, 's')}`,
    `--pid-file=${join(directory, 'pid')}`,
    // A starting server removes what looks like its leftovers from there, other servers' temporary tables too.
    `--tmpdir=${directory}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--character-set-server=utf8mb4',
    '--max-connections=500',
    '--skip-name-resolve',
    '--skip-log-bin',
    '--performance-schema=OFF',
    // Containers often refuse asynchronous disk access.
    '--innodb-use-native-aio=0',
    // MySQL, which production runs, has no such check; MariaDB 11 switches it on.
    '--loose-innodb-snapshot-isolation=OFF',
    ...speed,
    ...options,
  ];
}

/** Kills the server and removes its files when this process ends in whatever way, SIGKILL included: the pipe closes then. */
function guard(pid: number, directory: string): ChildProcess {
  const script = 'cat >/dev/null; kill -KILL "$1" 2>/dev/null; sleep 0.2; rm -rf "$2"';
  const shell = spawn('sh', ['-c', script, 'guard', String(pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  // Neither the guard nor its pipe may keep the test process alive.
  if (shell.stdin !== null && 'unref' in shell.stdin) (shell.stdin as unknown as { unref(): void }).unref();
  return shell;
}

/** The signal is on its way when kill() returns; threads that are running go on for a moment and may still answer. */
function isStopped(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads))
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)])
      .toString()
      .startsWith('T');
  return readdirSync(threads).every((thread) => {
    try {
      return /\) [TtZX] /.test(readFileSync(`${threads}/${thread}/stat`, 'utf8'));
    } catch {
      // It ended between the two looks.
      return true;
    }
  });
}

export interface RunningServer {
  readonly pid: number;
  /** Resolves when the process has ended. Keeps this process alive meanwhile. */
  waitForExit(): Promise<void>;
  hasExited(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Stops the process (SIGSTOP) and resolves when not one of its threads runs any more. */
  freeze(): Promise<void>;
  /** Calls the guard off, for a server that has ended or whose directory is still needed. */
  dismissGuard(): void;
}

export function launch(programs: Programs, options: LaunchOptions): RunningServer {
  const log = openSync(logFile(options.directory), 'a');
  const child = spawn(programs.server, serverArguments(programs, options), { stdio: ['ignore', log, log], cwd: '/' });
  const { pid } = child;
  if (pid === undefined) throw new Error('the server could not be started');
  child.unref();
  const guardian = guard(pid, options.directory);
  const state = { ended: false };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      state.ended = true;
      resolve();
    });
  });
  return {
    pid,
    waitForExit: () => {
      // Without this nothing holds the event loop: Node would end in the middle of the tear-down, and with exit code 0.
      child.ref();
      return exited;
    },
    hasExited: () => state.ended,
    signal: (name) => void child.kill(name),
    freeze: async () => {
      child.kill('SIGSTOP');
      while (!state.ended && !isStopped(pid)) await sleep(2);
    },
    dismissGuard: () => {
      // Its whole group: the shell and the cat it waits for.
      if (guardian.pid !== undefined && guardian.exitCode === null) process.kill(-guardian.pid, 'SIGKILL');
    },
  };
}

function logFile(directory: string): string {
  return join(directory, 'log');
}

/** The last lines the server wrote, for an error message about a failed start. */
export function lastLogLines(directory: string): string {
  return existsSync(logFile(directory))
    ? readFileSync(logFile(directory), 'utf8').split('\n').slice(-40).join('\n')
    : '';
}
