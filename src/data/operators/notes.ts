/** Notes of operators on users, and the reasons that operators use often. */
import type { Executor } from '../engine/database';
import { columns, insertInto, read, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query'>;

const NOTE = columns('user_notes', 'n', ['id', 'user_id', 'text', 'by_name', 'created_at']);
export type NoteRow = (typeof NOTE)['row'];

/** Newest first, 100 at most: there are no more of one user. */
export function notesOf(db: Reader, userId: number): Promise<NoteRow[]> {
  const statement = sql`SELECT ${NOTE} FROM user_notes n WHERE n.user_id = ${userId} ORDER BY n.id DESC LIMIT 100`;
  return db.query(read('user_notes.list', NOTE, statement));
}

export async function findNote(db: Reader, tenant: string, id: number): Promise<NoteRow | undefined> {
  const statement = sql`SELECT ${NOTE} FROM user_notes n WHERE n.id = ${id} AND n.tenant = ${tenant}`;
  return (await db.query(read('user_notes.find', NOTE, statement)))[0];
}

/** Gives its id. */
export async function addNote(
  tx: Executor,
  note: { tenant: string; userId: number; text: string; by: string; now: number },
): Promise<number> {
  const { tenant, userId, text, by, now } = note;
  const row = insertInto('user_notes', { tenant, user_id: userId, text, by_name: by, created_at: now });
  return (await tx.execute(write('user_notes.add', 'never', row))).insertId;
}

export async function removeNote(tx: Executor, id: number): Promise<void> {
  await tx.execute(write('user_notes.remove', 'safe', sql`DELETE FROM user_notes WHERE id = ${id}`));
}

const REASON = columns('operator_reasons', 'o', ['text']);

export async function listReasons(db: Reader, tenant: string): Promise<string[]> {
  const statement = sql`SELECT ${REASON} FROM operator_reasons o WHERE o.tenant = ${tenant} ORDER BY o.place`;
  return (await db.query(read('operator_reasons.list', REASON, statement))).map(({ text }) => text);
}

export async function replaceReasons(tx: Executor, tenant: string, texts: readonly string[]): Promise<void> {
  await tx.execute(write('operator_reasons.clear', 'safe', sql`DELETE FROM operator_reasons WHERE tenant = ${tenant}`));
  if (texts.length === 0) return;
  const rows = texts.map((text, place) => ({ tenant, place, text }));
  await tx.execute(write('operator_reasons.add', 'never', insertInto('operator_reasons', ...rows)));
}
