/**
 * The MySQL driver: a mysql2 pool on one server, with prepared statements and short-lived idle connections (a serverless
 * cluster only pauses without connections). mysql-servers.ts chooses one of several servers.
 */
import { isIP } from 'node:net';
import type { Pool, PoolConnection } from 'mysql2';
import { DatabaseError } from '../../base/errors';
import type { MysqlConfig } from '../../config/config';
import type { Address } from '../../config/server-addresses';
import type { Connection, Driver, PoolState, QueryResult, Statement } from './database';
import { Deadlines } from './deadlines';
import { holdName, nameSession } from './lost-sessions';
import { field, toDatabaseError } from './mysql-errors';

const CONNECT_MS = 3_000;
/** How long making the database may take before it is given up for this time. */
const CREATE_MS = 4_000;
/** Less than a minute, so that an idle function instance does not delay the cluster's auto-pause. */
const IDLE_MS = 30_000;
/** Time without a response after which a server may be lost (ms). */
const SLOW_MS = 1_000;
/**
 * A part of the 16,382 that a server has by default for all its clients. There are fewer texts than this in all; a text is one
 * for every page, list length (sql.ts, list) and set of fields.
 */
const PREPARED_PER_CONNECTION = 100;

function resultOf(rows: unknown): QueryResult {
  if (Array.isArray(rows)) return { rows, affected: 0, insertId: 0 };
  return { rows: [], affected: Number(field(rows, 'affectedRows')), insertId: Number(field(rows, 'insertId')) };
}

function encryption({ tls }: MysqlConfig, host: string) {
  if (!tls) return {};
  const { verify, ca } = tls;
  // mysql2 3.x would check the name localhost for an address.
  const verifyIdentity = verify && isIP(host) === 0;
  const ssl = { minVersion: 'TLSv1.2', rejectUnauthorized: verify, verifyIdentity, ...(ca !== '' && { ca }) } as const;
  return { ssl };
}

export function settings(config: MysqlConfig, { host, port }: Address) {
  return {
    host,
    port,
    user: config.user,
    password: config.password,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
    ...encryption(config, host),
  } as const;
}

