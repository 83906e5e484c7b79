/** The newest code of each phone number and mail address: replaced by the next, tried a few times, used once. */
import type { Executor } from '../engine/database';
import { ifMissing } from '../engine/dialect';
import { assign, columns, insertInto, list, read, sql, write } from '../engine/sql';

export interface CodeKey {
  tenant: string;
  addressKey: string;
}

const CODE = columns('sign_in_codes', '', ['session', 'code_hash', 'tries', 'sent_at', 'used_at', 'used_by']);
const where = ({ tenant, addressKey }: CodeKey) => sql`tenant = ${tenant} AND address_key = ${addressKey}`;

/** A row to replace: the one that is there, or one in which nothing was sent. */
export async function prepareCode(db: Executor, { tenant, addressKey }: CodeKey): Promise<void> {
  const row = { tenant, address_key: addressKey, session: '', code_hash: '', tries: 0, sent_at: 0, used_at: 0 };
  const statement = ifMissing(insertInto('sign_in_codes', { ...row, used_by: '' }), 'tenant');
  await db.execute(write('sign_in_codes.prepare', 'safe', statement));
}

export interface NewCode extends CodeKey {
  session: string;
  codeHash: string;
  now: number;
  /** One that was sent within so many milliseconds stays, and this one is not to be sent. */
  intervalMs: number;
}

/** Whether the code took the place of the one before it. Of many at once, one does. */
export async function replaceCode(tx: Executor, code: NewCode): Promise<boolean> {
  const { session, codeHash, now, intervalMs } = code;
  const values = { session, code_hash: codeHash, tries: 0, sent_at: now, used_at: 0, used_by: '' };
  const statement = sql`UPDATE sign_in_codes SET ${assign('sign_in_codes', values)}
    WHERE ${where(code)} AND (sent_at <= ${now - intervalMs} OR sent_at > ${now + intervalMs})`;
  return (await tx.execute(write('sign_in_codes.replace', 'never', statement))).affected > 0;
}

/** Sent so short a time ago that another one has to wait. One of the future is of a clock that was ahead. */
export function isFresh({ sent_at }: { sent_at: number }, { now, intervalMs }: Pick<NewCode, 'now' | 'intervalMs'>) {
  return sent_at > now - intervalMs && sent_at <= now + intervalMs;
}

export async function findCode(db: Executor, key: CodeKey) {
  const rows = await db.query(
    read('sign_in_codes.find', CODE, sql`SELECT ${CODE} FROM sign_in_codes WHERE ${where(key)}`),
  );
  return rows[0];
}

export interface Try extends CodeKey {
  session: string;
  most: number;
  /** Codes sent before this are too old. */
  sentAfter: number;
}

/** Counts one attempt at a fresh, unused code. False, and nothing is counted, if none is left. */
export async function takeTry(db: Executor, attempt: Try): Promise<boolean> {
  const { session, most, sentAfter } = attempt;
  const statement = sql`UPDATE sign_in_codes SET tries = tries + 1 WHERE ${where(attempt)} AND session = ${session}
    AND used_at = 0 AND tries < ${most} AND sent_at > ${sentAfter}`;
  return (await db.execute(write('sign_in_codes.try', 'never', statement))).affected > 0;
}

/** Whether the code was unused until now. Of concurrent calls, one uses it. */
export async function consumeCode(tx: Executor, key: CodeKey & { session: string }, now: number): Promise<boolean> {
  const statement = sql`UPDATE sign_in_codes SET used_at = ${now}
    WHERE ${where(key)} AND session = ${key.session} AND used_at = 0`;
  return (await tx.execute(write('sign_in_codes.use', 'never', statement))).affected > 0;
}

/** The number found; `most` if there may be more. */
export async function deleteOldCodes(db: Executor, before: number, most: number): Promise<number> {
  const KEY = columns('sign_in_codes', '', ['tenant', 'address_key']);
  const old = await db.query(
    read('sign_in_codes.old', KEY, sql`SELECT ${KEY} FROM sign_in_codes WHERE sent_at < ${before} LIMIT ${most}`),
  );
  for (const tenant of new Set(old.map((row) => row.tenant))) {
    const keys = list(old.flatMap((row) => (row.tenant === tenant ? row.address_key : [])));
    // By the whole key, for a part of it has no index.
    const statement = sql`DELETE FROM sign_in_codes
      WHERE tenant = ${tenant} AND address_key IN (${keys}) AND sent_at < ${before}`;
    await db.execute(write('sign_in_codes.delete_old', 'safe', statement));
  }
  return old.length;
}
