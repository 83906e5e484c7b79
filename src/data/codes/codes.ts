/** The newest code of each phone number and mail address: replaced by the next, tried a few times, used once. */
import type { Executor } from '../engine/database';
import { ifMissing } from '../engine/dialect';
import { columns, int, read, sql, text, texts, write } from '../engine/sql';

export interface CodeKey {
  tenant: string;
  addressKey: string;
}

const CODE = columns('sign_in_codes', '', ['session', 'code_hash', 'tries', 'sent_at', 'used_at', 'used_by']);
const IS_ADDRESS = sql`tenant = ${text('tenant')} AND address_key = ${text('addressKey')}`;
const PREPARE = write(
  'sign_in_codes.prepare',
  'safe',
  ifMissing(
    sql`INSERT INTO sign_in_codes (tenant, address_key, session, code_hash, tries, sent_at, used_at, used_by)
      VALUES (${text('tenant')}, ${text('addressKey')}, '', '', 0, 0, 0, '')`,
    'tenant',
  ),
);

/** The row to replace: the existing one, or one without a message. */
export async function prepareCode(db: Executor, { tenant, addressKey }: CodeKey): Promise<void> {
  await db.execute(PREPARE, { tenant, addressKey });
}

export interface NewCode extends CodeKey {
  session: string;
  codeHash: string;
  now: number;
  /** Milliseconds within which an earlier code stays, and this one is not sent. */
  intervalMs: number;
}

const REPLACE = write(
  'sign_in_codes.replace',
  'never',
  sql`UPDATE sign_in_codes SET session = ${text('session')}, code_hash = ${text('codeHash')}, tries = 0,
      sent_at = ${int('now')}, used_at = 0, used_by = ''
    WHERE ${IS_ADDRESS} AND (sent_at <= ${int('before')} OR sent_at > ${int('ahead')})`,
);

/** Whether the code took the place of the one before it. Of many at the same time, one does. */
export async function replaceCode(tx: Executor, code: NewCode): Promise<boolean> {
  const { now, intervalMs } = code;
  const values = { ...code, before: now - intervalMs, ahead: now + intervalMs };
  return (await tx.execute(REPLACE, values)).affected > 0;
}

/** Sent so recently that another one has to wait. A time in the future comes from a clock that was ahead. */
export function isFresh({ sent_at }: { sent_at: number }, { now, intervalMs }: Pick<NewCode, 'now' | 'intervalMs'>) {
  return sent_at > now - intervalMs && sent_at <= now + intervalMs;
}

const FIND = read('sign_in_codes.find', CODE, sql`SELECT ${CODE} FROM sign_in_codes WHERE ${IS_ADDRESS}`);

export async function findCode(db: Executor, { tenant, addressKey }: CodeKey) {
  return (await db.query(FIND, { tenant, addressKey }))[0];
}

export interface Try extends CodeKey {
  session: string;
  most: number;
  /** Codes sent before this are too old. */
  sentAfter: number;
}

const TRY = write(
  'sign_in_codes.try',
  'never',
  sql`UPDATE sign_in_codes SET tries = tries + 1 WHERE ${IS_ADDRESS} AND session = ${text('session')}
    AND used_at = 0 AND tries < ${int('most')} AND sent_at > ${int('sentAfter')}`,
);

/** Counts one attempt at a fresh, unused code. False, and nothing is counted, if none is left. */
export async function takeTry(db: Executor, attempt: Try): Promise<boolean> {
  return (await db.execute(TRY, attempt)).affected > 0;
}

const USE = write(
  'sign_in_codes.use',
  'never',
  sql`UPDATE sign_in_codes SET used_at = ${int('now')}
    WHERE ${IS_ADDRESS} AND session = ${text('session')} AND used_at = 0`,
);

/** Whether the code was unused until now. Of concurrent calls, one uses it. */
export async function consumeCode(tx: Executor, key: CodeKey & { session: string }, now: number): Promise<boolean> {
  return (await tx.execute(USE, { ...key, now })).affected > 0;
}

const KEY = columns('sign_in_codes', '', ['tenant', 'address_key']);
const FIND_OLD = read(
  'sign_in_codes.old',
  KEY,
  sql`SELECT ${KEY} FROM sign_in_codes WHERE sent_at < ${int('before')} LIMIT ${int('most')}`,
);
// Uses the whole key, because a part of it has no index.
const DELETE_OLD = write(
  'sign_in_codes.delete_old',
  'safe',
  sql`DELETE FROM sign_in_codes
      WHERE tenant = ${text('tenant')} AND address_key IN (${texts('keys')}) AND sent_at < ${int('before')}`,
);

/** The number found; `most` if there may be more. */
export async function deleteOldCodes(db: Executor, before: number, most: number): Promise<number> {
  const old = await db.query(FIND_OLD, { before, most });
  for (const tenant of new Set(old.map((row) => row.tenant))) {
    const keys = old.flatMap((row) => (row.tenant === tenant ? row.address_key : []));
    await db.execute(DELETE_OLD, { tenant, keys, before });
  }
  return old.length;
}
