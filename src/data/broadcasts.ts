/** Broadcasts that have ended, one row each, for ever or as long as is wanted. */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { columns, join, list, raw, read, type Sql, sql, write } from './engine/sql';

/** Who or what ended it: its owner, an operator, the owner's absence, the end of the account, or the end of its IM group. */
export type EndedBy = 'owner' | 'operator' | 'absence' | 'account' | 'im';

/** The highest of several numbers. */
function highest({ kind }: Pick<Executor, 'kind'>, numbers: readonly Sql[]): Sql {
  return sql`${raw(kind === 'mysql' ? 'GREATEST' : 'MAX')}(${join(numbers, ', ')})`;
}

/** Of the live room as it is in this transaction, before it is closed. */
export interface Ending {
  id: number;
  broadcastNo: number;
  endedBy: EndedBy;
  reason: string;
  now: number;
}

/**
 * Writes down the broadcast that has just been ended in this transaction. `joined` are all who were in it; the peak is the
 * highest count that was ever stored, or what is there now. A second writing changes nothing.
 */
export async function keepBroadcast(tx: Executor, ending: Ending): Promise<void> {
  const { id, broadcastNo, endedBy, reason, now } = ending;
  const members = sql`FROM members m WHERE m.room_pk = r.id AND m.broadcast_no = ${broadcastNo}`;
  const present = sql`(SELECT COUNT(*) ${members} AND m.present = 1)`;
  const ignore = raw(tx.kind === 'mysql' ? 'INSERT IGNORE' : 'INSERT OR IGNORE');
  const statement = sql`${ignore} INTO broadcasts (tenant, room_id, broadcast_no, owner_id, title, category, started_at,
      ended_at, ended_by, reason, peak, joined)
    SELECT r.tenant, r.room_id, ${broadcastNo}, r.owner_id, r.title, r.category, r.created_at, ${now}, ${endedBy}, ${reason},
      ${highest(tx, [raw('r.peak'), raw('r.nn_users'), present])}, (SELECT COUNT(*) ${members})
    FROM rooms r WHERE r.id = ${id}`;
  await tx.execute(write('broadcasts.keep', 'safe', statement));
}

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

/** The last ended first. */
export function listBroadcasts(db: Pick<Executor, 'query' | 'kind'>, query: BroadcastQuery): Promise<Broadcast[]> {
  const { tenant, ownerId, roomId, from, to, after, limit } = query;
  const conditions: Sql[] = [sql`b.tenant = ${tenant}`];
  if (ownerId !== undefined) conditions.push(sql`b.owner_id = ${ownerId}`);
  if (roomId !== undefined) conditions.push(sql`b.room_id = ${roomId}`);
  if (from !== undefined) conditions.push(sql`b.ended_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`b.ended_at < ${to}`);
  if (after) {
    const { endedAt, id } = after;
    // The first part lets the index begin there; the second one is exact.
    conditions.push(sql`b.ended_at <= ${endedAt} AND (b.ended_at < ${endedAt} OR b.id < ${id})`);
  }
  const index =
    roomId !== undefined
      ? 'broadcasts_of_room_by_end'
      : ownerId !== undefined
        ? 'broadcasts_by_owner'
        : 'broadcasts_by_end';
  const statement = sql`SELECT ${BROADCAST} FROM broadcasts b ${byIndex(db, index)} WHERE ${join(conditions, ' AND ')}
    ORDER BY b.ended_at DESC, b.id DESC LIMIT ${limit}`;
  return db.query(read('broadcasts.list', BROADCAST, statement));
}

const OLD = columns('broadcasts', 'b', ['id']);

/** Rows deleted. */
export async function deleteBroadcasts(
  db: Executor,
  old: { tenant: string; before: number; max: number },
): Promise<number> {
  const statement = sql`SELECT ${OLD} FROM broadcasts b ${byIndex(db, 'broadcasts_by_end')}
    WHERE b.tenant = ${old.tenant} AND b.ended_at < ${old.before} ORDER BY b.ended_at LIMIT ${old.max}`;
  const rows = await db.query(read('broadcasts.old', OLD, statement));
  if (rows.length === 0) return 0;
  const remove = sql`DELETE FROM broadcasts WHERE id IN (${list(rows.map((row) => row.id))})`;
  await db.execute(write('broadcasts.delete', 'safe', remove));
  return rows.length;
}
