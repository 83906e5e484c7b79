/** A database source of one's own for repository tests, on either database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RequestBudget } from '../src/base/request-budget';
import { type DatabaseConfig, loadConfig } from '../src/config/config';
import type { Database } from '../src/data/engine/database';
import { createDatabaseSource, type DatabaseSource } from '../src/data/engine/open';
import { createPersonHashes } from '../src/data/sanctions/person-hashes';
import { copyDatabase, type DatabaseKind } from './database-copies';
import { until } from './lived';
import { describeWithMysql, type MysqlAccess, serverName, sharedMysql, usesSqlite } from './mysql-server';

export const PERSON_HASHES = createPersonHashes([new Uint8Array(32)]);

export function configOf(env: Record<string, string>): DatabaseConfig {
  const loaded = loadConfig({ TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'a'.repeat(64), ...env });
  if (!loaded.ok) throw new Error(loaded.problems.join('; '));
  return loaded.config.database;
}

export interface TestDatabase {
  source: DatabaseSource;
  env: Record<string, string>;
  request(budget?: RequestBudget): Database;
  close(): Promise<void>;
  /** Removes the files; close() has done it. */
  remove(): void;
}

function opened(env: Record<string, string>, folder: string): TestDatabase {
  const source = createDatabaseSource(configOf(env));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return {
    source,
    env,
    request: (budget = new RequestBudget()) => source.forRequest(budget),
    close: async () => {
      await source.close();
      remove();
    },
    remove,
  };
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'live-room-test-'));

/** A database without tables, which it makes when it is used first. */
export function openDatabase(kind: DatabaseKind, mysql: MysqlAccess | undefined = undefined): TestDatabase {
  const folder = newFolder();
  if (kind === 'sqlite') return opened({ SQLITE_PATH: join(folder, 'test.sqlite') }, folder);
  const server = mysql ?? sharedMysql();
  return opened(server.env(server.createDatabaseName()), folder);
}

/** A database with its tables. */
export async function openMigrated(kind: DatabaseKind): Promise<TestDatabase> {
  const folder = newFolder();
  const database = opened(await copyDatabase(kind, folder), folder);
  await whenMigrated(database.source);
  return database;
}

/** Waits for the tables. A request waits for them too, but only for some seconds, and on a busy machine a server takes longer. */
export async function whenMigrated(source: DatabaseSource): Promise<void> {
  const isReady = () =>
    source.check().then(
      () => true,
      () => false,
    );
  await until('the tables are made', isReady, 120_000);
}

/** `empty`: the database has no tables yet, since the test makes those of an earlier release. */
export function onBothDatabases(
  body: (kind: DatabaseKind, db: () => TestDatabase) => void,
  { empty = false }: { empty?: boolean } = {},
): void {
  const block = (kind: DatabaseKind) => () => {
    let database: TestDatabase | undefined;
    beforeAll(async () => {
      database = empty ? openDatabase(kind) : await openMigrated(kind);
    });
    afterAll(() => database?.close());
    body(kind, () => {
      if (!database) throw new Error('the database has not been opened');
      return database;
    });
  };
  if (usesSqlite) describe('on SQLite', block('sqlite'));
  describeWithMysql(`on ${serverName}`, block('mysql'));
}
