/**
 * The last values of an account sent to a vendor, so that they are not sent again, and how often: the first change goes immediately, more
 * of them at most once a minute. The work that is done then reads the newest value, so the last one wins.
 */
import { createHash } from 'node:crypto';
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK, ifMissing } from '../engine/dialect';
import { columns, insertInto, int, read, sql, text, texts, write } from '../engine/sql';

/** Least time between two calls about one subject (ms). */
export const PAUSE_MS = 60_000;

/**
 * `profile`: name and picture of a user. `mute`: whether a user may speak in one broadcast. `picture`: a cover or avatar that
 * the reviewing vendor is asked about.
 */
export interface Subject {
  kind: 'profile' | 'mute' | 'picture';
  tenant: string;
  /** The user's id for a profile; room, broadcast and user for a mute; the kind of picture and its room or user. */
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

const FIND_TEXT = sql`SELECT ${SAID} FROM im_said i WHERE i.id = ${text('id')}`;
const FIND = read('im_said.find', SAID, FIND_TEXT);
const FIND_LOCKED = read('im_said.find', SAID, sql`${FIND_TEXT} ${EXCLUSIVE_LOCK}`);
const BEGIN = write(
  'im_said.begin',
  'safe',
  ifMissing(insertInto('im_said', ['id', 'said', 'said_at', 'planned_at', 'fields']), 'id'),
);
const NOTHING_SAID = { said: '', said_at: 0, planned_at: 0, fields: 0 };
const PLAN = write(
  'im_said.plan',
  'safe',
  sql`UPDATE im_said SET fields = fields | ${int('fields')}, planned_at = ${int('plannedAt')} WHERE id = ${text('id')}`,
);

/**
 * Runs in a transaction: the time at which work about the subject may run (ms). undefined: planned work will read the values that this
 * transaction writes. `fields`: bits that this change adds to those that IM is told about.
 */
export async function planTelling(
  tx: Executor,
  subject: Subject,
  { now, fields = 0 }: { now: number; fields?: number },
): Promise<number | undefined> {
  const id = idOf(subject);
  await tx.execute(BEGIN, { id, ...NOTHING_SAID });
  const [known] = await tx.query(FIND_LOCKED, { id });
  const due = Math.max(now, (known?.said_at ?? 0) + PAUSE_MS);
  const isPlanned = known !== undefined && known.planned_at > known.said_at && known.planned_at <= due;
  await tx.execute(PLAN, { id, fields, plannedAt: isPlanned ? known.planned_at : due });
  return isPlanned ? undefined : due;
}

const TAKE_MINUTE = write(
  'im_said.take_minute',
  'never',
  sql`UPDATE im_said SET said_at = ${int('now')} WHERE id = ${text('id')} AND said_at <= ${int('before')}`,
);

/** Takes the minute of the subject; gives the time at which the next one begins if it is taken, and the fields. */
export async function takeMinute(
  db: Executor,
  subject: Subject,
  now: number,
): Promise<{ notBefore: number } | { fields: number }> {
  const id = idOf(subject);
  const { affected } = await db.execute(TAKE_MINUTE, { id, now, before: now - PAUSE_MS });
  const [known] = await db.query(FIND, { id });
  return affected > 0 || !known ? { fields: known?.fields ?? 0 } : { notBefore: known.said_at + PAUSE_MS };
}

/** Whether this value was the last one sent to IM. */
export async function wasSaid(db: Executor, subject: Subject, value: string): Promise<boolean> {
  const [known] = await db.query(FIND, { id: idOf(subject) });
  return known?.said === keyOf(value);
}

const NOTE = write(
  'im_said.note',
  'safe',
  sql`UPDATE im_said SET said = ${text('said')}, said_at = ${int('now')} WHERE id = ${text('id')}`,
);

/** Stores that `value` was sent to IM. */
export async function noteSaid(db: Executor, subject: Subject, { value, now }: { value: string; now: number }) {
  const id = idOf(subject);
  await db.execute(BEGIN, { ...NOTHING_SAID, id, said_at: now });
  await db.execute(NOTE, { id, said: keyOf(value), now });
}

const OLD = columns('im_said', 'i', ['id']);
const FIND_OLD = read(
  'im_said.old',
  OLD,
  sql`SELECT ${OLD} FROM im_said i WHERE i.said_at < ${int('before')} ORDER BY i.said_at LIMIT ${int('limit')}`,
);
const DELETE_OLD = write(
  'im_said.delete_old',
  'safe',
  sql`DELETE FROM im_said WHERE id IN (${texts('ids')}) AND said_at < ${int('before')}`,
);

/** Gives the number of deleted rows, `limit` at most. */
export async function deleteOldSayings(db: Executor, before: number, limit: number): Promise<number> {
  const ids = (await db.query(FIND_OLD, { before, limit })).map(({ id }) => id);
  return ids.length === 0 ? 0 : (await db.execute(DELETE_OLD, { ids, before })).affected;
}

const FORGET = write('im_said.forget', 'safe', sql`DELETE FROM im_said WHERE id = ${text('id')}`);

/** Another account may get the name of a deleted one: IM does not know it. */
export async function forgetSaid(db: Executor, subject: Subject): Promise<void> {
  await db.execute(FORGET, { id: idOf(subject) });
}
