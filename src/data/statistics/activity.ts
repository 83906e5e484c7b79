/**
 * Sign-ins, sign-ups and entries within a time. They are counted from the rows of sessions, users and members (of members:
 * countPeople, entriesOfEnded). For rows that are deleted before they were counted, `activity` keeps the number.
 */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, ints, raw, read, type Sql, sql, text, texts, write } from '../engine/sql';

export type ActivityKind = 'sign_in' | 'sign_up' | 'entry';

/** Milliseconds since 1970, `until` excluded. `tail`: the start of a part at the end that is also counted separately. */
export interface Span {
  from: number;
  tail: number;
  until: number;
}

export interface Activity {
  total: number;
  tail: number;
}

/** Rows younger than this may not have been counted when they are deleted (ms): samples are taken every minute. */
export const UNCOUNTED_MS = 300_000;
/** The largest difference allowed between the clocks of two processes (ms). */
const CLOCKS_MS = 60_000;

/** The rows of a span by their time `at`: all of them, and those of its tail. */
function counts(at: Sql) {
  const values = { total: sql`COUNT(*)`, tail: sql`COUNT(CASE WHEN ${at} >= ${int('tail')} THEN 1 END)` };
  return computed<Activity, { tail: number }>(values);
}

/** The condition that `at` is in a span. */
function inSpan(at: Sql) {
  return sql`${at} >= ${int('from')} AND ${at} < ${int('until')}`;
}

const NOTHING_COUNTED: Activity = { total: 0, tail: 0 };

const SESSIONS_AT = counts(raw('s.created_at'));
const SIGN_INS = read(
  'activity.sign_ins',
  SESSIONS_AT,
  sql`SELECT ${SESSIONS_AT} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.expires_at >= ${int('expiresFrom')}
    AND ${inSpan(raw('s.created_at'))} AND u.tenant = ${text('tenant')}`,
);

/** Sessions started. They are found by their expiry, which never moves back. */
export async function signIns(db: Executor, tenant: string, span: Span & { sessionMs: number }): Promise<Activity> {
  const [row = NOTHING_COUNTED] = await db.query(SIGN_INS, {
    ...span,
    tenant,
    expiresFrom: span.from + span.sessionMs,
  });
  return row;
}

const USERS_AT = counts(raw('u.created_at'));
const SIGN_UPS = read(
  'activity.sign_ups',
  USERS_AT,
  sql`SELECT ${USERS_AT} FROM users u WHERE ${inSpan(raw('u.created_at'))} AND u.tenant = ${text('tenant')}`,
);

export async function signUps(db: Executor, tenant: string, span: Span): Promise<Activity> {
  const [row = NOTHING_COUNTED] = await db.query(SIGN_UPS, { ...span, tenant });
  return row;
}

const KEPT_COUNTS = computed<Activity, { tail: number }>({
  total: sql`CAST(COALESCE(SUM(n), 0) AS SIGNED)`,
  tail: sql`CAST(COALESCE(SUM(CASE WHEN at >= ${int('tail')} THEN n ELSE 0 END), 0) AS SIGNED)`,
});
const KEPT = read(
  'activity.kept',
  KEPT_COUNTS,
  sql`SELECT ${KEPT_COUNTS} FROM activity WHERE tenant = ${text('tenant')} AND kind = ${text('kind')}
    AND ${inSpan(raw('at'))}`,
);

/** The activity of rows that have been deleted. */
export async function keptActivity(
  db: Executor,
  tenant: string,
  span: Span & { kind: ActivityKind },
): Promise<Activity> {
  const [row = NOTHING_COUNTED] = await db.query(KEPT, { ...span, tenant });
  return row;
}

const KEEP = sql`INSERT INTO activity (tenant, kind, at, n)
  SELECT u.tenant, 'sign_in', s.created_at, 1 FROM sessions s JOIN users u ON u.id = s.user_id`;
