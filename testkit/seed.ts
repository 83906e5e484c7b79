/**
 * Fills a database as years of use would: users with public ids, presence and sessions, rooms most of which have ended,
 * and memberships. Everything is computed by the server from a table of numbers, so that millions of rows take a minute.
 * Only for the benchmark and for tests of query plans; it knows nothing of the rules.
 */
import type { Connection } from 'mysql2/promise';

export interface Scale {
  users: number;
  rooms: number;
  /** Open rooms, spread evenly among the ended ones. */
  live: number;
  members: number;
}

/** The second tenant of the seed; three of ten open rooms are its. */
export const SECOND_TENANT = 'bench2';
/** Half of the open rooms are the first tenant's in this category; four more categories share the rest. */
export const CATEGORY = 'c1';
/** Members of an open room, give or take 4: the same whatever the scale, so that answers are of the same size. */
const MEMBERS_OF_LIVE = 40;

/** Where things are in the seed; room `id`s and user `id`s are internal numbers from 1. */
export function layout(scale: Scale) {
  const spacing = Math.floor(scale.rooms / scale.live);
  const roomOf = (live: number) => live * spacing + 1;
  const tenantOfLive = (live: number) => (live % 10 < 7 ? '' : SECOND_TENANT);
  return {
    spacing,
    /** The `live`-th open room and its owner. Rooms are named after their owner's public id, as the apps do. */
    room: roomOf,
    owner: (live: number) => roomOf(live) * 2,
    tenant: tenantOfLive,
    tenantOfUser: (user: number) => tenantOfLive(Math.floor((Math.max(1, Math.floor(user / 2)) - 1) / spacing)),
    /** Whether the owner of the `live`-th open room is there. */
    onAir: (live: number) => live % 20 !== 6,
    /** The session of a user with an odd number; the others have none. */
    session: (user: number) => `${String(user).padStart(10, '0')}benchsession`,
  };
}

/** At least the numbers 0 … count - 1 as table bench_numbers. */
export async function makeNumbers(connection: Connection, count: number): Promise<void> {
  await connection.query('DROP TABLE IF EXISTS bench_numbers');
  await connection.query('CREATE TABLE bench_numbers (n INT NOT NULL PRIMARY KEY) ENGINE=InnoDB');
  await connection.query('INSERT INTO bench_numbers VALUES (0)');
  for (let made = 1; made < count; made *= 2) {
    await connection.query(`INSERT INTO bench_numbers SELECT n + ${made} FROM bench_numbers`);
  }
}

/** SQL texts over `x`, an expression for a user's or room's number. */
function expressions(scale: Scale) {
  const { spacing } = layout(scale);
  const tenantOfRoom = (id: string) => `IF(((${id} - 1) DIV ${spacing}) % 10 < 7, '', '${SECOND_TENANT}')`;
  const tenantOfUser = (id: string) => tenantOfRoom(`GREATEST(${id} DIV 2, 1)`);
  const publicId = (tenant: string, id: string) => `IF(${tenant} = '', ${id}, CONCAT(${tenant}, '-', ${id}))`;
  const isLive = (id: string) => `((${id} - 1) % ${spacing} = 0 AND (${id} - 1) DIV ${spacing} < ${scale.live})`;
  return { spacing, tenantOfRoom, tenantOfUser, publicId, isLive };
}

function userStatements(scale: Scale, now: number): string[] {
  const { tenantOfUser, publicId, spacing } = expressions(scale);
  const users = `FROM bench_numbers WHERE n BETWEEN 1 AND ${scale.users}`;
  const tenant = tenantOfUser('n');
  const absentOwner = `(n % 2 = 0 AND ((n DIV 2 - 1) DIV ${spacing}) % 20 = 6)`;
  return [
    `INSERT INTO users (id, tenant, username, username_key, salt, name, avatar, phone, created_at, updated_at)
      SELECT n, ${tenant}, CONCAT('user', n), LEFT(SHA2(CONCAT('user', n), 256), 43), LEFT(SHA2(n, 256), 32), CONCAT('Viewer ', n),
      'https://imgcache.qq.com/qcloud/public/static/avatar1_100.20191230.png', CONCAT('1', n), ${now}, ${now} ${users}`,
    `INSERT INTO public_ids (tenant, public_id, owner_id, created_at)
      SELECT ${tenant}, ${publicId(tenant, 'n')}, n, ${now} ${users}`,
    `INSERT INTO presence (user_id, alive_until, seen_at, heartbeat_seen)
      SELECT n, ${now} + IF(${absentOwner}, -200000, 86400000 + n % 1000), ${now}, 1 ${users}`,
    `INSERT INTO sessions (id, user_id, created_at, expires_at)
      SELECT CONCAT(LPAD(n, 10, '0'), 'benchsession'), n, ${now}, ${now} + 2592000000 ${users} AND n % 2 = 1`,
  ];
}

