/**
 * Applies the migrations that a database does not have. Loaded when there are some: Kysely is larger than all stores
 * together, and hardly any start needs it.
 */
import { Kysely, type MigrationProvider, Migrator, MysqlDialect, SqliteDialect, sql } from 'kysely';
import type { MysqlConfig } from '../../config/config';
import type { Address } from '../../config/server-addresses';
import { migrationsFor } from '../migrations/migrations';
import { ClusterLockAdapter } from './migration-lock';
import { createDatabase, settings } from './mysql';
import { toDatabaseError as fromMysql } from './mysql-errors';
import type { DatabaseKind } from './pieces';
import { limited } from './request-database';
import { toDatabaseError as fromSqlite, type SqliteDatabase } from './sqlite';

/** The names in the database; none before the first migration. */
async function appliedMigrations(db: Kysely<unknown>): Promise<readonly string[]> {
  const names = sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db);
  // Other faults of the database show with the first migration.
  const found = await names.catch(() => undefined);
  return found ? found.rows.map(({ name }) => name) : [];
}

/** `applied` may have names that a later release has added: Kysely refuses a database with migrations it does not know. */
async function providerOf(kind: DatabaseKind, applied: readonly string[]): Promise<MigrationProvider> {
  const known = await migrationsFor(kind);
  const later = applied.filter((name) => !Object.hasOwn(known, name)).map((name) => [name, { up: async () => {} }]);
  return { getMigrations: async () => ({ ...known, ...Object.fromEntries(later) }) };
}

async function migrate(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const provider = await providerOf(kind, await appliedMigrations(db));
  const { error } = await new Migrator({ db, provider, allowUnorderedMigrations: true }).migrateToLatest();
  if (error) throw kind === 'mysql' ? fromMysql(error) : fromSqlite(error);
}

/** A server without a response for this time during a migration counts as lost; the next request retries (ms). */
const MIGRATION_MS = 60_000;

class ClusterDialect extends MysqlDialect {
  override createAdapter(): ClusterLockAdapter {
    return new ClusterLockAdapter();
  }
}

/** Creates the database if it is missing. */
export async function migrateMysql(config: MysqlConfig, address: Address): Promise<void> {
  const { createPool } = await import('./mysql-client');
  await createDatabase(config, address);
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

export async function migrateSqlite(file: SqliteDatabase): Promise<void> {
  // Kysely asks for better-sqlite3's types; libsql has the methods that it calls.
  await migrate(new Kysely<unknown>({ dialect: new SqliteDialect({ database: file as never }) }), 'sqlite');
}
