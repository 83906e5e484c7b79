/**
 * Work for IM and TRTC, and deletions too large for a request: written in the transaction that makes it necessary, taken
 * from here until it is done.
 */
import type { Executor } from '../engine/database';
import { assign, columns, insertInto, list, type RowOf, read, sql, write } from '../engine/sql';
import type { OutboxKind } from '../schema';

export type { OutboxKind } from '../schema';

export interface NewOutboxItem {
  kind: OutboxKind;
  tenant: string;
  target: string;
  /** The room and the broadcast that the work belongs to; 0 where it is not about a room. */
  roomPk?: number;
  broadcastNo?: number;
  /** What the kind of work needs to know. */
  payload?: string;
  now: number;
  /** Not before then; otherwise at once. */
  dueAt?: number;
}

const ITEM = columns('outbox', 'o', [
  'id',
  'kind',
  'tenant',
  'target',
  'room_pk',
  'broadcast_no',
  'payload',
  'attempts',
  'created_at',
]);

export type OutboxItem = RowOf<typeof ITEM>;

function rowOf(item: NewOutboxItem) {
  return {
    kind: item.kind,
    tenant: item.tenant,
    target: item.target,
    room_pk: item.roomPk ?? 0,
    broadcast_no: item.broadcastNo ?? 0,
    payload: item.payload ?? '',
    next_at: item.dueAt ?? item.now,
    created_at: item.now,
  };
}

/** Adds work; gives its id. */
export async function enqueue(tx: Executor, item: NewOutboxItem): Promise<number> {
  return (await tx.execute(write('outbox.add', 'never', insertInto('outbox', rowOf(item))))).insertId;
}

export async function findItem(db: Executor, id: number): Promise<OutboxItem | undefined> {
  return (await db.query(read('outbox.find', ITEM, sql`SELECT ${ITEM} FROM outbox o WHERE o.id = ${id}`)))[0];
}

const PART = columns('outbox', 'o', ['kind', 'payload']);

/** Of these items, those that are not done yet. */
export function unfinished(db: Pick<Executor, 'query'>, ids: readonly number[]): Promise<RowOf<typeof PART>[]> {
  const statement = sql`SELECT ${PART} FROM outbox o WHERE o.id IN (${list(ids)})`;
  return db.query(read('outbox.unfinished', PART, statement));
}

export async function dueItems(db: Executor, now: number, max: number): Promise<OutboxItem[]> {
  const due = sql`SELECT ${ITEM} FROM outbox o WHERE o.next_at <= ${now} ORDER BY o.next_at LIMIT ${max}`;
  return db.query(read('outbox.due', ITEM, due));
}

/**
 * Takes an item until `until`, so that two workers do not do it at once; false where another was faster. A worker that
 * dies leaves an item that is simply due again then.
 */
export async function leaseItem(db: Executor, item: OutboxItem, until: number): Promise<boolean> {
  const set = assign('outbox', { next_at: until, attempts: item.attempts + 1 });
  const statement = sql`UPDATE outbox SET ${set} WHERE id = ${item.id} AND attempts = ${item.attempts}`;
  return (await db.execute(write('outbox.lease', 'never', statement))).affected > 0;
}

export async function deleteItem(db: Executor, id: number): Promise<void> {
  await db.execute(write('outbox.delete', 'safe', sql`DELETE FROM outbox WHERE id = ${id}`));
}

/** Puts an item off; `error` is a short code, never a text from elsewhere. */
export async function postpone(
  db: Executor,
  id: number,
  next: { at: number; error: string; payload?: string },
): Promise<void> {
  const { payload = null } = next;
  const set = assign('outbox', {
    next_at: next.at,
    last_error: next.error.slice(0, 64),
    payload: sql`COALESCE(${payload}, payload)`,
  });
  await db.execute(write('outbox.postpone', 'safe', sql`UPDATE outbox SET ${set} WHERE id = ${id}`));
}
