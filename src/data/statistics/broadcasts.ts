/** Broadcasts that have ended, one row each, kept permanently or for a time that is set. */

import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, int, ints, read, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

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

const FIND = read(
  'broadcasts.find',
  BROADCAST,
  sql`SELECT ${BROADCAST} FROM broadcasts b
    WHERE b.tenant = ${text('tenant')} AND b.room_id = ${text('roomId')} AND b.broadcast_no = ${int('broadcastNo')}`,
);

export async function findBroadcast(
  db: Reader,
  key: { tenant: string; roomId: string; broadcastNo: number },
): Promise<Broadcast | undefined> {
  return (await db.query(FIND, key))[0];
}

export interface BroadcastQuery {
  tenant: string;
  ownerId?: number | undefined;
  roomId?: string | undefined;
  /** Span of the end, ms since 1970; `to` is exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  /** The end of the last page. */
  after?: { endedAt: number; id: number } | undefined;
  limit: number;
}

type BroadcastFilter = Omit<BroadcastQuery, 'after' | 'limit'>;

type Filtering = Shape<BroadcastFilter>;

function indexOf({ has }: Filtering): string {
  if (has('roomId')) return 'broadcasts_of_room_by_end';
  return has('ownerId') ? 'broadcasts_by_owner' : 'broadcasts_by_end';
}

/** FROM and WHERE of the broadcasts that a filter lets through. */
function filtered(shape: Filtering) {
  const { and } = shape;
  const ofOwner = and('ownerId', sql`b.owner_id = ${int('ownerId')}`);
  const ofRoom = and('roomId', sql`b.room_id = ${text('roomId')}`);
  const timed = sql`${and('from', sql`b.ended_at >= ${int('from')}`)} ${and('to', sql`b.ended_at < ${int('to')}`)}`;
  return sql`FROM broadcasts b ${byIndex(indexOf(shape))} WHERE b.tenant = ${text('tenant')}
    ${ofOwner} ${ofRoom} ${timed}`;
}

const counting = variants((shape: Filtering) => countUpTo('broadcasts.count', filtered(shape)));

/** At most `most` + 1. */
export async function countBroadcasts(db: Reader, filter: BroadcastFilter, most: number): Promise<number> {
  const [count] = await db.query(counting(filter), { ...filter, atMost: most + 1 });
  return count?.n ?? 0;
}

type Page = BroadcastFilter & { endedAt?: number | undefined; id?: number | undefined; limit: number };
// The first part sets the start in the index; the second one is exact.
const BEHIND = sql`b.ended_at <= ${int('endedAt')} AND (b.ended_at < ${int('endedAt')} OR b.id < ${int('id')})`;
const listing = variants((shape: Shape<Page>) =>
  read(
    'broadcasts.list',
    BROADCAST,
    sql`SELECT ${BROADCAST} ${filtered(shape)} ${shape.and('endedAt', BEHIND)}
    ORDER BY b.ended_at DESC, b.id DESC LIMIT ${int('limit')}`,
  ),
);

/** The last ended first. */
export function listBroadcasts(db: Reader, { after, ...filter }: BroadcastQuery): Promise<Broadcast[]> {
  const values = { ...filter, ...after };
  return db.query(listing(values), values);
}

const OLD = columns('broadcasts', 'b', ['id']);
const FIND_OLD = read(
  'broadcasts.old',
  OLD,
  sql`SELECT ${OLD} FROM broadcasts b ${byIndex('broadcasts_by_end')}
    WHERE b.tenant = ${text('tenant')} AND b.ended_at < ${int('before')} AND b.clean_at = 0
    ORDER BY b.ended_at LIMIT ${int('max')}`,
);
const DELETE = write('broadcasts.delete', 'safe', sql`DELETE FROM broadcasts WHERE id IN (${ints('ids')})`);

/** Deletes old broadcasts whose members are gone; gives their number. */
export async function deleteBroadcasts(
  db: Executor,
  old: { tenant: string; before: number; max: number },
): Promise<number> {
  const rows = await db.query(FIND_OLD, old);
  if (rows.length > 0) await db.execute(DELETE, { ids: rows.map((row) => row.id) });
  return rows.length;
}
