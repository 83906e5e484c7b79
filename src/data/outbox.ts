/**
 * Work for IM and TRTC, and deletions too large for a request: written in the transaction that makes it necessary, taken
 * from here until it is done.
 */
import type { Executor } from './engine/database';
import type { OutboxTable } from './schema';

export type OutboxKind = 'im_destroy_group' | 'im_account_import' | 'trtc_dismiss' | 'forget_members';

export interface OutboxItem extends Omit<OutboxTable, 'id' | 'kind'> {
  id: number;
  kind: OutboxKind;
}

export interface NewOutboxItem {
  kind: OutboxKind;
  tenant: string;
  target: string;
  /** The life of the room the work belongs to; 0 where it is not about a room. */
  roomPk?: number;
  liveNo?: number;
  /** JSON text. */
  payload?: string;
  now: number;
  /** Not before then; otherwise at once. */
  dueAt?: number;
}

/** Adds work; gives its id. */
export async function enqueue(tx: Executor, item: NewOutboxItem): Promise<number> {
  const row = {
    kind: item.kind,
    tenant: item.tenant,
    target: item.target,
    room_pk: item.roomPk ?? 0,
    live_no: item.liveNo ?? 0,
    payload: item.payload ?? '',
    attempts: 0,
    next_at: item.dueAt ?? item.now,
    leased_until: 0,
    created_at: item.now,
    last_error: '',
  };
  return (await tx.run(tx.build.insertInto('outbox').values(row))).insertId;
}

function items(db: Executor) {
  // The column holds what enqueue() wrote.
  return db.build.selectFrom('outbox').selectAll().$castTo<OutboxItem>();
}

export async function findItem(db: Executor, id: number): Promise<OutboxItem | undefined> {
  return (await db.rows(items(db).where('id', '=', id)))[0];
}

export async function dueItems(db: Executor, now: number, most: number): Promise<OutboxItem[]> {
  return db.rows(items(db).where('next_at', '<=', now).orderBy('next_at').limit(most));
}

/**
 * Takes an item until `until`, so that two workers do not do it at once; false where another was faster. A worker that
 * dies leaves an item that is simply due again then.
 */
export async function lease(db: Executor, item: OutboxItem, until: number): Promise<boolean> {
  const result = await db.run(
    db.build
      .updateTable('outbox')
      .set((eb) => ({ next_at: until, leased_until: until, attempts: eb('attempts', '+', 1) }))
      .where('id', '=', item.id)
      .where('attempts', '=', item.attempts),
  );
  return result.affected > 0;
}

export async function finish(db: Executor, id: number): Promise<void> {
  await db.run(db.build.deleteFrom('outbox').where('id', '=', id));
}

/** Puts an item off; `error` is a short code, never a text from elsewhere. `doubtUntil`: see OutboxTable.leased_until. */
export async function postpone(
  db: Executor,
  id: number,
  next: { at: number; error: string; doubtUntil: number },
): Promise<void> {
  const set = { next_at: next.at, leased_until: next.doubtUntil, last_error: next.error.slice(0, 64) };
  await db.run(db.build.updateTable('outbox').set(set).where('id', '=', id));
}

/** What a vendor does to a room; the rest cannot hurt its next life, and a user's number may name a room too. */
const ENDS_ROOMS: readonly OutboxKind[] = ['im_destroy_group', 'trtc_dismiss'];

/** Whether the end of this room is under way, or may still take effect, at `now`. */
export async function isInFlight(db: Executor, target: { tenant: string; id: string; now: number }): Promise<boolean> {
  const rows = await db.rows(
    db.build
      .selectFrom('outbox')
      .select('id')
      .where('tenant', '=', target.tenant)
      .where('target', '=', target.id)
      .where('kind', 'in', ENDS_ROOMS)
      .where('leased_until', '>', target.now)
      .limit(1),
  );
  return rows.length > 0;
}
