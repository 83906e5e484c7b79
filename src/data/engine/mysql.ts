/**
 * The MySQL driver: a mysql2 pool with prepared statements, short-lived idle connections (a serverless cluster only
 * pauses when nobody is connected) and errors sorted into the kinds that the retries understand.
 */
import type { Pool, PoolConnection } from 'mysql2';
import { DatabaseError } from '../../base/errors';
import type { DatabaseConfig } from '../../config/config';
import type { Connection, Driver, QueryResult, Statement } from './database';
import { Deadlines } from './deadlines';

type MysqlConfig = Extract<DatabaseConfig, { kind: 'mysql' }>;

const CONNECT_MS = 3_000;
/** How long making the database may take before it is given up for this time. */
const CREATE_MS = 4_000;
/** Below a minute, so that the cluster's auto-pause is not held up by an idle function instance. */
const IDLE_MS = 30_000;

/**
 * Of the 16,382 a server has by default for all its clients. There are fewer texts than this in all; a text is one
 * whatever page, list length (sql.ts, list) or set of fields is asked for.
 */
const PREPARED_PER_CONNECTION = 100;

const LOST = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR']);
const REFUSED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const TIMEOUT = new Set(['PROTOCOL_SEQUENCE_TIMEOUT', 'ETIMEDOUT', 'ER_QUERY_TIMEOUT']);

function field(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}

/** Sorts a mysql2 error by its number: 9449 is TDSQL-C's "serverless instance is resuming". */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = String(field(error, 'code') ?? 'UNKNOWN');
  const number = Number(field(error, 'errno') ?? 0);
  const message = String(field(error, 'message') ?? '');
  const as = (kind: DatabaseError['kind']) => new DatabaseError(kind, `${code}${number > 0 ? `/${number}` : ''}`);
  if (number === 1062) return as('duplicate');
  if (number === 1213 || number === 1205) return as('deadlock');
  if (number === 9449 || /instance is resuming/i.test(message)) return as('resuming');
  if (number === 1049 || number === 1146) return as('missing');
  if (TIMEOUT.has(code)) return as('timeout');
  if (REFUSED.has(code)) return as('refused');
  // 1927: MariaDB killed the connection; "closed state": the pool handed out one that had just died.
  if (LOST.has(code) || number === 1927 || /closed state|connection is closed/i.test(message)) return as('lost');
  return as('other');
}

function resultOf(rows: unknown): QueryResult {
  if (Array.isArray(rows)) return { rows, affected: 0, insertId: 0 };
  return { rows: [], affected: Number(field(rows, 'affectedRows')), insertId: Number(field(rows, 'insertId')) };
}

const deadlines = new Deadlines();

/** BEGIN, COMMIT and the like are not worth a prepared statement. */
function execute(connection: PoolConnection, statement: Statement, timeoutMs: number): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const cancel = deadlines.watch(timeoutMs, () => reject(new DatabaseError('timeout', 'QUERY_TIMEOUT')));
    const done = (error: unknown, rows: unknown) => {
      cancel();
      if (error) reject(toDatabaseError(error));
      else resolve(resultOf(rows));
    };
    const { sql, parameters } = statement;
    // mysql2 types the values as its own union; the repositories bind texts, numbers and null only.
    if (parameters.length === 0) connection.query(sql, done);
    else connection.execute(sql, parameters as string[], done);
  });
}

function wrap(connection: PoolConnection): Connection {
  return {
    query: (statement, timeoutMs) => execute(connection, statement, timeoutMs),
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  };
}

function acquire(pool: Pool, timeoutMs: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const cancel = deadlines.watch(timeoutMs, () => {
      waiting = false;
      reject(new DatabaseError('timeout', 'POOL_TIMEOUT'));
    });
    pool.getConnection((error, connection) => {
      cancel();
      if (!waiting) connection?.release();
      else if (error) reject(toDatabaseError(error));
      else resolve(wrap(connection));
    });
  });
}

function settings(config: MysqlConfig) {
  return {
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
  } as const;
}

/** Makes the database if the server does not have it yet. Safe when many do so at once. */
export async function createDatabase(config: MysqlConfig): Promise<void> {
  const { createConnection } = await import('mysql2');
  const connection = createConnection(settings(config));
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

/** Closes connections that nobody used for `idleMs`; mysql2 itself does so only where a pool may keep fewer than it may have. */
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

/** Opens the pool; no connection is made before the first statement. mysql2 is loaded here, when first needed. */
export async function openMysql(config: MysqlConfig, idleMs = IDLE_MS): Promise<Driver> {
  const { createPool } = await import('mysql2');
  const pool = createPool({
    ...settings(config),
    database: config.database,
    connectionLimit: config.poolSize,
    maxPreparedStatements: PREPARED_PER_CONNECTION,
  });
  pool.on('connection', (connection) => {
    // Strict, so that nothing is ever cut off in silence; read committed, so that hot rows do not lock their gaps.
    connection.query("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'", () => {});
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', () => {});
    // A connection that dies while idle is dropped by the pool; without a listener it would end the process.
    connection.on('error', () => {});
  });
  const stopClosing = closeIdle(pool, idleMs);
  return {
    kind: 'mysql',
    begin: 'START TRANSACTION',
    acquire: (timeoutMs) => acquire(pool, timeoutMs),
    close: () => {
      stopClosing();
      return new Promise((resolve) => pool.end(() => resolve()));
    },
  };
}
