/**
 * Who signed in, signed up or entered a room within a time. The rows of sessions, users and members say it themselves (of
 * members: countPeople, entriesOfEnded); of those that are deleted while their time has not been counted, `activity` keeps
 * the number.
 */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, raw, read, type Sql, sql, write } from '../engine/sql';

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
export const UNCOUNTED_MS = 300_000;
/** The clocks of two processes do not differ by more (ms). */
const CLOCKS_MS = 60_000;

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

/** Before a user is deleted: their sign-up and their sign-ins. */
export async function keepActivityOf(tx: Executor, userId: number, now: number): Promise<void> {
  const since = now - UNCOUNTED_MS;
  const statement = sql`INSERT INTO activity (tenant, kind, at, n)
    SELECT u.tenant, 'sign_up', u.created_at, 1 FROM users u WHERE u.id = ${userId} AND u.created_at >= ${since}
    UNION ALL
    SELECT u.tenant, 'sign_in', s.created_at, 1 FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE s.user_id = ${userId} AND s.created_at >= ${since}`;
  await tx.execute(write('activity.keep_of_user', 'never', statement));
}

/** Who entered broadcasts that have ended since. Their members stay for so long: UNCOUNTED_MS. */
export function entriesOfEnded(db: Executor, tenant: string, span: Span): Promise<Activity> {
  const of = counts(raw('m.joined_at'), span);
  const from = sql`FROM broadcasts b ${byIndex(db, 'broadcasts_by_end')}
    JOIN rooms r ON r.tenant = b.tenant AND r.room_id = b.room_id
    JOIN members m ${byIndex(db, 'members_in_order')} ON m.room_pk = r.id AND m.broadcast_no = b.broadcast_no
    WHERE b.tenant = ${tenant} AND b.ended_at >= ${span.from - CLOCKS_MS} AND b.clean_at > 0
      AND m.joined_at >= ${span.from} AND m.joined_at < ${span.until}`;
  return one(db, 'activity.entries_of_ended', of, from);
}

const ENDED = both(columns('rooms', 'r', ['id']), columns('broadcasts', 'b', ['broadcast_no']));

/** Broadcasts that have ended since `since`, by the clock of whoever ended them. */
export function endedSince(db: Executor, tenant: string, since: number): Promise<(typeof ENDED)['row'][]> {
  const statement = sql`SELECT ${ENDED} FROM broadcasts b ${byIndex(db, 'broadcasts_by_end')}
    JOIN rooms r ON r.tenant = b.tenant AND r.room_id = b.room_id
    WHERE b.tenant = ${tenant} AND b.ended_at >= ${since - CLOCKS_MS}`;
  return db.query(read('activity.ended_since', ENDED, statement));
}

export async function deleteOldActivity(db: Executor, now: number): Promise<void> {
  const statement = sql`DELETE FROM activity WHERE at < ${now - 2 * UNCOUNTED_MS}`;
  await db.execute(write('activity.delete_counted', 'safe', statement));
}
