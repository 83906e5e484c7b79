/** Services of tests run on copied databases, which equal the result of the migrations. */
import { type Connection, createConnection } from 'mysql2/promise';
import { computed, raw, sql } from '../../../src/data/engine/sql';
import { openDatabase, openMigrated, type TestDatabase, whenMigrated } from '../../../testkit/database';
import { copyOnServer } from '../../../testkit/database-copies';
import { describeWithMysql, sharedMysql } from '../../../testkit/mysql-server';
import { look } from '../../../testkit/statements';

const OBJECTS = computed<{ type: string; name: string; text: string }>({
  type: raw('m.type'),
  name: raw('m.name'),
  text: raw("COALESCE(m.sql, '')"),
});
const COUNT = computed<{ n: number }>({ n: raw('COUNT(*)') });

describeWithMysql('a copied database on the server', () => {
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
    const copy = await copyOnServer();
    expect(await contents(String(copy['MYSQL_DB']))).toEqual(made);
  });
});

test('a copied file has the tables, the indexes and the rows that the migrations make', async () => {
  const [migrated, copy] = [openDatabase('sqlite'), await openMigrated('sqlite')];
  await whenMigrated(migrated.source);
  const contents = async ({ request }: TestDatabase) => {
    const objects = await look(request(), OBJECTS, sql`SELECT ${OBJECTS} FROM sqlite_master m ORDER BY m.name`);
    const counts = objects
      .filter(({ type }) => type === 'table')
      .map(({ name }) => sql`SELECT ${COUNT} FROM ${raw(name)}`);
    return [objects, await Promise.all(counts.map((count) => look(request(), COUNT, count)))];
  };
  const made = await contents(migrated);
  expect(made[0]?.length).toBeGreaterThan(60);
  expect(await contents(copy)).toEqual(made);
  await migrated.close();
  await copy.close();
});