const KEEP_SIGN_INS = write(
  'activity.keep_sign_ins',
  'never',
  sql`${KEEP} WHERE s.id IN (${texts('ids')}) AND s.user_id IN (${ints('userIds')}) AND s.created_at >= ${int('since')}`,
);
const KEEP_SIGN_INS_OF = write(
  'activity.keep_sign_ins_of',
  'never',
  sql`${KEEP} WHERE s.user_id = ${int('userId')} AND s.created_at >= ${int('since')}`,
);

/** Call it before these sessions are deleted. */
export async function keepSignIns(
  tx: Executor,
  keys: { ids: readonly string[]; userIds: readonly number[] },
  now: number,
): Promise<void> {
  await tx.execute(KEEP_SIGN_INS, { ...keys, since: now - UNCOUNTED_MS });
}

/** Call it before the sessions of a user are deleted. */
export async function keepSignInsOf(tx: Executor, userId: number, now: number): Promise<void> {
  await tx.execute(KEEP_SIGN_INS_OF, { userId, since: now - UNCOUNTED_MS });
}

const KEEP_OF_USER = write(
  'activity.keep_of_user',
  'never',
  sql`INSERT INTO activity (tenant, kind, at, n)
    SELECT u.tenant, 'sign_up', u.created_at, 1 FROM users u WHERE u.id = ${int('userId')} AND u.created_at >= ${int('since')}
    UNION ALL
    SELECT u.tenant, 'sign_in', s.created_at, 1 FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE s.user_id = ${int('userId')} AND s.created_at >= ${int('since')}`,
);

/** Call it before a user is deleted: keeps the sign-up and the sign-ins. */
export async function keepActivityOf(tx: Executor, userId: number, now: number): Promise<void> {
  await tx.execute(KEEP_OF_USER, { userId, since: now - UNCOUNTED_MS });
}

const MEMBERS_AT = counts(raw('m.joined_at'));
const ENTRIES_OF_ENDED = read(
  'activity.entries_of_ended',
  MEMBERS_AT,
  sql`SELECT ${MEMBERS_AT} FROM broadcasts b ${byIndex('broadcasts_by_end')}
    JOIN rooms r ON r.tenant = b.tenant AND r.room_id = b.room_id
    JOIN members m ${byIndex('members_in_order')} ON m.room_pk = r.id AND m.broadcast_no = b.broadcast_no
    WHERE b.tenant = ${text('tenant')} AND b.ended_at >= ${int('endedFrom')} AND b.clean_at > 0
      AND ${inSpan(raw('m.joined_at'))}`,
);

/** Entries into broadcasts that have ended since. Their members are kept for UNCOUNTED_MS. */
export async function entriesOfEnded(db: Executor, tenant: string, span: Span): Promise<Activity> {
  const [row = NOTHING_COUNTED] = await db.query(ENTRIES_OF_ENDED, {
    ...span,
    tenant,
    endedFrom: span.from - CLOCKS_MS,
  });
  return row;
}

const ENDED = both(columns('rooms', 'r', ['id']), columns('broadcasts', 'b', ['broadcast_no']));
const ENDED_SINCE = read(
  'activity.ended_since',
  ENDED,
  sql`SELECT ${ENDED} FROM broadcasts b ${byIndex('broadcasts_by_end')}
    JOIN rooms r ON r.tenant = b.tenant AND r.room_id = b.room_id
    WHERE b.tenant = ${text('tenant')} AND b.ended_at >= ${int('since')}`,
);

/** Broadcasts that have ended since `since`, by the clock of the process that ended them. */
export function endedSince(db: Executor, tenant: string, since: number): Promise<(typeof ENDED)['row'][]> {
  return db.query(ENDED_SINCE, { tenant, since: since - CLOCKS_MS });
}

const DELETE_COUNTED = write('activity.delete_counted', 'safe', sql`DELETE FROM activity WHERE at < ${int('before')}`);

export async function deleteOldActivity(db: Executor, now: number): Promise<void> {
  await db.execute(DELETE_COUNTED, { before: now - 2 * UNCOUNTED_MS });
}
