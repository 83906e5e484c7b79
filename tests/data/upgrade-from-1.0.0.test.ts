/** The data of a 1.0.0 installation, in the middle of things, under the present schema. */
import { Kysely, Migrator, MysqlDialect, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';
import { createPool } from 'mysql2';
import { createDatabase } from '../../src/data/engine/mysql';
import { initialTables } from '../../src/data/migrations/0001-initial-tables';
import { findItem } from '../../src/data/outbox/outbox';
import { findRoom } from '../../src/data/rooms/rooms';
import { configOf, onBothDatabases, type TestDatabase, whenMigrated } from '../../testkit/database';

async function oldDatabase(env: Record<string, string>): Promise<Kysely<unknown>> {
  const config = configOf(env);
  if (config.kind === 'sqlite') {
    // libsql has the interface of better-sqlite3, which the dialect is typed for.
    return new Kysely({ dialect: new SqliteDialect({ database: new Database(config.path) as never }) });
  }
  const { user, password, database, servers } = config;
  const [{ host, port }] = servers;
  await createDatabase(config, servers[0]);
  return new Kysely({ dialect: new MysqlDialect({ pool: createPool({ host, port, user, password, database }) }) });
}

async function asOf100(database: TestDatabase): Promise<void> {
  const db = await oldDatabase(database.env);
  const { kind } = database.source;
  const provider = { getMigrations: async () => ({ '0001_initial_tables': initialTables(kind) }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  const room = (id: number, columns: string, values: string) =>
    sql
      .raw(
        `INSERT INTO rooms (id, tenant, room_id, owner_id, updated_by, live_no, created_at, ${columns})
          VALUES (${id}, '', 'room-${id}', 7, 7, 2, 1000, ${values})`,
      )
      .execute(db);
  await room(1, 'status, title', "1, 'on the air'");
  await room(2, 'status, opening_at, opening_key', "0, 5000, 'key'");
  await room(3, 'status, ended_at', '0, 4000');
  await room(4, 'status', '1');
  await room(5, 'status', '1');
  await room(6, 'status', '1');
  const work = (id: number, kind: string, values: string) =>
    sql
      .raw(
        `INSERT INTO outbox (id, kind, tenant, target, room_pk, live_no, next_at, leased_until, created_at)
          VALUES (${id}, '${kind}', '', ${values}, 4000)`,
      )
      .execute(db);
  await work(1, 'im_destroy_group', "'room-3', 3, 2, 9000, 9000");
  await work(2, 'trtc_dismiss', "'room-3', 3, 2, 4000, 0");
  await work(3, 'forget_members', "'room-3', 3, 2, 4000, 0");
  await work(4, 'im_account_import', "'7', 0, 0, 4000, 0");
  await db.destroy();
}

const EMPTY = { empty: true };

onBothDatabases((_kind, db) => {
  beforeAll(async () => {
    await asOf100(db());
    await whenMigrated(db().source);
  });
  const room = (id: number) => findRoom(db().request(), { tenant: '', roomId: `room-${id}` });

  test('open rooms stay open, more of them than an owner may open now', async () => {
    for (const id of [1, 4, 5, 6]) {
      expect(await room(id)).toMatchObject({
        status: 1,
        broadcast_no: 2,
        lease_until: 0,
        open_slot: null,
        host_pending: 0,
      });
    }
    expect(await room(1)).toMatchObject({ title: 'on the air' });
  });

  test('an opening and a dismissal that were in progress have a lease that runs out', async () => {
    expect(await room(2)).toMatchObject({ status: 2, lease_holder: 'upgrade', lease_until: 5000 });
    expect(await room(3)).toMatchObject({ status: 3, lease_holder: 'upgrade', lease_until: 9000 });
  });

  test('work that was left is work that is known', async () => {
    const items = await Promise.all([1, 2, 3, 4].map((id) => findItem(db().request(), id)));
    expect(items.map((item) => [item?.kind, item?.payload])).toEqual([
      ['dismiss_room', 'im'],
      ['dismiss_room', 'trtc'],
      ['delete_members', ''],
      ['im_account_import', ''],
    ]);
  });
}, EMPTY);
