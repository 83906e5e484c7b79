/** The audit: rows are added, read, and deleted when they are old. There is no statement that changes one. */

import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, insertInto, join, read, type Sql, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

/** Lengths of the columns, in characters. */
const MAX_VALUES = 512;

const ENTRY = columns('audit', 'a', [
  'id',
  'at',
  'operator',
  'action',
  'room_id',
  'user_id',
  'reason',
  'before_text',
  'after_text',
  'request_id',
  'address',
]);
export type AuditRow = (typeof ENTRY)['row'];

export interface NewAuditRow extends Omit<AuditRow, 'id'> {
  tenant: string;
}

export async function appendAudit(tx: Executor, row: NewAuditRow): Promise<void> {
  const { before_text, after_text, ...rest } = row;
  const values = {
    ...rest,
    before_text: before_text.slice(0, MAX_VALUES),
    after_text: after_text.slice(0, MAX_VALUES),
  };
  await tx.execute(write('audit.append', 'never', insertInto('audit', values)));
}

export interface AuditFilter {
  tenant: string;
  roomId?: string | undefined;
  userId?: string | undefined;
  operator?: string | undefined;
  action?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

export interface AuditPlace {
  at: number;
  id: number;
}

/** The index that has the rows of the most selective filter in order. */
function indexOf({ roomId, userId, operator, action }: AuditFilter): string {
  if (userId !== undefined) return 'audit_by_user';
  if (roomId !== undefined) return 'audit_by_room';
  if (operator !== undefined) return 'audit_by_operator';
  return action === undefined ? 'audit_in_order' : 'audit_by_action';
}

function conditionsOf(filter: AuditFilter): Sql[] {
  const conditions: Sql[] = [sql`a.tenant = ${filter.tenant}`];
  if (filter.userId !== undefined) conditions.push(sql`a.user_id = ${filter.userId}`);
  if (filter.roomId !== undefined) conditions.push(sql`a.room_id = ${filter.roomId}`);
  if (filter.operator !== undefined) conditions.push(sql`a.operator = ${filter.operator}`);
  if (filter.action !== undefined) conditions.push(sql`a.action = ${filter.action}`);
  if (filter.from !== undefined) conditions.push(sql`a.at >= ${filter.from}`);
  if (filter.to !== undefined) conditions.push(sql`a.at < ${filter.to}`);
  return conditions;
}

export function countAudit(db: Reader, filter: AuditFilter, most: number): Promise<number> {
  const from = sql`FROM audit a ${byIndex(indexOf(filter))} WHERE ${join(conditionsOf(filter), ' AND ')}`;
  return countUpTo(db, 'audit.count', { from, most });
}

/** Newest first. */
export function listAudit(
  db: Reader,
  filter: AuditFilter,
  page: { after: AuditPlace | undefined; limit: number },
): Promise<AuditRow[]> {
  const conditions = conditionsOf(filter);
  const { after } = page;
  if (after) conditions.push(sql`a.at <= ${after.at} AND (a.at < ${after.at} OR a.id < ${after.id})`);
  const index = indexOf(filter);
  const hint = byIndex(index);
  const statement = sql`SELECT ${ENTRY} FROM audit a ${hint} WHERE ${join(conditions, ' AND ')}
    ORDER BY a.at DESC, a.id DESC LIMIT ${page.limit}`;
  return db.query(read('audit.list', ENTRY, statement));
}

/** Deletes up to `limit` rows of a tenant from before `before`; gives how many. */
export async function deleteOldAudit(
  db: Executor,
  old: { tenant: string; before: number; limit: number },
): Promise<number> {
  const oldest = sql`SELECT ${ENTRY} FROM audit a WHERE a.tenant = ${old.tenant} AND a.at < ${old.before}
    ORDER BY a.at, a.id LIMIT ${old.limit}`;
  const last = (await db.query(read('audit.oldest', ENTRY, oldest))).at(-1);
  if (!last) return 0;
  const statement = sql`DELETE FROM audit WHERE tenant = ${old.tenant} AND at < ${last.at}
    OR (tenant = ${old.tenant} AND at = ${last.at} AND id <= ${last.id})`;
  return (await db.execute(write('audit.expire', 'safe', statement))).affected;
}
