/** Work for IM and TRTC: written in the transaction that makes it necessary, taken from here until it is done. */
import type { Executor } from './database';
import type { OutboxTable } from './schema';

export type OutboxKind = 'im_destroy_group' | 'im_account_import' | 'trtc_dismiss';

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
}

/** Adds work that is due at once; gives its id. */
export async function enqueue(tx: Executor, item: NewOutboxItem): Promise<number> {
  const row = {
    kind: item.kind,
    tenant: item.tenant,
    target: item.target,
    room_pk: item.roomPk ?? 0,
    live_no: item.liveNo ?? 0,
    payload: item.payload ?? '',
    attempts: 0,
    next_at: item.now,
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
      .set((eb) => ({ next_at: until, attempts: eb('attempts', '+', 1) }))
      .where('id', '=', item.id)
      .where('attempts', '=', item.attempts),
  );
  return result.affected > 0;
}

export async function finish(db: Executor, id: number): Promise<void> {
  await db.run(db.build.deleteFrom('outbox').where('id', '=', id));
}

/** Puts an item off; `error` is a short code, never a text from elsewhere. */
export async function postpone(db: Executor, id: number, next: { at: number; error: string }): Promise<void> {
  const set = { next_at: next.at, last_error: next.error.slice(0, 64) };
  await db.run(db.build.updateTable('outbox').set(set).where('id', '=', id));
}
