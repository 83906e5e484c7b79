/**
 * Fills what operators look at, as years of use would: sanctions, reports, the audit, broadcasts that have ended, webhooks
 * with their deliveries, and a month of samples. One user, one room has ten of each whatever the scale; of an operator,
 * an action, a state there are the more, the more rows there are. For the benchmark and for tests of query plans.
 */
import type { Connection } from 'mysql2/promise';
import { makeNumbers } from './seed';

/** Rows of each kind about one user or room. */
const OF_EACH = 10;
const DAYS = 30;
const MINUTE = 60_000;

/** What is asked for in every scale: these have OF_EACH of everything, unless the seed has fewer rows than that. */
export const SEEDED = { user: 11, room: 3, operator: 'operator1', action: 'kick_user', webhook: 1 } as const;

function sanctions(rows: number, now: number): string {
  // Every second one is over: lifted or run out, in turns.
  return `INSERT INTO sanctions (id, tenant, kind, user_id, name_key, contact_key, address, room_pk, broadcast_no, until_at,
      reason, by_name, created_at, lifted_at, lifted_by)
    SELECT n + 1, '', ELT(n % 3 + 1, 'ban', 'mute', 'kick'), n DIV ${OF_EACH} * 2 + 11, LEFT(SHA2(CONCAT('gone', n), 256), 43), '',
      IF(n % 7 = 0, CONCAT('198.51.', n DIV 256 % 256, '.', n % 256), ''), IF(n % 3 = 2, n DIV ${OF_EACH} + 3, 0), 0,
      ${now} + IF(n % 4 = 1, -1, 1) * (86400000 + n), 'spam', CONCAT('operator', n % 10), ${now} - n * 1000,
      IF(n % 4 = 3, ${now} - n, 0), ''
    FROM bench_numbers WHERE n < ${rows}`;
}

function reports(rows: number, now: number): string {
  return `INSERT INTO reports (id, tenant, room_pk, broadcast_no, by_user, target_user, reason, description, created_at, done,
      verdict, resolved_by, resolved_at)
    SELECT n + 1, '', n DIV ${OF_EACH} + 3, 1, n % ${OF_EACH} * 2 + 1, n DIV ${OF_EACH} * 2 + 11, 'fraud', 'as far as I can see',
      ${now} - n * 1000, n % 5 < 4, IF(n % 5 < 4, 'dismissed', ''), IF(n % 5 < 4, 'operator1', ''), 0
    FROM bench_numbers WHERE n < ${rows}`;
}

function audit(rows: number, now: number): string {
  return `INSERT INTO audit (id, tenant, at, operator, action, room_id, user_id, reason, before_text, after_text, request_id, address)
    SELECT n + 1, '', ${now} - (${rows} - n) * 2000, CONCAT('operator', n % 10),
      ELT(n % 5 + 1, 'kick_user', 'mute_user', 'ban_user', 'end_room', 'warn_room'), (n DIV ${OF_EACH} + 3) * 2,
      n DIV ${OF_EACH} * 2 + 11, 'spam', '', '{"seconds":600}', '', '203.0.113.7'
    FROM bench_numbers WHERE n < ${rows}`;
}

function broadcasts(rows: number, now: number): string {
  return `INSERT INTO broadcasts (id, tenant, room_id, broadcast_no, owner_id, title, category, started_at, ended_at, ended_by,
      reason, peak, joined)
    SELECT n + 1, '', (n DIV ${OF_EACH} + 3) * 2, n % ${OF_EACH} + 2, n DIV ${OF_EACH} * 2 + 11, 'A live room', 'liveRoom',
      ${now} - (${rows} - n) * 31000 - 600000, ${now} - (${rows} - n) * 31000, 'owner', '', 3, 5
    FROM bench_numbers WHERE n < ${rows}`;
}

function webhooks(rows: number, now: number): string[] {
  return [
    `INSERT INTO webhooks (id, tenant, url, secret, events, description, enabled, created_at)
      SELECT n + 1, '', 'https://example.com/hooks', 'whsec_benchmark', '', '', 0, ${now} FROM bench_numbers WHERE n < 12`,
    `INSERT INTO webhook_events (id, event_id, tenant, type, body, created_at)
      SELECT n + 1, CONCAT('evt_', LPAD(n, 22, '0')), '', 'room.ended',
        CONCAT('{"id":"evt_', n, '","type":"room.ended","createdUtc":"2026-11-23 12:00:00","tenant":"","data":{"roomId":"', n, '"}}'),
        ${now} - (${rows} - n) * 300 FROM bench_numbers WHERE n < ${rows}`,
    // The oldest twenty were given up; the newest hundred wait.
    `INSERT INTO deliveries (id, webhook_id, event_pk, room_pk, state, attempts, next_at, created_at, last_status)
      SELECT n + 1, 1, n + 1, n DIV ${OF_EACH} + 3, IF(n >= ${rows} - 100, 0, IF(n < 20, 2, 1)), 1,
        ${now} - (${rows} - n) * 300, ${now} - (${rows} - n) * 300, 200 FROM bench_numbers WHERE n < ${rows}`,
    `INSERT INTO webhook_attempts (delivery_id, number, at, ms, status, request_headers, response_headers, response_body)
      SELECT n + 1, 1, ${now} - (${rows} - n) * 300, 40, 200, 'webhook-id: evt', 'content-type: text/plain', 'ok'
      FROM bench_numbers WHERE n < ${rows}`,
  ];
}

/** Minutes of a month, and the hours and days that are made of them. */
function samples(now: number): string[] {
  const values = '5, 50, 60';
  return [
    [0, MINUTE],
    [1, 60 * MINUTE],
    [2, 1_440 * MINUTE],
  ].map(([step = 0, width = MINUTE]) => {
    const newest = now - (now % width) - width;
    const at = `(${newest} - n * ${width})`;
    return `INSERT INTO samples (tenant, step, at, rooms, viewers, online, rooms_at, viewers_at, online_at, sign_ins, sign_ups,
        entries, counted_until)
      SELECT '', ${step}, ${at}, ${values}, ${at}, ${at}, ${at}, 1, 1, 1, ${at} + ${width} FROM bench_numbers
      WHERE n < ${Math.floor((DAYS * 1_440 * MINUTE) / width)}`;
  });
}

/** `rows` of each kind into the empty tables of the connection's database, beside seed(). `now` in ms. */
export async function seedOperators(connection: Connection, rows: number, now: number): Promise<void> {
  await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0');
  await makeNumbers(connection, Math.max(rows, DAYS * 1_440));
  const statements = [
    sanctions(rows, now),
    reports(rows, now),
    audit(rows, now),
    broadcasts(rows, now),
    ...webhooks(rows, now),
    ...samples(now),
    `INSERT INTO operators (name, scope, tenant, key_hash, created_at)
      SELECT CONCAT('operator', n), 'read', '*', LEFT(SHA2(n, 256), 43), ${now} FROM bench_numbers WHERE n < 12`,
    // As the rules keep them: the end of the longest ban in force, and how many sanctions there were.
    `UPDATE users u JOIN (SELECT user_id, COUNT(*) AS n, MAX(IF(kind = 'ban' AND lifted_at = 0, until_at, 0)) AS banned
        FROM sanctions GROUP BY user_id) s ON s.user_id = u.id SET u.sanction_no = s.n, u.banned_until = s.banned`,
  ];
  for (const statement of statements) await connection.query(statement);
  await connection.query('DROP TABLE bench_numbers');
  await connection.query(
    'ANALYZE TABLE sanctions, reports, audit, broadcasts, webhook_events, deliveries, webhook_attempts, samples, users',
  );
}
