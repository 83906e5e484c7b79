/** An installation of 1.0.0, with people and a live in it, on the day that it is upgraded. */
import { createHash } from 'node:crypto';
import { Kysely, Migrator, MysqlDialect, SqliteDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import type { DatabaseConfig } from '../../src/config/config';
import { createDatabase } from '../../src/data/engine/mysql';
import { createDatabaseSource } from '../../src/data/engine/open';
import { columns, sql as statement } from '../../src/data/engine/sql';
import { openSqliteFile } from '../../src/data/engine/sqlite';
import { initialTables } from '../../src/data/migrations/0001-initial-tables';
import { MIGRATION_NAMES } from '../../src/data/migrations/migrations';
import { configOf, onBothDatabases, whenMigrated } from '../../testkit/database';
import { type Person, signInAgain } from '../../testkit/people';
import { startService, whenReady } from '../../testkit/service';
import { look, meddle, rowsInto } from '../../testkit/statements';

const NOW = Date.now();
const SALT = 'd'.repeat(32);

function accessOf({ servers: [server], user, password, database }: Extract<DatabaseConfig, { kind: 'mysql' }>) {
  return { ...server, user, password, database };
}

/** The tables of 1.0.0 with rows as it writes them: alice is live with heartbeats, bob watches. */
async function installOld(kind: 'mysql' | 'sqlite', env: Record<string, string>): Promise<void> {
  const config = configOf(env);
  if (config.kind === 'mysql') await createDatabase(config, config.servers[0]);
  const dialect =
    config.kind === 'mysql'
      ? new MysqlDialect({ pool: createPool(accessOf(config)) })
      : new SqliteDialect({ database: (await openSqliteFile(config.path)) as never });
  const db = new Kysely<unknown>({ dialect });
  const provider = { getMigrations: async () => ({ '0001_initial_tables': initialTables(kind) }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  const run = (text: string) => sql.raw(text).execute(db);
  for (const [id, name] of [
    [1, 'alice'],
    [2, 'bob'],
  ] as const) {
    const key = createHash('sha256').update(name).digest('base64url');
    await run(
      `INSERT INTO users (id, tenant, username, username_key, salt, name) VALUES (${id}, '', '${name}', '${key}', '${SALT}', '${name}')`,
    );
    await run(`INSERT INTO public_ids (tenant, public_id, owner_id) VALUES ('', '${id}', ${id})`);
    await run(
      `INSERT INTO presence (user_id, alive_until, seen_at, event_at, armed) VALUES (${id}, ${NOW + 60_000}, ${NOW}, 7, ${2 - id})`,
    );
  }
  await run(`INSERT INTO rooms (id, tenant, room_id, owner_id, updated_by, live_no, status, title, category, created_at, updated_at)
    VALUES (1, '', '1', 1, 1, 3, 1, 'old live', 'c', ${NOW - 5_000}, ${NOW})`);
  for (const user of [1, 2]) {
    await run(
      `INSERT INTO members (room_pk, live_no, user_id, role, present, joined_at) VALUES (1, 3, ${user}, '', 1, ${NOW})`,
    );
  }
  await db.destroy();
}

const EMPTY = { empty: true };

onBothDatabases((kind, database) => {
  test('keeps accounts, presence, the live and who is in it', async () => {
    const { env } = database();
    await installOld(kind, env);
    const service = await startService(kind, { env });
    try {
      // A request waits for the upgrade too, but only for some seconds.
      await whenReady(service);
      const signIn = (username: string): Promise<Person> => signInAgain(service, { username, salt: SALT });
      const [alice, bob] = [await signIn('alice'), await signIn('bob')];
      expect([alice.userId, bob.userId]).toEqual(['1', '2']);
      const db = service.services.database.forRequest();
      const presence = columns('presence', '', ['user_id', 'alive_until', 'event_at', 'heartbeat_seen']);
      const rows = await look(db, presence, statement`SELECT ${presence} FROM presence ORDER BY user_id`);
      const kept = { alive_until: NOW + 60_000, event_at: 7 };
      expect(rows).toEqual([
        { user_id: 1, ...kept, heartbeat_seen: 1 },
        { user_id: 2, ...kept, heartbeat_seen: 0 },
      ]);
      const [room] = await bob.must<object[]>('rooms/query_room');
      expect(room).toMatchObject({ roomId: '1', ownBy: '1', title: 'old live', nnUsers: 2, totalJoined: 2 });
      await alice.must('auth_users/user_keepalive');
      await bob.must('rooms/leave_room', { roomId: '1' });
      expect(await bob.must('rooms/room_detail', { roomId: '1' })).toMatchObject({ nnUsers: 1, status: 1 });
      await alice.must('rooms/destroy_room', { roomId: '1' });
      await alice.must('rooms/enter_room', { roomId: '1', role: 'anchor' });
    } finally {
      await service.close();
    }
    expect(MIGRATION_NAMES[0]).toBe('0001_initial_tables');
  });

  test('1.1.0 left a row for each room that was live; the upgrade deletes these rows and no broadcast', async () => {
    const { request, source, env } = database();
    await whenMigrated(source);
    const broadcast = { broadcast_no: 0, owner_id: 0, ended_by: '' };
    const left = Array.from({ length: 2_500 }, (_, n) => ({ ...broadcast, tenant: '(blank)', room_id: String(n) }));
    const kept = { ...broadcast, tenant: '', room_id: 'kept', broadcast_no: 1, ended_by: 'owner' };
    await meddle(request(), rowsInto('broadcasts', kept, ...left));
    await meddle(request(), "DELETE FROM kysely_migration WHERE name >= '0012'");
    const upgraded = createDatabaseSource(configOf(env));
    await whenMigrated(upgraded);
    await upgraded.close();
    const name = columns('broadcasts', 'b', ['room_id']);
    const rows = await look(request(), name, statement`SELECT ${name} FROM broadcasts b WHERE b.ended_at = 0`);
    expect(rows).toEqual([{ room_id: 'kept' }]);
  });
}, EMPTY);
