/**
 * One private database server on the loopback: starts on a free port, is ready when it answers, and can be frozen, killed and
 * started again. mysql-server.ts gives it to tests; galera.ts makes clusters of several.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { lastLogLines, launch, prepareDirectory, type RunningServer } from './mysql-process';
import type { Programs } from './mysql-programs';

/** How to reach a server. */
export interface Coordinates {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** As the server names itself, for example `10.11.6-MariaDB`. */
  readonly version: string;
}

export interface InstanceOptions {
  readonly durable?: boolean;
  readonly options?: readonly string[];
  /** Default: one of its own. */
  readonly password?: string;
  /** False where the account comes with data from elsewhere. Default true. */
  readonly makesAccount?: boolean;
  /** True: the making of the account is not in the binary log, as the members of a group need it. Default false. */
  readonly unlogged?: boolean;
  /** Where it is reached. Default the loopback. */
  readonly host?: string;
}

const LOOPBACK = '127.0.0.1';
const user = 'live_room';
const readyWithinMs = 60_000;

/** Below the ports that the system gives to outgoing connections: one of those could have it when a server starts again. */
const PORTS = { from: 10_000, to: 30_000 };

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const port = randomInt(PORTS.from, PORTS.to);
    const probe = createServer();
    probe.once('error', () => resolve(freePort()));
    probe.listen(port, LOOPBACK, () => probe.close(() => resolve(port)));
  });
}

async function readVersion(server: { host: string; port: number; password: string }): Promise<string> {
  const { host, port, password } = server;
  const connection = await createConnection({ host, port, user, password, connectTimeout: 2000 });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return Array.isArray(rows) ? String((rows[0] as { version: unknown }).version) : '';
  } finally {
    connection.destroy();
  }
}

export class Instance {
  readonly directory: string;
  readonly #programs: Programs;
  readonly #durable: boolean;
  readonly #options: readonly string[];
  readonly #account: readonly string[];
  readonly #password: string;
  readonly #host: string;
  #port = 0;
  #version = '';
  #process: RunningServer | undefined;

  constructor(programs: Programs, instance: InstanceOptions) {
    const {
      durable = false,
      options = [],
      password,
      makesAccount = true,
      unlogged = false,
      host = LOOPBACK,
    } = instance;
    this.#programs = programs;
    this.#host = host;
    this.#durable = durable;
    this.#password = password ?? randomBytes(9).toString('hex');
    this.directory = prepareDirectory(programs);
    const script = join(this.directory, 'init.sql');
    const grant = programs.grant(`'${user}'@'%'`, this.#password);
    writeFileSync(script, `${unlogged ? 'SET SESSION sql_log_bin = 0;\n' : ''}${grant}`, { mode: 0o644 });
    this.#options = options;
    this.#account = makesAccount ? [`--init-file=${script}`] : [];
  }

  /** Starts on a free port; another process may take the port in between, so more than once. */
  async startSomewhere(more: readonly string[] = []): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#port = await freePort();
      try {
        // The account is in the data from then on.
        return await this.start([...this.#account, ...more]);
      } catch (error) {
        if (attempt === 3) {
          await this.stop();
          throw error;
        }
      }
    }
  }

  /** Starts, with `more` options this time, and resolves when the server answers. */
  async start(more: readonly string[] = []): Promise<void> {
    const { directory } = this;
    const options = [...this.#options, ...more];
    const started = launch(this.#programs, { directory, port: this.#port, durable: this.#durable, options });
    this.#process = started;
    const deadline = Date.now() + readyWithinMs;
    for (;;) {
      try {
        this.#version = await readVersion({ host: this.#host, port: this.#port, password: this.#password });
        return;
      } catch (error) {
        if (started.hasExited() || Date.now() > deadline) {
          const text = lastLogLines(directory);
          await this.kill();
          throw new Error(`the server did not become ready:\n${text}`, { cause: error });
        }
        await sleep(25);
      }
    }
  }

  /** As the system counts it, in ticks of 10 ms. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#process?.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return 10 * (Number(fields[11]) + Number(fields[12]));
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }

  async freeze(): Promise<void> {
    await this.#process?.freeze();
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    this.#process = undefined;
    running.signal('SIGKILL');
    await running.waitForExit();
    running.dismissGuard();
  }

  async restart(more: readonly string[] = []): Promise<void> {
    const running = this.#process;
    if (running !== undefined) {
      running.signal('SIGCONT');
      running.signal('SIGTERM');
      await Promise.race([running.waitForExit(), sleep(20_000, undefined, { ref: false })]);
      await this.kill();
    }
    await this.start(more);
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }

  get coordinates(): Coordinates {
    return { host: this.#host, port: this.#port, user, password: this.#password, version: this.#version };
  }
}
