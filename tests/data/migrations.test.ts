/** The schema: made once however many start concurrently, on a server that does not have the database yet. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { RequestBudget } from '../../src/base/request-budget';
import { createDatabaseSource, type DatabaseSource } from '../../src/data/engine/open';
import { columns, FOUND, sql } from '../../src/data/engine/sql';
import { MIGRATION_NAMES } from '../../src/data/migrations/migrations';
import { configOf, onBothDatabases, openDatabase, whenMigrated } from '../../testkit/database';
import { gate } from '../../testkit/gate';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { look, meddle, rowsInto } from '../../testkit/statements';

const run = promisify(execFile);
const TABLES = ['members', 'outbox', 'presence', 'public_ids', 'rooms', 'sessions', 'users'];
/** The thirty instances below show that more are no different. */
const PROCESSES = 8;
/** The bundle of a cold instance. */
const BUNDLE = join(__dirname, '../../dist/index.js');
/** One cold instance: loads the bundle and calls it like a monitor, again if a busy machine made it too slow. */
const COLD_START = `(async () => {
  const { main_handler } = require(process.argv[1]);
  let status = 0;
  for (let asked = 0; asked < 12 && status !== 200; asked += 1) {
    status = (await main_handler({ httpMethod: 'GET', path: '/' }, {})).statusCode;
  }
  process.stdout.write('\\n' + status + '\\n', () => process.exit(0));
})()`;

describeWithMysql('an empty MySQL server', () => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysqlServer();
  });

  afterAll(async () => {
    await server.stop();
  });

  async function rows(sql: string): Promise<RowDataPacket[]> {
    const { host, port, user, password } = server;
    const connection = await createConnection({ host, port, user, password });
    const [result] = await connection.query<RowDataPacket[]>(sql);
    await connection.end();
    return result;
  }

  test(`${PROCESSES} cold processes start concurrently with one database and one schema`, async () => {
    const database = server.createDatabaseName();
    const env = {
      PATH: process.env['PATH'],
      TRTC_TIM_APPID: '1400000001',
      TRTC_TIM_SECRET: 'a'.repeat(64),
      MYSQL_POOL_SIZE: '1',
      ...server.env(database),
    };
    const starts = Array.from({ length: PROCESSES }, () =>
      run(process.execPath, ['-e', COLD_START, BUNDLE], { env, timeout: 150_000 }),
    );
    const answers = (await Promise.all(starts)).map(({ stdout }) => stdout.trim().split('\n').at(-1));
    expect(answers).toEqual(Array(PROCESSES).fill('200'));
    const tables = await rows(`SELECT table_name AS name, table_collation AS collation FROM information_schema.tables
      WHERE table_schema = '${database}' AND table_name NOT LIKE 'kysely%' ORDER BY 1`);
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(TABLES));
    for (const { collation } of tables) expect(collation).toBe('utf8mb4_bin');
    const applied = await rows(`SELECT name FROM \`${database}\`.kysely_migration ORDER BY name`);
    expect(applied.map(({ name }) => name)).toEqual(MIGRATION_NAMES);
  });

  test('30 instances in one process do the same', async () => {
    const config = configOf(server.env(server.createDatabaseName()));
    const sources = Array.from({ length: 30 }, () => createDatabaseSource(config));
    await Promise.all(sources.map(whenMigrated));
    await Promise.all(sources.map((source) => source.close()));
  });

  test('a migration that stopped half-way is finished by the next start', async () => {
    const database = server.createDatabaseName();
    const config = configOf(server.env(database));
    const first = createDatabaseSource(config);
    await whenMigrated(first);
    await first.close();
    await rows(`DROP TABLE \`${database}\`.outbox`);
    await rows(`DELETE FROM \`${database}\`.kysely_migration`);
    const second = createDatabaseSource(config);
    await whenMigrated(second);
    await second.close();
    expect(await rows(`SHOW TABLES FROM \`${database}\` LIKE 'outbox'`)).toHaveLength(1);
  });
});

test('12 instances concurrently come up with one SQLite file', async () => {
  const sqlite = openDatabase('sqlite');
  const sources = Array.from({ length: 12 }, () => createDatabaseSource(configOf(sqlite.env)));
  await Promise.all(sources.map(whenMigrated));
  await Promise.all(sources.map((source) => source.close()));
  await sqlite.close();
});

/** A row of presence, as signing up makes it. */
const insert = (user: number) =>
  rowsInto('presence', { user_id: user, alive_until: 0, seen_at: 0, event_at: 0, heartbeat_seen: 0 });

onBothDatabases((kind, db) => {
  test('transactions that lock each other out are retried until both are done', async () => {
    const setUp = db().request();
    for (const user of [1, 2]) {
      await meddle(setUp, insert(user));
    }
    let attempts = 0;
    // Each of the first two has one of the rows before either asks for the other: that cannot end well. SQLite has one
    // writer and cannot get there.
    const first = { here: 0, both: gate() };
    const meet = async () => {
      first.here += 1;
      if (first.here === 2) first.both.open();
      if (first.here <= 2) await first.both.opened;
    };
    const add = (order: number[]) =>
      db()
        .request()
        .transaction(async (tx) => {
          attempts += 1;
          for (const user of order) {
            await meddle(tx, sql`UPDATE presence SET event_at = event_at + 1 WHERE user_id = ${user}`);
            if (kind === 'mysql') await meet();
          }
        });
    await Promise.all([add([1, 2]), add([2, 1]), add([1, 2]), add([2, 1])]);
    const column = columns('presence', '', ['event_at']);
    const rows = await look(setUp, column, sql`SELECT ${column} FROM presence ORDER BY user_id`);
    expect(rows.map(({ event_at }) => event_at)).toEqual([4, 4]);
    if (kind === 'mysql') expect(attempts).toBeGreaterThan(4);
  });

  test('a transaction that fails, or runs out of time, leaves nothing behind and blocks no caller', async () => {
    const count = async () =>
      (await look(db().request(), FOUND, sql`SELECT ${FOUND} FROM presence WHERE user_id > 100`)).length;
    const failing = db().request();
    await expect(
      failing.transaction(async (tx) => {
        await meddle(tx, insert(101));
        throw new Error('the rule says no');
      }),
    ).rejects.toThrow('the rule says no');
    const budget = new RequestBudget();
    const late = db().request(budget);
    await expect(
      late.transaction(async (tx) => {
        await meddle(tx, insert(102));
        budget.limit(-1);
        await meddle(tx, insert(103));
      }),
    ).rejects.toMatchObject({ name: 'DatabaseError', kind: 'timeout' });
    expect(await count()).toBe(0);
    await db()
      .request()
      .transaction((tx) => meddle(tx, insert(104)));
    expect(await count()).toBe(1);
  });
});

onBothDatabases((_kind, db) => {
  const NAME = columns('jobs', '', ['name']);
  const applied = async (source: DatabaseSource) => {
    const rows = await look(source.forRequest(), NAME, sql`SELECT name FROM kysely_migration ORDER BY name`);
    return rows.map(({ name }) => name);
  };

  test('a schema is current if each migration was applied, not if a newer one was', async () => {
    await whenMigrated(db().source);
    await meddle(db().request(), sql`DELETE FROM kysely_migration WHERE name = '0009_presence'`);
    // A later release was here.
    await meddle(
      db().request(),
      sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_of_a_later_release', '2026-12-01')`,
    );
    const again = createDatabaseSource(configOf(db().env));
    await whenMigrated(again);
    expect(await applied(again)).toEqual([...MIGRATION_NAMES, '9999_of_a_later_release']);
    await again.close();
  });
});
