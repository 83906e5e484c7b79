/** Settings of a tenant's review, and the numbers that tell every process what has changed since it looked last. */
import type { Executor } from '../engine/database';
import { onConflict } from '../engine/dialect';
import { columns, insertInto, read, type Sql, sql, write } from '../engine/sql';

const STATE = columns('review_settings', 'v', [
  'tenant',
  'settings',
  'settings_no',
  'words_no',
  'sanctions_no',
  'callback_at',
]);
export type ReviewState = (typeof STATE)['row'];

/** undefined: the tenant has used none of it. */
export async function findReviewState(db: Pick<Executor, 'query'>, tenant: string): Promise<ReviewState | undefined> {
  const statement = sql`SELECT ${STATE} FROM review_settings v WHERE v.tenant = ${tenant}`;
  return (await db.query(read('review.state', STATE, statement)))[0];
}

async function change(db: Executor, tenant: string, { name, set }: { name: string; set: Sql }): Promise<void> {
  const first = insertInto('review_settings', { tenant, settings: '{}', sanctions_no: 1, words_no: 1, settings_no: 1 });
  await db.execute(write(`review.${name}`, 'safe', sql`${first} ${onConflict('tenant', set)}`));
  db.changed('review');
}

/** Something was decided about somebody of this tenant, or taken back. */
export function noteSanctions(tx: Executor, tenant: string): Promise<void> {
  return change(tx, tenant, { name: 'note_sanctions', set: sql`sanctions_no = review_settings.sanctions_no + 1` });
}

/** The list of words is another one. The row stays locked until the commit, so that a limit on their number holds. */
export function noteWords(tx: Executor, tenant: string): Promise<void> {
  return change(tx, tenant, { name: 'note_words', set: sql`words_no = review_settings.words_no + 1` });
}

export async function storeReviewSettings(tx: Executor, tenant: string, settings: string): Promise<void> {
  await change(tx, tenant, { name: 'note_settings', set: sql`settings_no = review_settings.settings_no + 1` });
  const statement = sql`UPDATE review_settings SET settings = ${settings} WHERE tenant = ${tenant}`;
  await tx.execute(write('review.store_settings', 'safe', statement));
}

/** IM has asked before a message; nothing where a row says so since `unlessSince`. */
export async function noteCallback(
  db: Executor,
  at: { tenant: string; now: number; unlessSince: number },
): Promise<void> {
  const first = insertInto('review_settings', { tenant: at.tenant, settings: '{}', callback_at: at.now });
  const set = sql`callback_at = CASE WHEN review_settings.callback_at < ${at.unlessSince} THEN ${at.now}
    ELSE review_settings.callback_at END`;
  await db.execute(write('review.note_callback', 'safe', sql`${first} ${onConflict('tenant', set)}`));
}
