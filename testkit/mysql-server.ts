/**
 * Real MySQL for tests: a private MariaDB server on the loopback, thrown away afterwards. One server is shared by a jest
 * run (sharedMysql, each file with databases of its own); a test that freezes or kills starts its own.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { findMariadb, lastLogLines, launch, type MariadbPrograms, prepareDirectory } from './mysql-process';

/** How to reach a server, without control over its process. */
export interface MysqlAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** As the server names itself, for example `10.11.6-MariaDB`. */
  readonly version: string;
  /** The service's environment for one database of this server. */
  env(database: string): Record<string, string>;
  /** A name nobody else uses; the database itself is not created. */
  createDatabaseName(): string;
}

export interface MysqlServer extends MysqlAccess {
  /** The process stops answering but keeps its connections (SIGSTOP); it has stopped when this resolves. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends the process as a power cut would (SIGKILL); the data stays for restart(). */
  kill(): Promise<void>;
  /** Starts again on the same data and port, after an orderly end if it is still running. */
  restart(): Promise<void>;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

export interface MysqlServerOptions {
  /** True writes every commit to disk before it answers, as production does. Default false: faster, for tests. */
  readonly durable?: boolean;
  /** More options of mariadbd, for example a larger buffer pool; they win over those chosen here. */
  readonly options?: readonly string[];
}

const host = '127.0.0.1';
const user = 'live_room';
const readyWithinMs = 30_000;
const sharedVariable = 'LIVE_ROOM_TEST_MYSQL';

type Coordinates = Pick<MysqlAccess, 'host' | 'port' | 'user' | 'password' | 'version'>;

const programs = findMariadb();

/** Whether this machine has MariaDB. */
export const mysqlAvailable: boolean = programs !== undefined;

function access(coordinates: Coordinates): MysqlAccess {
  return {
    ...coordinates,
    env: (database) => ({
      MYSQL_HOST: coordinates.host,
      MYSQL_PORT: String(coordinates.port),
      MYSQL_USER: coordinates.user,
      MYSQL_PASSWORD: coordinates.password,
      MYSQL_DB: database,
    }),
    createDatabaseName: () => `lr_test_${process.pid}_${randomBytes(5).toString('hex')}`,
  };
}

/** A port nobody listens on at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function readVersion(port: number, password: string): Promise<string> {
  const connection = await createConnection({ host, port, user, password, connectTimeout: 2000 });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return Array.isArray(rows) ? String((rows[0] as { version: unknown }).version) : '';
  } finally {
    connection.destroy();
  }
}

class Server {
  readonly #programs: MariadbPrograms;
  readonly #directory: string;
  readonly #durable: boolean;
  readonly #options: readonly string[];
  readonly #password: string;
  #port = 0;
  #version = '';
  #process: ReturnType<typeof launch> | undefined;

  constructor(found: MariadbPrograms, { durable = false, options = [] }: MysqlServerOptions) {
    this.#programs = found;
    this.#durable = durable;
    this.#options = options;
    this.#password = randomBytes(9).toString('hex');
    this.#directory = prepareDirectory(found);
    const account = `'${user}'@'%'`;
    writeFileSync(
      join(this.#directory, 'init.sql'),
      `CREATE OR REPLACE USER ${account} IDENTIFIED BY '${this.#password}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n`,
      { mode: 0o644 },
    );
  }

  /** Starts on a free port; another process may take the port in between, so more than once. */
  async startSomewhere(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#port = await freePort();
      try {
        return await this.start();
      } catch (error) {
        if (attempt === 3) {
          await this.stop();
          throw error;
        }
      }
    }
  }

  async start(): Promise<void> {
    const started = launch(this.#programs, {
      directory: this.#directory,
      port: this.#port,
      durable: this.#durable,
      options: this.#options,
    });
    this.#process = started;
    const deadline = Date.now() + readyWithinMs;
    for (;;) {
      try {
        this.#version = await readVersion(this.#port, this.#password);
        return;
      } catch (error) {
        if (started.hasExited() || Date.now() > deadline) {
          const text = lastLogLines(this.#directory);
          await this.kill();
          throw new Error(`mariadbd did not become ready:\n${text}`, { cause: error });
        }
        await sleep(25);
      }
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.signal(name);
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

  async restart(): Promise<void> {
    const running = this.#process;
    if (running !== undefined) {
      running.signal('SIGCONT');
      running.signal('SIGTERM');
      await Promise.race([running.waitForExit(), sleep(20_000, undefined, { ref: false })]);
      await this.kill();
    }
    await this.start();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }

  get coordinates(): Coordinates {
    return { host, port: this.#port, user, password: this.#password, version: this.#version };
  }
}

/** Starts a server of one's own. Takes about half a second; stop() it in afterAll. */
export async function startMysqlServer(options: MysqlServerOptions = {}): Promise<MysqlServer> {
  if (programs === undefined) throw new Error('mariadbd is not installed; see describeWithMysql');
  const server = new Server(programs, options);
  await server.startSomewhere();
  return {
    ...access(server.coordinates),
    freeze: () => server.freeze(),
    thaw: () => server.signal('SIGCONT'),
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}

/** Tells the test processes of this run about a server; used by global-setup.ts. */
export function shareMysql({ host: address, port, user: name, password, version }: MysqlAccess): void {
  process.env[sharedVariable] = JSON.stringify({ host: address, port, user: name, password, version });
}

/** The server that the whole jest run shares. Never freeze, kill or reconfigure it. */
export function sharedMysql(): MysqlAccess {
  const text = process.env[sharedVariable];
  if (text === undefined) throw new Error('no shared MySQL server: run under jest, inside describeWithMysql');
  return access(JSON.parse(text) as Coordinates);
}

const warning = `
*****************************************************************************
  MariaDB is not installed: tests that need MySQL are SKIPPED.
  What passes here says nothing about MySQL. On Debian or Ubuntu:
      sudo apt-get install --no-install-recommends mariadb-server
*****************************************************************************
`;
const warned = 'LIVE_ROOM_TEST_MYSQL_WARNED';

/** describe() for tests that need MySQL: skipped with a warning where it is missing, a failure where CI=true. */
export function describeWithMysql(name: string, body: () => void): void {
  if (mysqlAvailable) {
    describe(name, body);
  } else if (process.env['CI'] === 'true') {
    test(`${name}: needs MariaDB, which is not installed`, () => {
      throw new Error(warning);
    });
  } else {
    if (process.env[warned] === undefined) process.stderr.write(warning);
    process.env[warned] = 'yes';
    describe.skip(name, body);
  }
}
