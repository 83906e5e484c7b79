/**
 * What IM was told last about an account, so that it is not told again, and how often: the first change goes immediately, more
 * of them at most once a minute. The work that is done then reads the newest value, so the last one wins.
 */
import { createHash } from 'node:crypto';
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK, ifMissing } from '../engine/dialect';
import { assign, columns, insertInto, list, read, sql, write } from '../engine/sql';

/** Least time between two calls about one subject (ms). */
export const PAUSE_MS = 60_000;

/** `profile`: name and picture of a user. `mute`: whether a user may speak in one broadcast. */
export interface Subject {
  kind: 'profile' | 'mute';
  tenant: string;
  /** Of a profile the user's id; of a mute room, broadcast and user. */
  name: string;
}

function idOf({ kind, tenant, name }: Subject): string {
  return createHash('sha256').update(`${kind} ${tenant} ${name}`).digest('base64url');
}

/** Texts of users are not kept. */
function keyOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

const SAID = columns('im_said', 'i', ['said', 'said_at', 'planned_at', 'fields']);

async function find(db: Executor, subject: Subject, lock = false) {
  const statement = sql`SELECT ${SAID} FROM im_said i WHERE i.id = ${idOf(subject)} ${lock ? EXCLUSIVE_LOCK : sql``}`;
  return (await db.query(read('im_said.find', SAID, statement)))[0];
}

/**
 * Inside a transaction: when work about the subject may be done (ms). undefined: work is planned that will read what this
 * transaction writes. `fields`: bits that this change adds to those that IM is told about.
 */
export async function planTelling(
  tx: Executor,
  subject: Subject,
  { now, fields = 0 }: { now: number; fields?: number },
): Promise<number | undefined> {
  const row = { id: idOf(subject), said: '', said_at: 0, planned_at: 0, fields: 0 };
  await tx.execute(write('im_said.begin', 'safe', ifMissing(insertInto('im_said', row), 'id')));
  const known = await find(tx, subject, true);
  const due = Math.max(now, (known?.said_at ?? 0) + PAUSE_MS);
  const isPlanned = known !== undefined && known.planned_at > known.said_at && known.planned_at <= due;
  const set = sql`fields = fields | ${fields}, planned_at = ${isPlanned ? known.planned_at : due}`;
  await tx.execute(write('im_said.plan', 'safe', sql`UPDATE im_said SET ${set} WHERE id = ${idOf(subject)}`));
  return isPlanned ? undefined : due;
}

/** Takes the minute of the subject; gives the time at which the next one begins if it is taken, and the fields. */
export async function takeMinute(
  db: Executor,
  subject: Subject,
  now: number,
): Promise<{ notBefore: number } | { fields: number }> {
  const statement = sql`UPDATE im_said SET said_at = ${now} WHERE id = ${idOf(subject)} AND said_at <= ${now - PAUSE_MS}`;
  const { affected } = await db.execute(write('im_said.take_minute', 'never', statement));
  const known = await find(db, subject);
  return affected > 0 || !known ? { fields: known?.fields ?? 0 } : { notBefore: known.said_at + PAUSE_MS };
}

/** Whether IM was told this value last. */
export async function wasSaid(db: Executor, subject: Subject, value: string): Promise<boolean> {
  return (await find(db, subject))?.said === keyOf(value);
}

/** IM was told `value`. */
export async function noteSaid(db: Executor, subject: Subject, { value, now }: { value: string; now: number }) {
  const row = { id: idOf(subject), said: '', said_at: now, planned_at: 0, fields: 0 };
  await db.execute(write('im_said.begin', 'safe', ifMissing(insertInto('im_said', row), 'id')));
  const set = assign('im_said', { said: keyOf(value), said_at: now });
  await db.execute(write('im_said.note', 'safe', sql`UPDATE im_said SET ${set} WHERE id = ${idOf(subject)}`));
}

const OLD = columns('im_said', 'i', ['id']);

/** Gives the number of deleted rows, `limit` at most. */
export async function deleteOldSayings(db: Executor, before: number, limit: number): Promise<number> {
  const old = sql`SELECT ${OLD} FROM im_said i WHERE i.said_at < ${before} ORDER BY i.said_at LIMIT ${limit}`;
  const rows = await db.query(read('im_said.old', OLD, old));
  if (rows.length === 0) return 0;
  const statement = sql`DELETE FROM im_said WHERE id IN (${list(rows.map(({ id }) => id))}) AND said_at < ${before}`;
  return (await db.execute(write('im_said.delete_old', 'safe', statement))).affected;
}
