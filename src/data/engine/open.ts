/**
 * Opens the configured database at first use: makes it if it is missing, brings the schema up to date under a lock, and
 * gives requests their handle. A database that is down now is tried again by the next request.
 */
import { DatabaseError } from '../../base/errors';
import { RequestBudget } from '../../base/request-budget';
import type { DatabaseConfig, MysqlConfig } from '../../config/config';
import { createBatches } from './batched';
import { Changes, type Kept } from './changes';
import type { Database, Driver, PoolState } from './database';
import { onConflict, proposed } from './dialect';
import { toDatabaseError as fromMysql } from './mysql-errors';
import { openMysql } from './mysql-servers';
import { type HandleSource, RequestDatabase } from './request-database';
import { migrateMysql, migrateSqlite, olderSchema, schemaState } from './schema-state';
import { FOUND, insertInto, join, read, sql, write } from './sql';
import { toDatabaseError as fromSqlite, openSqliteFile, type SqliteDatabase, sqliteDriver } from './sqlite';

export interface DatabaseSource {
  readonly kind: 'mysql' | 'sqlite';
  /** A handle for one request or batch: `budget` limits its time and collects what it costs. */
  forRequest(budget?: RequestBudget): Database;
  /** Registers a cache: it forgets the values that statements of this process change. */
  keep(kept: Kept): void;
  /** How busy its connections are; undefined before it was opened. */
  pool(): PoolState | undefined;
  /** Throws a DatabaseError unless the database answers, has its schema and takes writes. */
  check(): Promise<void>;
  /** Closes permanently: statements fail afterwards, so that late work does not open it again. */
  close(): Promise<void>;
}

/** Whether the schema is current. MIGRATE=manual: throws if it is not. */
async function isCurrent(driver: Driver, { migrate, onUnknownMigrations }: SourceOptions): Promise<boolean> {
  const { missing, unknown } = await schemaState(driver);
  if (missing.length > 0 && migrate === 'manual') throw olderSchema();
  if (unknown.length > 0) onUnknownMigrations?.(unknown);
  return missing.length === 0;
}

async function openCurrentMysql(config: MysqlConfig, options: SourceOptions): Promise<Driver> {
  const driver = await openMysql(config);
  try {
    if (!(await isCurrent(driver, options))) await migrateMysql(config, driver.address());
    return driver;
  } catch (error) {
    void driver.close();
    throw fromMysql(error);
  }
}

async function openOnce(path: string, options: SourceOptions): Promise<Driver> {
  let file: SqliteDatabase | undefined;
  try {
    file = await openSqliteFile(path);
    const driver = sqliteDriver(file);
    if (!(await isCurrent(driver, options))) await migrateSqlite(file);
    return driver;
  } catch (error) {
    file?.close();
    throw fromSqlite(error);
  }
}

/** Longest wait for another process that creates the schema, or writes (ms). The next try finds its result. */
const BUSY_MS = 5_000;
const BUSY_POLL_MS = 50;

async function openCurrentSqlite(path: string, options: SourceOptions): Promise<Driver> {
  const started = performance.now();
  for (;;) {
    try {
      return await openOnce(path, options);
    } catch (error) {
      const busy = error instanceof DatabaseError && (error.kind === 'busy' || error.kind === 'duplicate');
      if (!busy || performance.now() - started > BUSY_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_POLL_MS));
    }
  }
}

export interface SourceOptions {
  /** `manual`: an older schema is an error (OLDER_SCHEMA), and the database stays as it is. Default: auto. */
  migrate?: 'auto' | 'manual';
  /** Called with the names of migrations of a later release. */
  onUnknownMigrations?: (names: readonly string[]) => void;
  /** Looks at the database before the first request; throws if the service must not use it. */
  onOpen?: (db: Database) => Promise<void>;
  /** Called with every batch of requests: the kind of work and how many inputs it has. */
  onBatch?: (name: string, size: number) => void;
}

/** Handles on one database, which share batches and caches. */
function handlesOn(database: Pick<HandleSource, 'kind' | 'driver' | 'open'>, onBatch?: SourceOptions['onBatch']) {
  // Batches ask for their handle as requests do, so that a test which watches one watches the other.
  const handles = { forRequest: (budget = new RequestBudget()): Database => new RequestDatabase(source, budget) };
  const source: HandleSource = { ...database, inBatch: createBatches(handles, onBatch), changes: new Changes() };
  return { source, handles };
}

/** A handle on an open driver. */
export function handleOn(driver: Driver, budget?: RequestBudget): Database {
  return handlesOn({ kind: driver.kind, driver, open: async () => driver }).handles.forRequest(budget);
}

/** How long a write that succeeded shows that the database takes writes (ms). */
const WRITABLE_MS = 5_000;
const CHECK = read('database.check', FOUND, sql`SELECT ${FOUND}`);
// A disk that is full fails only if something changes.
const CHECK_WRITE = write(
  'database.check_write',
  'safe',
  join(
    [
      insertInto('jobs', ['name', 'leased_until', 'finished_at', 'position']),
      onConflict('name', sql`finished_at = ${proposed('finished_at')}`),
    ],
    ' ',
  ),
);

/** Reads, and writes at most once in five seconds. Checks at the same moment share one. */
function checkOf(forRequest: DatabaseSource['forRequest']): () => Promise<void> {
  let writableUntil = 0;
  let checking: Promise<void> | undefined;
  async function check(): Promise<void> {
    const db = forRequest();
    await db.query(CHECK);
    if (performance.now() < writableUntil) return;
    await db.execute(CHECK_WRITE, { name: 'write_check', leased_until: 0, finished_at: Date.now(), position: '' });
    writableUntil = performance.now() + WRITABLE_MS;
  }
  return () => {
    checking ??= check().finally(() => {
      checking = undefined;
    });
    return checking;
  };
}

export function createDatabaseSource(config: DatabaseConfig, options: SourceOptions = {}): DatabaseSource {
  const { kind } = config;
  let opening: Promise<Driver> | undefined;
  let closed = false;
  const open = async () => {
    try {
      const driver = await (config.kind === 'mysql'
        ? openCurrentMysql(config, options)
        : openCurrentSqlite(config.path, options));
      await options.onOpen?.(handleOn(driver)).catch((error: unknown) => {
        void driver.close();
        throw error;
      });
      source.driver = driver;
      return driver;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const openOrWait = () => {
    if (closed) throw new DatabaseError('other', 'CLOSED');
    opening ??= open();
    return opening;
  };
  const { source, handles } = handlesOn({ kind, driver: undefined, open: openOrWait }, options.onBatch);
  return Object.assign(handles, {
    kind,
    keep: (kept: Kept) => source.changes.add(kept),
    pool: () => source.driver?.pool(),
    check: checkOf(handles.forRequest),
    close: async () => {
      closed = true;
      const driver = await opening?.catch(() => undefined);
      opening = undefined;
      source.driver = undefined;
      await driver?.close();
    },
  });
}