/** Creates the database if it is missing. Safe to run concurrently. */
export async function createDatabase(config: MysqlConfig, address: Address): Promise<void> {
  const { createConnection } = await import('./mysql-client');
  const connection = createConnection(settings(config, address));
  const name = config.database.replaceAll('`', '');
  try {
    await new Promise<void>((resolve, reject) => {
      connection.query(
        {
          sql: `CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
          timeout: CREATE_MS,
        },
        (error: unknown) => (error ? reject(toDatabaseError(error)) : resolve()),
      );
    });
  } finally {
    connection.destroy();
  }
}

/** Closes connections unused for `idleMs`; mysql2 does so only if a pool may keep fewer than its size. */
function closeIdle(pool: Pool, idleMs: number): () => void {
  const idleSince = new Map<PoolConnection, number>();
  pool.on('acquire', (connection) => idleSince.delete(connection));
  pool.on('release', (connection) => idleSince.set(connection, performance.now()));
  const sweep = () => {
    for (const [connection, since] of idleSince) {
      if (performance.now() - since < idleMs) continue;
      idleSince.delete(connection);
      connection.destroy();
    }
  };
  const timer = setInterval(sweep, idleMs / 10).unref();
  return () => clearInterval(timer);
}

/** Sent on every connection before its first statement. */
const SESSION = [
  // Strict, so that nothing is ever cut off in silence.
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  // So that hot rows do not lock their gaps.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // A statement in a Galera cluster sees writes that any node has acknowledged before. MySQL does not know the setting, and may refuse it.
  'SET SESSION wsrep_sync_wait = 7',
];

export interface PoolOptions {
  idleMs?: number;
  /** Called when the server may be gone, or takes no writes: an error of that kind, or a wait of more than a second. */
  onTrouble?: () => void;
}

const TROUBLE: ReadonlySet<DatabaseError['kind']> = new Set(['lost', 'refused', 'timeout', 'elsewhere']);

/** The error, too, of a Galera node that cannot reach the others (wsrep_sync_wait). */
const LOCK_WAIT = 1205;

export class MysqlPool implements Driver {
  readonly kind = 'mysql';
  readonly begin = 'START TRANSACTION';
  readonly address: Address;
  private readonly mysql: Pool;
  private readonly deadlines: Deadlines;
  private readonly onTrouble: () => void;
  private readonly stopClosing: () => void;
  /** The names of their sessions. */
  private readonly connections = new Map<PoolConnection, string>();
  private readonly size: number;
  private inUse = 0;
  private waiting = 0;

  constructor(
    pool: Pool,
    address: Address,
    { idleMs = IDLE_MS, onTrouble = () => {}, size }: PoolOptions & { size: number },
  ) {
    this.mysql = pool;
    this.size = size;
    this.address = address;
    this.onTrouble = onTrouble;
    this.deadlines = new Deadlines({ ms: SLOW_MS, call: onTrouble });
    pool.on('connection', (connection) => {
      const name = nameSession();
      this.connections.set(connection, name);
      for (const statement of [...SESSION, holdName(name)]) connection.query(statement, () => {});
      // A connection that dies while idle is dropped by the pool; without a listener it would end the process.
      connection.on('error', () => {});
      connection.on('end', () => this.connections.delete(connection));
    });
    this.stopClosing = closeIdle(pool, idleMs);
  }

  acquire(timeoutMs: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      let waiting = true;
      this.waiting += 1;
      const cancel = this.deadlines.watch(timeoutMs, (why) => {
        waiting = false;
        this.waiting -= 1;
        reject(why === 'late' ? new DatabaseError('timeout', 'POOL_TIMEOUT') : new DatabaseError('lost', 'LEFT'));
      });
      this.mysql.getConnection((error, connection) => {
        cancel();
        if (!waiting) {
          connection?.release();
          return;
        }
        this.waiting -= 1;
        if (error) reject(this.sorted(error));
        else resolve(this.wrap(connection));
      });
    });
  }

  /** Fails all statements in flight as lost and cuts every connection. */
  leave(): void {
    this.deadlines.giveUp();
    for (const connection of this.connections.keys()) connection.destroy();
    void this.close();
  }

  pool(): PoolState {
    return { size: this.size, inUse: this.inUse, waiting: this.waiting };
  }

  close(): Promise<void> {
    this.stopClosing();
    return new Promise((resolve) => this.mysql.end(() => resolve()));
  }

  private sorted(error: unknown): DatabaseError {
    const sorted = toDatabaseError(error);
    if (TROUBLE.has(sorted.kind) || field(error, 'errno') === LOCK_WAIT) this.onTrouble();
    return sorted;
  }

  private wrap(connection: PoolConnection): Connection {
    this.inUse += 1;
    return {
      session: { name: this.connections.get(connection) ?? '', threadId: connection.threadId },
      query: (statement, timeoutMs) => this.execute(connection, statement, timeoutMs),
      release: () => {
        this.inUse -= 1;
        connection.release();
      },
      destroy: () => {
        this.inUse -= 1;
        this.connections.delete(connection);
        connection.destroy();
      },
    };
  }

  /** BEGIN, COMMIT and the like are not worth a prepared statement. */
  private execute(connection: PoolConnection, statement: Statement, timeoutMs: number): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const cancel = this.deadlines.watch(timeoutMs, (why) => {
        reject(why === 'late' ? new DatabaseError('timeout', 'QUERY_TIMEOUT') : new DatabaseError('lost', 'LEFT'));
      });
      const done = (error: unknown, rows: unknown) => {
        cancel();
        if (error) reject(this.sorted(error));
        else resolve(resultOf(rows));
      };
      const { text, values } = statement;
      // mysql2 types the values as its own union; the stores bind texts, numbers and null only.
      if (values.length === 0) connection.query(text, done);
      else connection.execute(text, values as string[], done);
    });
  }
}

/** Opens the pool; no connection is made before the first statement. mysql2 is loaded here, when first needed. */
export async function openPool(config: MysqlConfig, address: Address, options: PoolOptions = {}): Promise<MysqlPool> {
  const { createPool } = await import('./mysql-client');
  const pool = createPool({
    ...settings(config, address),
    database: config.database,
    connectionLimit: config.poolSize,
    maxPreparedStatements: PREPARED_PER_CONNECTION,
  });
  return new MysqlPool(pool, address, { ...options, size: config.poolSize });
}
