/** Settings of a tenant's review, and the version numbers by which every process finds changes since its last read. */
import type { Executor } from '../engine/database';
import { onConflict } from '../engine/dialect';
import { columns, int, raw, read, sql, text, type Write, write } from '../engine/sql';

const STATE = columns('review_settings', 'v', [
  'tenant',
  'settings',
  'settings_no',
  'words_no',
  'sanctions_no',
  'callback_at',
]);
export type ReviewState = (typeof STATE)['row'];

const FIND = read(
  'review.state',
  STATE,
  sql`SELECT ${STATE} FROM review_settings v WHERE v.tenant = ${text('tenant')}`,
);

/** undefined: the tenant has used none of it. */
export async function findReviewState(db: Pick<Executor, 'query'>, tenant: string): Promise<ReviewState | undefined> {
  return (await db.query(FIND, { tenant }))[0];
}

/** Makes the tenant's row, or counts on in it. */
function noting(name: Write['name'], count: string) {
  const set = raw(`${count} = review_settings.${count} + 1`);
  const first = sql`INSERT INTO review_settings (tenant, settings, sanctions_no, words_no, settings_no)
    VALUES (${text('tenant')}, '{}', 1, 1, 1)`;
  return write(name, 'safe', sql`${first} ${onConflict('tenant', set)}`);
}

const NOTE_SANCTIONS = noting('review.note_sanctions', 'sanctions_no');
const NOTE_WORDS = noting('review.note_words', 'words_no');
const NOTE_SETTINGS = noting('review.note_settings', 'settings_no');

/** A sanction of this tenant's was imposed or lifted. */
export async function noteSanctions(tx: Executor, tenant: string): Promise<void> {
  await tx.execute(NOTE_SANCTIONS, { tenant });
  tx.changed('review');
}

/** The list of words has changed. The row stays locked until the commit, so that the limit of their number applies. */
export async function noteWords(tx: Executor, tenant: string): Promise<void> {
  await tx.execute(NOTE_WORDS, { tenant });
  tx.changed('review');
}

const STORE_SETTINGS = write(
  'review.store_settings',
  'safe',
  sql`UPDATE review_settings SET settings = ${text('settings')} WHERE tenant = ${text('tenant')}`,
);

export async function storeReviewSettings(tx: Executor, tenant: string, settings: string): Promise<void> {
  await tx.execute(NOTE_SETTINGS, { tenant });
  await tx.execute(STORE_SETTINGS, { tenant, settings });
  tx.changed('review');
}

const FIRST_CALLBACK = sql`INSERT INTO review_settings (tenant, settings, callback_at)
  VALUES (${text('tenant')}, '{}', ${int('now')})`;
const SET_CALLBACK = sql`callback_at = CASE WHEN review_settings.callback_at < ${int('unlessSince')} THEN ${int('now')}
    ELSE review_settings.callback_at END`;
const NOTE_CALLBACK = write(
  'review.note_callback',
  'safe',
  sql`${FIRST_CALLBACK} ${onConflict('tenant', SET_CALLBACK)}`,
);

/** IM has asked before a message; nothing changes if a row says so since `unlessSince`. */
export async function noteCallback(
  db: Executor,
  at: { tenant: string; now: number; unlessSince: number },
): Promise<void> {
  await db.execute(NOTE_CALLBACK, at);
}