function roomStatements(scale: Scale, now: number): string[] {
  const { tenantOfRoom, publicId, isLive, spacing } = expressions(scale);
  const tenant = tenantOfRoom('n');
  const category = `CONCAT('c', ELT((n - 1) DIV ${spacing} % 10 + 1, 1, 1, 1, 1, 1, 2, 3, 1, 4, 5))`;
  const live = `FROM bench_numbers WHERE n BETWEEN 1 AND ${scale.rooms} AND ${isLive('n')}`;
  const inOneLive = `${MEMBERS_OF_LIVE} + (r.n - 1) DIV ${spacing} * 7 % 9 - 4`;
  const left = Math.max(0, scale.members - scale.live * MEMBERS_OF_LIVE);
  const ended = Math.max(1, scale.rooms - scale.live);
  return [
    `INSERT INTO rooms (id, tenant, room_id, owner_id, updated_by, broadcast_no, status, category, title, cover, created_at,
      updated_at, nn_users, total_joined, counted_at)
      SELECT n, ${tenant}, ${publicId(tenant, '(n * 2)')}, n * 2, n * 2, 1, ${isLive('n')}, ${category},
      CONCAT('Live of ', n), 'https://example.com/cover.png', ${now} - 60000 - n * 7919 % 86400000, ${now}, 40,
      ${MEMBERS_OF_LIVE} + (n - 1) DIV ${spacing} * 7 % 9 - 4, 0 FROM bench_numbers WHERE n BETWEEN 1 AND ${scale.rooms}`,
    // The members of open rooms, then those of the ended ones, two to three each. Viewers have odd numbers.
    `INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until)
      SELECT r.n, 1, IF(m.n = 0, r.n * 2, (r.n * 37 + m.n * 2) % (${scale.users} DIV 2) * 2 + 1),
      IF(m.n = 0, 'anchor', 'audience'), 1, ${now} - 50000 + m.n, 9000000000000000
      FROM (SELECT n ${live}) r JOIN bench_numbers m ON m.n < ${inOneLive}`,
    `INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until)
      SELECT pk, 1, (pk * 31 + turn * 2) % (${scale.users} DIV 2) * 2 + 1, 'audience', 1, ${now} - 90000000 + turn, 9000000000000000
      FROM (SELECT n % ${ended} + 2 + n % ${ended} DIV ${Math.max(1, spacing - 1)} AS pk, n DIV ${ended} AS turn
        FROM bench_numbers WHERE n < ${left}) spread ORDER BY pk, 3`,
  ];
}

/**
 * Fills the empty tables of the connection's database. `now` in ms. Commits are not waited for meanwhile, server-wide, and
 * are afterwards as durable as before.
 */
export async function seed(connection: Connection, scale: Scale, now: number): Promise<void> {
  const [settings] = await connection.query('SELECT @@innodb_flush_log_at_trx_commit AS flush');
  // One row of one number, as asked for.
  const { flush } = (settings as { flush: number }[])[0] ?? { flush: 1 };
  const rows = Math.max(scale.users + 1, scale.rooms + 1, scale.members);
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  // With both off, MariaDB builds the indexes of an empty table by sorting; other servers insert row by row.
  await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0');
  await connection.query("SET SESSION sql_mode = 'STRICT_ALL_TABLES'");
  await makeNumbers(connection, rows);
  for (const statement of [...userStatements(scale, now), ...roomStatements(scale, now)]) {
    await connection.query(statement);
  }
  await connection.query('DROP TABLE bench_numbers');
  await connection.query(`SET GLOBAL innodb_flush_log_at_trx_commit = ${flush}`);
  await connection.query('ANALYZE TABLE users, public_ids, presence, sessions, rooms, members');
}
