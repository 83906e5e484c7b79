/** What sanctioned people say against their sanctions: one open appeal per sanction. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, insertInto, join, read, type Sql, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

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

/** The newest appeal against a sanction. */
export async function lastAppeal(db: Reader, sanctionId: number): Promise<AppealRow | undefined> {
  const statement = sql`SELECT ${APPEAL} FROM appeals p ${byIndex('appeals_of_sanction')}
    WHERE p.sanction_id = ${sanctionId} ORDER BY p.id DESC LIMIT 1`;
  return (await db.query(read('appeals.last', APPEAL, statement)))[0];
}

/** The user's row must be locked: two calls at the same time are one appeal. */
export async function addAppeal(
  tx: Executor,
  appeal: { tenant: string; sanctionId: number; userId: number; message: string; now: number },
): Promise<void> {
  const { tenant, sanctionId, userId, message, now } = appeal;
  const row = insertInto('appeals', { tenant, sanction_id: sanctionId, user_id: userId, message, created_at: now });
  await tx.execute(write('appeals.add', 'never', row));
}

export async function findAppeal(db: Reader, tenant: string, id: number): Promise<AppealRow | undefined> {
  const statement = sql`SELECT ${APPEAL} FROM appeals p WHERE p.id = ${id} AND p.tenant = ${tenant}`;
  return (await db.query(read('appeals.find', APPEAL, statement)))[0];
}

/** Newest first. */
export function listAppeals(
  db: Reader,
  filter: { tenant: string; state: string; userId?: number | undefined },
  page: { before: number | undefined; limit: number },
): Promise<AppealRow[]> {
  const { tenant, state, userId } = filter;
  const conditions: Sql[] = [sql`p.tenant = ${tenant}`, sql`p.state = ${state}`];
  if (userId !== undefined) conditions.push(sql`p.user_id = ${userId}`);
  if (page.before !== undefined) conditions.push(sql`p.id < ${page.before}`);
  const hint = byIndex(userId === undefined ? 'appeals_in_state' : 'appeals_of_user');
  const statement = sql`SELECT ${APPEAL} FROM appeals p ${hint} WHERE ${join(conditions, ' AND ')}
    ORDER BY p.id DESC LIMIT ${page.limit}`;
  return db.query(read('appeals.list', APPEAL, statement));
}

/** False where it was resolved before. */
export async function resolveAppeal(
  tx: Executor,
  id: number,
  resolution: { verdict: string; reason: string; by: string; now: number },
): Promise<boolean> {
  const { verdict, reason, by, now } = resolution;
  const statement = sql`UPDATE appeals SET state = 'done', verdict = ${verdict}, reason = ${reason},
    resolved_by = ${by}, resolved_at = ${now} WHERE id = ${id} AND state = 'open'`;
  return (await tx.execute(write('appeals.resolve', 'safe', statement))).affected > 0;
}
