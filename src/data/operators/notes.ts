/** Notes of operators on users, and the reasons that operators use often. */
import type { Executor } from '../engine/database';
import { columns, insertAllInto, insertInto, int, read, sql, text, write } from '../engine/sql';

type Reader = Pick<Executor, 'query'>;

const NOTE = columns('user_notes', 'n', ['id', 'user_id', 'text', 'by_name', 'created_at']);
export type NoteRow = (typeof NOTE)['row'];

const LIST = read(
  'user_notes.list',
  NOTE,
  sql`SELECT ${NOTE} FROM user_notes n WHERE n.user_id = ${int('userId')} ORDER BY n.id DESC LIMIT 100`,
);

/** Newest first, 100 at most, which is the limit per user. */
export function notesOf(db: Reader, userId: number): Promise<NoteRow[]> {
  return db.query(LIST, { userId });
}

const FIND = read(
  'user_notes.find',
  NOTE,
  sql`SELECT ${NOTE} FROM user_notes n WHERE n.id = ${int('id')} AND n.tenant = ${text('tenant')}`,
);

export async function findNote(db: Reader, tenant: string, id: number): Promise<NoteRow | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const ADD = write(
  'user_notes.add',
  'never',
  insertInto('user_notes', ['tenant', 'user_id', 'text', 'by_name', 'created_at']),
);

/** Gives its id. */
export async function addNote(
  tx: Executor,
  note: { tenant: string; userId: number; text: string; by: string; now: number },
): Promise<number> {
  const { tenant, userId, text: written, by, now } = note;
  const row = { tenant, user_id: userId, text: written, by_name: by, created_at: now };
  return (await tx.execute(ADD, row)).insertId;
}

const REMOVE = write('user_notes.remove', 'safe', sql`DELETE FROM user_notes WHERE id = ${int('id')}`);

export async function removeNote(tx: Executor, id: number): Promise<void> {
  await tx.execute(REMOVE, { id });
}

const REASON = columns('operator_reasons', 'o', ['text']);
const LIST_REASONS = read(
  'operator_reasons.list',
  REASON,
  sql`SELECT ${REASON} FROM operator_reasons o WHERE o.tenant = ${text('tenant')} ORDER BY o.place`,
);

export async function listReasons(db: Reader, tenant: string): Promise<string[]> {
  return (await db.query(LIST_REASONS, { tenant })).map((row) => row.text);
}

const CLEAR_REASONS = write(
  'operator_reasons.clear',
  'safe',
  sql`DELETE FROM operator_reasons WHERE tenant = ${text('tenant')}`,
);
const ADD_REASONS = write(
  'operator_reasons.add',
  'never',
  insertAllInto('reasons', 'operator_reasons', ['tenant', 'place', 'text']),
);

export async function replaceReasons(tx: Executor, tenant: string, reasons: readonly string[]): Promise<void> {
  await tx.execute(CLEAR_REASONS, { tenant });
  if (reasons.length === 0) return;
  await tx.execute(ADD_REASONS, { reasons: reasons.map((reason, place) => ({ tenant, place, text: reason })) });
}
