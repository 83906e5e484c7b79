/** The audit: rows are added, read, and deleted when they are old. There is no statement that changes one. */

import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, insertInto, int, read, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

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

const APPEND = write(
  'audit.append',
  'never',
  insertInto('audit', [
    ...(['tenant', 'at', 'operator', 'action', 'room_id', 'user_id', 'reason', 'before_text', 'after_text'] as const),
    ...(['request_id', 'address'] as const),
  ]),
);

export async function appendAudit(tx: Executor, row: NewAuditRow): Promise<void> {
  const { before_text, after_text } = row;
  const texts = { before_text: before_text.slice(0, MAX_VALUES), after_text: after_text.slice(0, MAX_VALUES) };
  await tx.execute(APPEND, { ...row, ...texts });
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

type Filtering = Shape<AuditFilter>;

/** The index that has the rows of the most selective filter in order. */
function indexOf({ has }: Filtering): string {
  if (has('userId')) return 'audit_by_user';
  if (has('roomId')) return 'audit_by_room';
  if (has('operator')) return 'audit_by_operator';
  return has('action') ? 'audit_by_action' : 'audit_in_order';
}

/** FROM and WHERE of the entries that a filter lets through. */
function filtered(shape: Filtering) {
  const { and } = shape;
  const ofUser = and('userId', sql`a.user_id = ${text('userId')}`);
  const ofRoom = and('roomId', sql`a.room_id = ${text('roomId')}`);
  const byOperator = and('operator', sql`a.operator = ${text('operator')}`);
  const ofAction = and('action', sql`a.action = ${text('action')}`);
  const timed = sql`${and('from', sql`a.at >= ${int('from')}`)} ${and('to', sql`a.at < ${int('to')}`)}`;
  return sql`FROM audit a ${byIndex(indexOf(shape))} WHERE a.tenant = ${text('tenant')}
    ${ofUser} ${ofRoom} ${byOperator} ${ofAction} ${timed}`;
}

const counting = variants((shape: Filtering) => countUpTo('audit.count', filtered(shape)));

/** At most `most` + 1. */
export async function countAudit(db: Reader, filter: AuditFilter, most: number): Promise<number> {
  const [count] = await db.query(counting(filter), { ...filter, atMost: most + 1 });
  return count?.n ?? 0;
}

type Page = AuditFilter & { at?: number | undefined; id?: number | undefined; limit: number };
const BEHIND = sql`a.at <= ${int('at')} AND (a.at < ${int('at')} OR a.id < ${int('id')})`;
const listing = variants((shape: Shape<Page>) =>
  read(
    'audit.list',
    ENTRY,
    sql`SELECT ${ENTRY} ${filtered(shape)} ${shape.and('at', BEHIND)}
    ORDER BY a.at DESC, a.id DESC LIMIT ${int('limit')}`,
  ),
);

/** Newest first. */
export function listAudit(
  db: Reader,
  filter: AuditFilter,
  { after, limit }: { after: AuditPlace | undefined; limit: number },
): Promise<AuditRow[]> {
  const values = { ...filter, limit, at: after?.at, id: after?.id };
  return db.query(listing(values), values);
}

const OLDEST = read(
  'audit.oldest',
  ENTRY,
  sql`SELECT ${ENTRY} FROM audit a WHERE a.tenant = ${text('tenant')} AND a.at < ${int('before')}
    ORDER BY a.at, a.id LIMIT ${int('limit')}`,
);
const EXPIRE = write(
  'audit.expire',
  'safe',
  sql`DELETE FROM audit WHERE tenant = ${text('tenant')} AND at < ${int('at')}
    OR (tenant = ${text('tenant')} AND at = ${int('at')} AND id <= ${int('id')})`,
);

/** Deletes up to `limit` rows of a tenant from before `before`; gives how many. */
export async function deleteOldAudit(
  db: Executor,
  old: { tenant: string; before: number; limit: number },
): Promise<number> {
  const last = (await db.query(OLDEST, old)).at(-1);
  if (!last) return 0;
  return (await db.execute(EXPIRE, { tenant: old.tenant, at: last.at, id: last.id })).affected;
}
