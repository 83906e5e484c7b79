/**
 * Which migrations a database has, and applying the others (migrator.ts). Current means that each migration of this release is there by its
 * name: a newer one says nothing of those before it. A later release may have added more.
 */
import { existsSync } from 'node:fs';
import { DatabaseError, OLDER_SCHEMA } from '../../base/errors';
import { fieldsOf } from '../../base/fields';
import { STATEMENTS_MS } from '../../base/request-budget';
import type { DatabaseConfig, MysqlConfig } from '../../config/config';
import type { Address } from '../../config/server-addresses';
import { MIGRATION_NAMES } from '../migrations/migrations';
import type { Driver } from './database';
import { toDatabaseError as fromMysql } from './mysql-errors';
import { openMysql } from './mysql-servers';
import { toDatabaseError as fromSqlite, openSqliteFile, type SqliteDatabase, sqliteDriver } from './sqlite';

export interface SchemaState {
  /** Names of migrations that are not applied, in order. */
  missing: readonly string[];
  /** Names that this release does not know: of a later one. */
  unknown: readonly string[];
}

const EMPTY: SchemaState = { missing: MIGRATION_NAMES, unknown: [] };

export function olderSchema(): DatabaseError {
  return new DatabaseError('other', OLDER_SCHEMA);
}

const isMissing = (error: unknown) => error instanceof DatabaseError && error.kind === 'missing';

async function readState(driver: Driver): Promise<SchemaState> {
  const connection = await driver.acquire(STATEMENTS_MS);
  try {
    const statement = { text: 'SELECT name FROM kysely_migration', values: [], reads: true };
    const { rows } = await connection.query(statement, STATEMENTS_MS);
    connection.release();
    const applied = new Set(rows.map((row) => String(fieldsOf(row)['name'])));
    const unknown = [...applied].filter((name) => !MIGRATION_NAMES.includes(name)).sort();
    return { missing: MIGRATION_NAMES.filter((name) => !applied.has(name)), unknown };
  } catch (error) {
    if (isMissing(error)) connection.release();
    else connection.destroy();
    throw error;
  }
}

/** Nothing is applied if the table, or the database itself, is missing. */
export function schemaState(driver: Driver): Promise<SchemaState> {
  return readState(driver).catch((error) => (isMissing(error) ? EMPTY : Promise.reject(error)));
}

/** Creates the database if it is missing. Loads migrator.ts. */
export async function migrateMysql(config: MysqlConfig, address: Address): Promise<void> {
  const migrator = await import('./migrator');
  await migrator.migrateMysql(config, address);
}

/** Loads migrator.ts. */
export async function migrateSqlite(file: SqliteDatabase): Promise<void> {
  const migrator = await import('./migrator');
  await migrator.migrateSqlite(file);
}

async function inMysql(config: MysqlConfig, apply: boolean): Promise<SchemaState> {
  const driver = await openMysql(config);
  try {
    const state = await schemaState(driver);
    if (apply && state.missing.length > 0) await migrateMysql(config, driver.address());
    return state;
  } catch (error) {
    throw fromMysql(error);
  } finally {
    void driver.close();
  }
}

async function inSqlite(path: string, apply: boolean): Promise<SchemaState> {
  if (!apply && !existsSync(path)) return EMPTY;
  const file = await openSqliteFile(path);
  try {
    const state = await schemaState(sqliteDriver(file));
    if (apply && state.missing.length > 0) await migrateSqlite(file);
    return state;
  } catch (error) {
    throw fromSqlite(error);
  } finally {
    file.close();
  }
}

/** Gives the missing migrations; `apply` applies it. Throws DatabaseError. */
export function bringUpToDate(config: DatabaseConfig, { apply }: { apply: boolean }): Promise<SchemaState> {
  return config.kind === 'mysql' ? inMysql(config, apply) : inSqlite(config.path, apply);
}
