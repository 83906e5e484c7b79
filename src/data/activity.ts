/**
 * Who signed in, signed up or entered a room within a time. The rows of sessions, users and members say it themselves (of
 * members: sampleOpenRooms); of those that are deleted while their time has not been counted, `activity` keeps the number.
 */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { computed, raw, read, type Sql, sql, write } from './engine/sql';

export type ActivityKind = 'sign_in' | 'sign_up' | 'entry';

/** Milliseconds since 1970; `until` is not in it. `tail` begins a part at the end that is counted by itself too. */
export interface Span {
  from: number;
  tail: number;
  until: number;
}

export interface Activity {
  total: number;
  tail: number;
}

/** What is younger than this when it is deleted may not have been counted (ms): samples come every minute. */
const UNCOUNTED_MS = 300_000;

function counts(at: Sql, { tail }: Span) {
  return computed<Activity>({ total: sql`COUNT(*)`, tail: sql`COUNT(CASE WHEN ${at} >= ${tail} THEN 1 END)` });
}

async function one(
  db: Executor,
  name: `activity.${string}`,
  of: ReturnType<typeof counts>,
  from: Sql,
): Promise<Activity> {
  const [row] = await db.query(read(name, of, sql`SELECT ${of} ${from}`));
  return row ?? { total: 0, tail: 0 };
}

/** Sessions begun. They are found by their expiry, which nobody has moved back. */
export function signIns(db: Executor, tenant: string, span: Span & { sessionMs: number }): Promise<Activity> {
  const of = counts(raw('s.created_at'), span);
  const from = sql`FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.expires_at >= ${span.from + span.sessionMs}
    AND s.created_at >= ${span.from} AND s.created_at < ${span.until} AND u.tenant = ${tenant}`;
  return one(db, 'activity.sign_ins', of, from);
}

export function signUps(db: Executor, tenant: string, span: Span): Promise<Activity> {
  const of = counts(raw('u.created_at'), span);
  const from = sql`FROM users u WHERE u.created_at >= ${span.from} AND u.created_at < ${span.until}
    AND u.tenant = ${tenant}`;
  return one(db, 'activity.sign_ups', of, from);
}

/** Of rows that are not there any more. */
export async function keptActivity(
  db: Executor,
  tenant: string,
  span: Span & { kind: ActivityKind },
): Promise<Activity> {
  const of = computed<Activity>({
    total: sql`CAST(COALESCE(SUM(n), 0) AS SIGNED)`,
    tail: sql`CAST(COALESCE(SUM(CASE WHEN at >= ${span.tail} THEN n ELSE 0 END), 0) AS SIGNED)`,
  });
  const from = sql`FROM activity WHERE tenant = ${tenant} AND kind = ${span.kind}
    AND at >= ${span.from} AND at < ${span.until}`;
  const [row] = await db.query(read('activity.kept', of, sql`SELECT ${of} ${from}`));
  return row ?? { total: 0, tail: 0 };
}

/** Before sessions are deleted: `which` says which, of `sessions s`. */
export async function keepSignIns(tx: Executor, which: Sql, now: number): Promise<void> {
  const statement = sql`INSERT INTO activity (tenant, kind, at, n)
    SELECT u.tenant, 'sign_in', s.created_at, 1 FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE ${which} AND s.created_at >= ${now - UNCOUNTED_MS}`;
  await tx.execute(write('activity.keep_sign_ins', 'never', statement));
}

/** Before a user is deleted. */
export async function keepSignUp(tx: Executor, userId: number, now: number): Promise<void> {
  const statement = sql`INSERT INTO activity (tenant, kind, at, n)
    SELECT u.tenant, 'sign_up', u.created_at, 1 FROM users u
    WHERE u.id = ${userId} AND u.created_at >= ${now - UNCOUNTED_MS}`;
  await tx.execute(write('activity.keep_sign_up', 'never', statement));
}

/** When a broadcast ends, whose members nobody counts any more. By seconds, the grain in which time is counted. */
export async function keepEntries(tx: Executor, room: { id: number; broadcastNo: number }, now: number): Promise<void> {
  const second = raw('m.joined_at - m.joined_at % 1000');
  const statement = sql`INSERT INTO activity (tenant, kind, at, n)
    SELECT r.tenant, 'entry', ${second}, COUNT(*) FROM rooms r JOIN members m ${byIndex(tx, 'members_in_order')}
    ON m.room_pk = r.id AND m.broadcast_no = ${room.broadcastNo} AND m.present IN (0, 1)
    AND m.joined_at >= ${now - UNCOUNTED_MS} WHERE r.id = ${room.id} GROUP BY r.tenant, ${second}`;
  await tx.execute(write('activity.keep_entries', 'never', statement));
}

export async function deleteOldActivity(db: Executor, now: number): Promise<void> {
  const statement = sql`DELETE FROM activity WHERE at < ${now - 2 * UNCOUNTED_MS}`;
  await db.execute(write('activity.delete_counted', 'safe', statement));
}
