/** How MySQL goes about the statements of the scheduled work on tables that have grown: by an index, never through it all. */

import { type Connection, createConnection } from 'mysql2/promise';
import { deleteExpiredSessions } from '../../src/data/accounts/sessions';
import type { Executor } from '../../src/data/engine/database';
import { dueItems } from '../../src/data/outbox/outbox';
import { findGoneMembers, recordMembersOffline, removeGoneMembers } from '../../src/data/presence/member-presence';
import { deleteMembers } from '../../src/data/rooms/member-clean-up';
import { walkOpenRooms } from '../../src/data/rooms/room-clean-up';
import { findExpiredLeases } from '../../src/data/rooms/room-states';
import { openRoomsOf } from '../../src/data/rooms/rooms';
import { describeWithMysql } from '../../testkit/mysql-server';
import { useStage } from '../../testkit/stage';
import { type Recorded, watchedDatabase } from '../../testkit/watched';

const ROOMS = 20_000;
const MEMBERS = 60_000;

interface Plan {
  table: string;
  type: string;
  rows: number;
  Extra: string | null;
}

function numbers(count: number): string {
  const digits =
    'SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9';
  return `(SELECT a.n + 10*b.n + 100*c.n + 1000*d.n + 10000*e.n AS n FROM (${digits}) a, (${digits}) b, (${digits}) c, (${digits}) d, (${digits}) e) s WHERE n < ${count}`;
}

/** Most rooms have ended; every tenth is open and has members. */
async function grow(connection: Connection): Promise<void> {
  // A direct connection: a request of the service has no time for it.
  const run = (sql: string) => connection.query(sql);
  await run(`INSERT INTO rooms (tenant, room_id, owner_id, updated_by, broadcast_no, status, category, created_at)
    SELECT '', CONCAT('r', n), 1000 + n, 1000 + n, 1, n % 10 = 0, 'c', n FROM ${numbers(ROOMS)}`);
  await run(`INSERT INTO presence (user_id, alive_until, seen_at, event_at, heartbeat_seen)
    SELECT 1000 + n, 9000000000000, 0, 0, 1 FROM ${numbers(ROOMS)}`);
  await run(`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at)
    SELECT (SELECT MIN(id) FROM rooms) + n % ${ROOMS}, 1, 1000 + (n * 7) % ${ROOMS}, '', 1, n FROM ${numbers(MEMBERS)}
    ON DUPLICATE KEY UPDATE joined_at = VALUES(joined_at)`);
  await run(
    `INSERT INTO outbox (kind, tenant, target, next_at) SELECT 'dismiss_room', '', CONCAT('r', n), n FROM ${numbers(5000)}`,
  );
  await run(`INSERT INTO sessions (id, user_id, expires_at) SELECT CONCAT('s', n), n, n FROM ${numbers(ROOMS)}`);
  await run('ANALYZE TABLE rooms, presence, members, outbox, sessions');
}

describeWithMysql('plans of the scheduled work', () => {
  const stage = useStage('mysql');
  let connection: Connection;
  beforeAll(async () => {
    await stage().services.database.check();
    const { MYSQL_HOST = '', MYSQL_PORT, MYSQL_USER = '', MYSQL_PASSWORD = '', MYSQL_DB = '' } = stage().env;
    const access = { host: MYSQL_HOST, user: MYSQL_USER, password: MYSQL_PASSWORD, database: MYSQL_DB };
    connection = await createConnection({ ...access, port: Number(MYSQL_PORT) });
    await grow(connection);
  });
  afterAll(() => connection.end());

  const absence = { now: 1, goneSince: 0, unseenSince: 0 };
  const broadcast = { id: 10, broadcastNo: 1 };
  test.each<[string, number, (db: Executor) => Promise<unknown>]>([
    ['the first page of open rooms', 4000, (db) => walkOpenRooms(db, '', { after: null, most: 500, absence })],
    [
      'a later page of open rooms',
      4000,
      (db) => walkOpenRooms(db, '', { after: { createdAt: 900, roomId: 'r900' }, most: 500, absence }),
    ],
    ['leases that ran out', 100, (db) => findExpiredLeases(db, 1, 100)],
    ['open rooms of an owner', 100, (db) => openRoomsOf(db, 1010, 100)],
    ['gone members of some rooms', 300, (db) => findGoneMembers(db, [11, 21, 31, 41], { goneSince: 1, most: 500 })],
    ['taking gone members out', 100, (db) => removeGoneMembers(db, broadcast, { userIds: [1, 2, 3], goneSince: 1 })],
    ['members of an ended broadcast', 100, (db) => deleteMembers(db, broadcast, 1000)],
    [
      'a member event',
      100,
      (db) =>
        recordMembersOffline(
          db,
          { tenant: '', roomId: '1' },
          { ...broadcast, userIds: [1, 2], at: 1, until: 2, now: 3 },
        ),
    ],
    ['due work', 5000, (db) => dueItems(db, 50, 64)],
    ['expired sessions', 2000, (db) => deleteExpiredSessions(db, 100, 1000)],
  ])('%s', async (_what, most, work) => {
    const statements: Recorded[] = [];
    const note = (statement: Recorded) => {
      statements.push(statement);
      return undefined;
    };
    await work(watchedDatabase(stage().services.database.forRequest(), note));
    expect(statements.length).toBeGreaterThan(0);
    for (const { name, text, values } of statements) {
      const [rows] = await connection.query(`EXPLAIN FORMAT=TRADITIONAL ${text}`, [...values]);
      // What EXPLAIN gives on every server.
      for (const row of (rows as Plan[]).filter(({ table }) => table)) {
        expect({ name, ...row }).not.toMatchObject({ type: 'ALL' });
        expect({ name, ...row }).not.toMatchObject({ type: 'index' });
        expect(`${name}: ${row.Extra}`).not.toMatch(/filesort|temporary/i);
        expect({ name, few: Number(row.rows) <= most }).toEqual({ name, few: true });
      }
    }
  });
});
