/**
 * Opens the configured database at first use: makes it if it is missing, brings the schema up to date under a lock, and
 * gives requests their handle. A database that is down now is tried again by the next request.
 */
import { Kysely, Migrator, MysqlDialect, SqliteDialect } from 'kysely';
import { DatabaseError } from '../../base/errors';
import { fieldsOf } from '../../base/fields';
import { RequestBudget, STATEMENTS_MS } from '../../base/request-budget';
import type { DatabaseConfig, MysqlConfig } from '../../config/config';
import type { Address } from '../../config/server-addresses';
import { appliedMigrations, MIGRATION_NAMES, migrationProvider } from '../migrations/migrations';
import { createBatches } from './batched';
import type { ChangeListener } from './changes';
import type { Database, Driver, PoolState } from './database';
import { ClusterLockAdapter } from './migration-lock';
import { createDatabase, settings } from './mysql';
import { toDatabaseError as fromMysql } from './mysql-errors';
import { openMysql } from './mysql-servers';
import { limited, RequestDatabase } from './request-database';
import { FOUND, read, sql } from './sql';
import { toDatabaseError as fromSqlite, openSqliteFile, type SqliteDatabase, sqliteDriver } from './sqlite';

export interface DatabaseSource {
  readonly kind: 'mysql' | 'sqlite';
  /** A handle for one request or batch: `budget` limits its time and collects what it costs. */
  forRequest(budget?: RequestBudget): Database;
  /** Tells what the statements of this process have changed. */
  onChange(listener: ChangeListener): void;
  /** How busy its connections are; undefined before it was opened. */
  pool(): PoolState | undefined;
  /** Throws a DatabaseError unless the database answers and has its schema. */
  check(): Promise<void>;
  close(): Promise<void>;
}

async function isCurrent(driver: Driver): Promise<boolean> {
  const connection = await driver.acquire(STATEMENTS_MS);
  try {
    const statement = { text: 'SELECT name FROM kysely_migration', values: [], reads: true };
    const { rows } = await connection.query(statement, STATEMENTS_MS);
    connection.release();
    // Each by its name: a newer one says nothing of those before it. A later release may have added more.
    const applied = new Set(rows.map((row) => fieldsOf(row)['name']));
    return MIGRATION_NAMES.every((name) => applied.has(name));
  } catch (error) {
    const missing = error instanceof DatabaseError && error.kind === 'missing';
    if (missing) connection.release();
    else connection.destroy();
    if (missing) return false;
    throw error;
  }
}

async function migrate(db: Kysely<unknown>, kind: 'mysql' | 'sqlite'): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: migrationProvider(kind, await appliedMigrations(db)),
    allowUnorderedMigrations: true,
  }).migrateToLatest();
  if (error) throw kind === 'mysql' ? fromMysql(error) : fromSqlite(error);
}

/** After this time without a response during a migration the server counts as gone; the next request retries (ms). */
const MIGRATION_MS = 60_000;

class ClusterDialect extends MysqlDialect {
  override createAdapter(): ClusterLockAdapter {
    return new ClusterLockAdapter();
  }
}

async function migrateMysql(config: MysqlConfig, address: Address): Promise<void> {
  const { createPool } = await import('mysql2');
  const { database } = config;
  const pool = createPool({ ...settings(config, address), database, connectionLimit: 2 });
  const connections: { destroy(): void }[] = [];
  pool.on('connection', (connection) => connections.push(connection));
  const db = new Kysely<unknown>({ dialect: new ClusterDialect({ pool }) });
  try {
    // One process works while the others wait and then find nothing to do.
    await limited(migrate(db, 'mysql'), MIGRATION_MS);
  } finally {
    // One that no longer answers would not say goodbye either.
    for (const connection of connections) connection.destroy();
    void db.destroy().catch(() => {});
  }
}

async function openCurrentMysql(config: MysqlConfig): Promise<Driver> {
  const driver = await openMysql(config);
  try {
    const current = await isCurrent(driver).catch(async (error) => {
      if (!(error instanceof DatabaseError) || error.kind !== 'missing') throw error;
      return false;
    });
    if (current) return driver;
    await createDatabase(config, driver.address());
    await migrateMysql(config, driver.address());
    return driver;
  } catch (error) {
    void driver.close();
    throw fromMysql(error);
  }
}

async function openOnce(path: string): Promise<Driver> {
  let file: SqliteDatabase | undefined;
  try {
    file = await openSqliteFile(path);
    const driver = sqliteDriver(file);
    if (await isCurrent(driver)) return driver;
    // Kysely asks for better-sqlite3's types; libsql has the methods that it calls.
    await migrate(new Kysely<unknown>({ dialect: new SqliteDialect({ database: file as never }) }), 'sqlite');
    return driver;
  } catch (error) {
    file?.close();
    throw fromSqlite(error);
  }
}

/** Another process that makes the schema, or writes, is waited for so long (ms). What it made is found the next time. */
const BUSY_MS = 5_000;
const BUSY_POLL_MS = 50;

async function openCurrentSqlite(path: string): Promise<Driver> {
  const started = performance.now();
  for (;;) {
    try {
      return await openOnce(path);
    } catch (error) {
      const busy = error instanceof DatabaseError && (error.kind === 'busy' || error.kind === 'duplicate');
      if (!busy || performance.now() - started > BUSY_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_POLL_MS));
    }
  }
}

export interface SourceOptions {
  /** Called with every batch of requests: the kind of work and how many inputs it has. */
  onBatch?: (name: string, size: number) => void;
}

/** Makes the handles of requests on one driver. They share batches. */
export function handlesOf(
  driver: { kind: 'mysql' | 'sqlite'; ready: () => Driver | Promise<Driver> },
  { onBatch, onChange }: SourceOptions & { onChange?: ChangeListener } = {},
): Pick<DatabaseSource, 'forRequest'> {
  const handles = {
    forRequest: (budget = new RequestBudget()): Database =>
      new RequestDatabase({ ...driver, budget, batches, ...(onChange && { onChange }) }),
  };
  // Batches ask for their handle as requests do, so that a test which watches one watches the other.
  const forRequest = (budget: RequestBudget) => handles.forRequest(budget);
  const batches = createBatches({ forRequest, ...(onBatch && { onBatch }) });
  return handles;
}

export function createDatabaseSource(config: DatabaseConfig, options: SourceOptions = {}): DatabaseSource {
  let opening: Promise<Driver> | undefined;
  let opened: Driver | undefined;
  const listeners: ChangeListener[] = [];
  const onChange: ChangeListener = (change) => {
    for (const listener of listeners) listener(change);
  };
  const open = async () => {
    try {
      opened = await (config.kind === 'mysql' ? openCurrentMysql(config) : openCurrentSqlite(config.path));
      return opened;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const ready = () => {
    if (opened) return opened;
    opening ??= open();
    return opening;
  };
  const handles = handlesOf({ kind: config.kind, ready }, { ...options, onChange });
  return Object.assign(handles, {
    kind: config.kind,
    onChange: (listener: ChangeListener) => void listeners.push(listener),
    pool: () => opened?.pool(),
    check: async () => {
      await handles.forRequest().query(read('database.check', FOUND, sql`SELECT ${FOUND}`));
    },
    close: async () => {
      const driver = await opening?.catch(() => undefined);
      opening = undefined;
      opened = undefined;
      await driver?.close();
    },
  });
}
