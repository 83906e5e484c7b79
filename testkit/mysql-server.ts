/**
 * Real servers for tests, on the loopback and thrown away afterwards: MariaDB, or Oracle's MySQL where TEST_DATABASES asks
 * for it. One server is shared by a jest run (sharedMysql, each file with databases of its own); a test that freezes or kills
 * starts its own. With TEST_MYSQL_URL the shared one is a server that runs somewhere already.
 */
import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { type Coordinates, Instance } from './mysql-instance';
import { type Flavour, findPrograms } from './mysql-programs';

/** How to reach a server, without control over its process. */
export interface MysqlAccess extends Coordinates {
  /** Of a cluster, the addresses of all its nodes; `host` and `port` are the first one's. */
  readonly nodes?: readonly string[];
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
  /** Processor time that it has used so far (ms). Linux only. */
  cpuMs(): number;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

export interface MysqlServerOptions {
  /** True writes every commit to disk before it answers, as production does. Default false: faster, for tests. */
  readonly durable?: boolean;
  /** More options of the server, for example a larger buffer pool; they win over those chosen here. */
  readonly options?: readonly string[];
}

const sharedVariable = 'LIVE_ROOM_TEST_MYSQL';
const givenUrl = process.env['TEST_MYSQL_URL'] ?? '';

/** What TEST_DATABASES names: `sqlite`, and one of `mariadb` (default), `mysql`, `galera` (three MariaDBs), `group-replication` (three MySQLs). */
const wanted = (process.env['TEST_DATABASES'] || 'sqlite,mariadb').split(',').map((name) => name.trim());
export const usesSqlite: boolean = wanted.includes('sqlite');
const flavour: Flavour = wanted.includes('mysql') ? 'mysql' : 'mariadb';
export const usesGalera: boolean = wanted.includes('galera');
export const usesGroupReplication: boolean = wanted.includes('group-replication');
const usesServer = wanted.includes('mysql') || wanted.includes('mariadb') || usesGalera;

const programs = usesServer ? findPrograms(flavour) : undefined;

/** Whether this run has a server to test on. */
export const mysqlAvailable: boolean = programs !== undefined || givenUrl !== '';

/** Whether this run starts one server and shares it: neither a cluster, nor a server that was there before. */
export const runsOneServer: boolean = programs !== undefined && !usesGalera && givenUrl === '';

/** What the server is called in the names of tests. */
export const serverName: string = usesGalera ? 'Galera' : { mariadb: 'MariaDB', mysql: 'MySQL' }[flavour];

/** How far apart the numbers are that the database gives to rows: every node of a cluster has its own third of them. */
export const idStep: number = usesGalera ? 3 : 1;

/** `a,b,c` becomes `b,c,a`: what comes next uses another node first. */
export function rotated(hosts: string): string {
  const [first = '', ...others] = hosts.split(',');
  return [...others, first].join(',');
}

export function access(coordinates: Coordinates & { readonly nodes?: readonly string[] }): MysqlAccess {
  let hosts = coordinates.nodes?.join(',') ?? coordinates.host;
  return {
    ...coordinates,
    env: (database) => {
      const [MYSQL_HOST, { port, user, password }] = [hosts, coordinates];
      hosts = rotated(hosts);
      return { MYSQL_HOST, MYSQL_PORT: String(port), MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_DB: database };
    },
    createDatabaseName: () => `lr_test_${process.pid}_${randomBytes(5).toString('hex')}`,
  };
}

/** Starts a server of one's own. Takes about half a second; stop() it in afterAll. */
export async function startMysqlServer(options: MysqlServerOptions = {}): Promise<MysqlServer> {
  if (programs === undefined) throw new Error('no server is installed; see describeWithMysql');
  const instance = new Instance(programs, options);
  await instance.startSomewhere();
  return {
    ...access(instance.coordinates),
    freeze: () => instance.freeze(),
    thaw: () => instance.thaw(),
    kill: () => instance.kill(),
    restart: () => instance.restart(),
    cpuMs: () => instance.cpuMs(),
    stop: () => instance.stop(),
  };
}

async function givenServer(): Promise<{ server: MysqlAccess; stop(): Promise<void> }> {
  const { hostname, port, username, password } = new URL(givenUrl);
  const [host, user] = [hostname, decodeURIComponent(username)];
  const coordinates = { host, port: Number(port || 3306), user, password: decodeURIComponent(password) };
  const ask = async (sql: string) => {
    const connection = await createConnection({ ...coordinates, multipleStatements: false });
    try {
      const [rows] = await connection.query(sql);
      // Every statement asked here gives rows.
      return rows as Record<string, unknown>[];
    } finally {
      connection.destroy();
    }
  };
  const [row] = await ask('SELECT VERSION() AS version');
  const before = new Set((await ask("SHOW DATABASES LIKE 'lr\\_test\\_%'")).flatMap(Object.values));
  return {
    server: access({ ...coordinates, version: String(row?.['version']) }),
    stop: async () => {
      const made = (await ask("SHOW DATABASES LIKE 'lr\\_test\\_%'")).flatMap(Object.values);
      for (const name of made) if (!before.has(name)) await ask(`DROP DATABASE \`${name}\``);
    },
  };
}

/** Tells the test processes of this run about a server; for global-setup.ts. */
export function shareMysql({ host, port, user, password, version, nodes }: MysqlAccess): void {
  process.env[sharedVariable] = JSON.stringify({ host, port, user, password, version, nodes });
}

/** Tables are copied all the time, and without a file for each that takes half as long. */
const IN_ONE_FILE = '--loose-innodb-file-per-table=0';

/** The one server of a jest run, for global-setup.ts: started, or the one that TEST_MYSQL_URL gives. */
export async function startSharedMysql(): Promise<{ stop(): Promise<void> } | undefined> {
  if (!mysqlAvailable) return undefined;
  const started = givenUrl === '' ? await startMysqlServer({ options: [IN_ONE_FILE] }) : undefined;
  const { server, stop } = started ? { server: started, stop: started.stop } : await givenServer();
  shareMysql(server);
  return { stop };
}

/** The server that the whole jest run shares. Never freeze, kill or reconfigure it. */
export function sharedMysql(): MysqlAccess {
  const text = process.env[sharedVariable];
  if (text === undefined) throw new Error('no shared MySQL server: run under jest, inside describeWithMysql');
  return access(JSON.parse(text) as Coordinates);
}

const install = {
  mariadb: 'On Debian or Ubuntu: sudo apt-get install --no-install-recommends mariadb-server',
  mysql: 'On Debian: node scripts/fetch-mysql.mjs',
};
const warning = `
*****************************************************************************
  ${serverName} is not here: tests that need it are SKIPPED.
  What passes here says nothing about ${serverName}.
  ${install[flavour]}
*****************************************************************************
`;
const warned = 'LIVE_ROOM_TEST_MYSQL_WARNED';

/** describe() for tests that need a server: skipped with a warning where it is missing, a failure where it was asked for or CI=true. */
export function describeWithMysql(name: string, body: () => void): void {
  if (mysqlAvailable) {
    describe(name, body);
  } else if (!usesServer) {
    describe.skip(name, body);
  } else if (process.env['CI'] === 'true' || process.env['TEST_DATABASES']) {
    test(`${name}: needs ${serverName}, which is not here`, () => {
      throw new Error(warning);
    });
  } else {
    if (process.env[warned] === undefined) process.stderr.write(warning);
    process.env[warned] = 'yes';
    describe.skip(name, body);
  }
}
