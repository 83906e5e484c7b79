/** Broadcasts that have ended, one row each, for ever or as long as is wanted. */

import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, join, list, read, type Sql, sql, write } from '../engine/sql';

/** Who or what ended it: its owner, an operator, the owner's absence, the end of the account or of its IM group, or the team's own service. */
export type EndedBy = 'owner' | 'operator' | 'absence' | 'account' | 'im' | 'service';

const BROADCAST = columns('broadcasts', 'b', [
  'id',
  'tenant',
  'room_id',
  'broadcast_no',
  'owner_id',
  'title',
  'category',
  'started_at',
  'ended_at',
  'ended_by',
  'reason',
  'peak',
  'joined',
]);
export type Broadcast = (typeof BROADCAST)['row'];

export async function findBroadcast(
  db: Pick<Executor, 'query'>,
  key: { tenant: string; roomId: string; broadcastNo: number },
): Promise<Broadcast | undefined> {
  const statement = sql`SELECT ${BROADCAST} FROM broadcasts b
    WHERE b.tenant = ${key.tenant} AND b.room_id = ${key.roomId} AND b.broadcast_no = ${key.broadcastNo}`;
  return (await db.query(read('broadcasts.find', BROADCAST, statement)))[0];
}

export interface BroadcastQuery {
  tenant: string;
  ownerId?: number | undefined;
  roomId?: string | undefined;
  /** By its end, ms since 1970; `to` is not in it. */
  from?: number | undefined;
  to?: number | undefined;
  /** Where the last page ended. */
  after?: { endedAt: number; id: number } | undefined;
  limit: number;
}

type BroadcastFilter = Omit<BroadcastQuery, 'after' | 'limit'>;

function conditionsOf({ tenant, ownerId, roomId, from, to }: BroadcastFilter): Sql[] {
  const conditions: Sql[] = [sql`b.tenant = ${tenant}`];
  if (ownerId !== undefined) conditions.push(sql`b.owner_id = ${ownerId}`);
  if (roomId !== undefined) conditions.push(sql`b.room_id = ${roomId}`);
  if (from !== undefined) conditions.push(sql`b.ended_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`b.ended_at < ${to}`);
  return conditions;
}

function indexOf({ roomId, ownerId }: BroadcastFilter): string {
  if (roomId !== undefined) return 'broadcasts_of_room_by_end';
  return ownerId === undefined ? 'broadcasts_by_end' : 'broadcasts_by_owner';
}

export function countBroadcasts(
  db: Pick<Executor, 'query' | 'kind'>,
  filter: BroadcastFilter,
  most: number,
): Promise<number> {
  const from = sql`FROM broadcasts b ${byIndex(indexOf(filter))} WHERE ${join(conditionsOf(filter), ' AND ')}`;
  return countUpTo(db, 'broadcasts.count', { from, most });
}

/** The last ended first. */
export function listBroadcasts(db: Pick<Executor, 'query' | 'kind'>, query: BroadcastQuery): Promise<Broadcast[]> {
  const { after, limit } = query;
  const conditions = conditionsOf(query);
  if (after) {
    const { endedAt, id } = after;
    // The first part lets the index begin there; the second one is exact.
    conditions.push(sql`b.ended_at <= ${endedAt} AND (b.ended_at < ${endedAt} OR b.id < ${id})`);
  }
  const statement = sql`SELECT ${BROADCAST} FROM broadcasts b ${byIndex(indexOf(query))} WHERE ${join(conditions, ' AND ')}
    ORDER BY b.ended_at DESC, b.id DESC LIMIT ${limit}`;
  return db.query(read('broadcasts.list', BROADCAST, statement));
}

const OLD = columns('broadcasts', 'b', ['id']);

/** Rows deleted. Not of those whose members are still there. */
export async function deleteBroadcasts(
  db: Executor,
  old: { tenant: string; before: number; max: number },
): Promise<number> {
  const statement = sql`SELECT ${OLD} FROM broadcasts b ${byIndex('broadcasts_by_end')}
    WHERE b.tenant = ${old.tenant} AND b.ended_at < ${old.before} AND b.clean_at = 0 ORDER BY b.ended_at LIMIT ${old.max}`;
  const rows = await db.query(read('broadcasts.old', OLD, statement));
  if (rows.length === 0) return 0;
  const remove = sql`DELETE FROM broadcasts WHERE id IN (${list(rows.map((row) => row.id))})`;
  await db.execute(write('broadcasts.delete', 'safe', remove));
  return rows.length;
}
