/** What sanctioned people say against their sanctions: one open appeal per sanction. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, insertInto, int, nullable, raw, read, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

const APPEAL = columns('appeals', 'p', [
  'id',
  'sanction_id',
  'user_id',
  'message',
  'created_at',
  'state',
  'verdict',
  'reason',
  'resolved_by',
]);
export type AppealRow = (typeof APPEAL)['row'];

const NAMED = both(APPEAL, nullable(computed<{ name: string }>({ name: raw('u.name') })));
export type NamedAppealRow = (typeof NAMED)['row'];

const LAST = read(
  'appeals.last',
  APPEAL,
  sql`SELECT ${APPEAL} FROM appeals p ${byIndex('appeals_of_sanction')}
    WHERE p.sanction_id = ${int('sanctionId')} ORDER BY p.id DESC LIMIT 1`,
);

/** The newest appeal against a sanction. */
export async function lastAppeal(db: Reader, sanctionId: number): Promise<AppealRow | undefined> {
  return (await db.query(LAST, { sanctionId }))[0];
}

const ADD = write(
  'appeals.add',
  'never',
  insertInto('appeals', ['tenant', 'sanction_id', 'user_id', 'message', 'created_at']),
);

/** The user's row must be locked: two calls at the same time are one appeal. */
export async function addAppeal(
  tx: Executor,
  appeal: { tenant: string; sanctionId: number; userId: number; message: string; now: number },
): Promise<void> {
  const { tenant, sanctionId, userId, message, now } = appeal;
  await tx.execute(ADD, { tenant, sanction_id: sanctionId, user_id: userId, message, created_at: now });
}

const FIND = read(
  'appeals.find',
  APPEAL,
  sql`SELECT ${APPEAL} FROM appeals p WHERE p.id = ${int('id')} AND p.tenant = ${text('tenant')}`,
);

export async function findAppeal(db: Reader, tenant: string, id: number): Promise<AppealRow | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

interface Page {
  tenant: string;
  state: string;
  userId?: number | undefined;
  before: number | undefined;
  limit: number;
}

const listing = variants(({ has, and }: Shape<Page>) =>
  read(
    'appeals.list',
    NAMED,
    sql`SELECT ${NAMED} FROM appeals p ${byIndex(has('userId') ? 'appeals_of_user' : 'appeals_in_state')}
      LEFT JOIN users u ON u.id = p.user_id
    WHERE p.tenant = ${text('tenant')} AND p.state = ${text('state')} ${and('userId', sql`p.user_id = ${int('userId')}`)}
      ${and('before', sql`p.id < ${int('before')}`)} ORDER BY p.id DESC LIMIT ${int('limit')}`,
  ),
);

/** Newest first. */
export function listAppeals(
  db: Reader,
  filter: Omit<Page, 'before' | 'limit'>,
  page: Pick<Page, 'before' | 'limit'>,
): Promise<NamedAppealRow[]> {
  const values = { ...filter, ...page };
  return db.query(listing(values), values);
}

const RESOLVE = write(
  'appeals.resolve',
  'safe',
  sql`UPDATE appeals SET state = 'done', verdict = ${text('verdict')}, reason = ${text('reason')},
    resolved_by = ${text('by')}, resolved_at = ${int('now')} WHERE id = ${int('id')} AND state = 'open'`,
);

/** False if it was resolved before. */
export async function resolveAppeal(
  tx: Executor,
  id: number,
  resolution: { verdict: string; reason: string; by: string; now: number },
): Promise<boolean> {
  return (await tx.execute(RESOLVE, { id, ...resolution })).affected > 0;
}
