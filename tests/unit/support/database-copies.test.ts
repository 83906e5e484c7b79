/** Services of tests run on copied databases, which equal the result of the migrations. */
import { type Connection, createConnection } from 'mysql2/promise';
import { openDatabase, type TestDatabase, whenMigrated } from '../../../testkit/database';
import { copyDatabase } from '../../../testkit/database-copies';
import { describeWithMysql, sharedMysql } from '../../../testkit/mysql-server';

describeWithMysql('a copied database', () => {
  let connection: Connection;
  let migrated: TestDatabase;
  beforeAll(async () => {
    const { host, port, user, password } = sharedMysql();
    connection = await createConnection({ host, port, user, password });
    migrated = openDatabase('mysql');
    await whenMigrated(migrated.source);
  });
  afterAll(async () => {
    await migrated.close();
    await connection.end();
  });

  async function rows(statement: string): Promise<Record<string, unknown>[]> {
    const [found] = await connection.query(statement);
    // Every statement asked here gives rows.
    return found as Record<string, unknown>[];
  }

  /** Each table's definition and number of rows. */
  async function contents(database: string): Promise<Record<string, unknown>> {
    const tables = (await rows(`SHOW TABLES FROM \`${database}\``)).flatMap(Object.values);
    const found: Record<string, unknown> = {};
    for (const table of tables) {
      const [definition] = await rows(`SHOW CREATE TABLE \`${database}\`.\`${table}\``);
      const [count] = await rows(`SELECT COUNT(*) AS n FROM \`${database}\`.\`${table}\``);
      found[table] = [String(definition?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, ''), count?.['n']];
    }
    const [own] = await rows(`SHOW CREATE DATABASE \`${database}\``);
    return { ...found, database: String(own?.['Create Database']).replaceAll(database, '') };
  }

  test('has the tables, the indexes and the rows that the migrations make', async () => {
    const made = await contents(String(migrated.env['MYSQL_DB']));
    expect(Object.keys(made).length).toBeGreaterThan(30);
    expect(await contents(await copyDatabase())).toEqual(made);
  });
});
