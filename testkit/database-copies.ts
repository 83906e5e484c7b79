/**
 * Databases that have their tables already: the migrations run once at the start of a jest run, and the services of tests get
 * copies of the result. A copy takes 37 statements in place of 84, and MySQL a quarter of the processor time.
 * tests/unit/support/database-copies.test.ts compares a copy with what the migrations make.
 */
import { createConnection } from 'mysql2/promise';
import { openDatabase, whenMigrated } from './database';
import { sharedMysql } from './mysql-server';

const variable = 'LIVE_ROOM_TEST_DATABASE';

/** For global-setup.ts: makes the database that is copied, on the server that this run has started. */
export async function makeOriginal(): Promise<void> {
  const { source, env, close } = openDatabase('mysql');
  await whenMigrated(source);
  await close();
  process.env[variable] = env['MYSQL_DB'];
}

/** The name of a new database on the shared server: a copy, or not made yet if the servers are a cluster or were there before. */
export async function copyDatabase(): Promise<string> {
  const mysql = sharedMysql();
  const name = mysql.createDatabaseName();
  const original = process.env[variable];
  if (original === undefined) return name;
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
  return name;
}
