/**
 * Databases that have their tables already: the migrations run once at the start of a jest run, and tests get copies of the
 * result. A copy of MySQL's takes 37 statements in place of 84 and a quarter of the processor time, one of SQLite's is a file.
 * tests/unit/support/database-copies.test.ts compares copies with what the migrations make.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { sharedMysql } from './mysql-server';

export type DatabaseKind = 'sqlite' | 'mysql';

const variables = { sqlite: 'LIVE_ROOM_TEST_SQLITE', mysql: 'LIVE_ROOM_TEST_DATABASE' };

/** For global-setup.ts: `name` is that of the database, or the file of an embedded one. */
export function shareOriginal(kind: DatabaseKind, name: string): void {
  process.env[variables[kind]] = name;
}

/** On the shared server: a copy, or not made yet if the servers are a cluster or were there before. */
export async function copyOnServer(): Promise<Record<string, string>> {
  const mysql = sharedMysql();
  const name = mysql.createDatabaseName();
  const original = process.env[variables.mysql];
  if (original === undefined) return mysql.env(name);
  const { host, port, user, password } = mysql;
  const connection = await createConnection({ host, port, user, password, multipleStatements: true });
  try {
    const [tables] = await connection.query(`SHOW TABLES FROM \`${original}\``);
    // Each row has one value, the name of a table.
    const copies = (tables as object[]).flatMap(Object.values).flatMap((table) => {
      const [from, to] = [original, name].map((database) => `\`${database}\`.\`${table}\``);
      return [`CREATE TABLE ${to} LIKE ${from}`, `INSERT INTO ${to} SELECT * FROM ${from}`];
    });
    const create = `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
    await connection.query([create, ...copies].join(';\n'));
  } finally {
    connection.destroy();
  }
  return mysql.env(name);
}

/** The environment of a service with a new database; `folder` is for the file of an embedded one. */
export async function copyDatabase(kind: DatabaseKind, folder: string): Promise<Record<string, string>> {
  if (kind === 'mysql') return copyOnServer();
  const file = join(folder, 'test.sqlite');
  const original = process.env[variables.sqlite];
  if (original !== undefined) copyFileSync(original, file);
  return { SQLITE_PATH: file };
}
