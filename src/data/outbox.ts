/**
 * Work for IM and TRTC, and deletions too large for a request: written in the transaction that makes it necessary, taken
 * from here until it is done.
 */
import type { Executor } from './engine/database';
import { columns, FOUND, insertInto, list, type RowOf, read, sql, write } from './engine/sql';
import type { OutboxKind } from './schema';

export type { OutboxKind } from './schema';

const ITEM = columns('outbox', 'o', [
  'id',
  'kind',
  'tenant',
  'target',
  'room_pk',
  'live_no',
  'payload',
  'attempts',
  'created_at',
]);

export type OutboxItem = RowOf<typeof ITEM>;

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
  return (await tx.execute(write('outbox.enqueue', 'never', insertInto('outbox', row)))).insertId;
}

export async function findItem(db: Executor, id: number): Promise<OutboxItem | undefined> {
  return (await db.query(read('outbox.find', ITEM, sql`SELECT ${ITEM} FROM outbox o WHERE o.id = ${id}`)))[0];
}

export async function dueItems(db: Executor, now: number, most: number): Promise<OutboxItem[]> {
  const due = sql`SELECT ${ITEM} FROM outbox o WHERE o.next_at <= ${now} ORDER BY o.next_at LIMIT ${most}`;
  return db.query(read('outbox.due', ITEM, due));
}

/**
 * Takes an item until `until`, so that two workers do not do it at once; false where another was faster. A worker that
 * dies leaves an item that is simply due again then.
 */
export async function lease(db: Executor, item: OutboxItem, until: number): Promise<boolean> {
  const statement = sql`UPDATE outbox SET next_at = ${until}, leased_until = ${until}, attempts = attempts + 1
    WHERE id = ${item.id} AND attempts = ${item.attempts}`;
  // Sent twice, the second one finds the item taken, and it is due again when the lease is over.
  return (await db.execute(write('outbox.lease', 'safe', statement))).affected > 0;
}

export async function finish(db: Executor, id: number): Promise<void> {
  await db.execute(write('outbox.finish', 'safe', sql`DELETE FROM outbox WHERE id = ${id}`));
}

/** Puts an item off; `error` is a short code, never a text from elsewhere. `doubtUntil`: see OutboxTable.leased_until. */
export async function postpone(
  db: Executor,
  id: number,
  next: { at: number; error: string; doubtUntil: number },
): Promise<void> {
  const statement = sql`UPDATE outbox SET next_at = ${next.at}, leased_until = ${next.doubtUntil},
    last_error = ${next.error.slice(0, 64)} WHERE id = ${id}`;
  await db.execute(write('outbox.postpone', 'safe', statement));
}

/** What a vendor does to a room; the rest cannot hurt its next life, and a user's number may name a room too. */
const ENDS_ROOMS: readonly OutboxKind[] = ['im_destroy_group', 'trtc_dismiss'];

/** Whether the end of this room is under way, or may still take effect, at `now`. */
export async function isInFlight(db: Executor, target: { tenant: string; id: string; now: number }): Promise<boolean> {
  const statement = sql`SELECT ${FOUND} FROM outbox o WHERE o.tenant = ${target.tenant} AND o.target = ${target.id}
    AND o.kind IN (${list(ENDS_ROOMS)}) AND o.leased_until > ${target.now} LIMIT 1`;
  return (await db.query(read('outbox.in_flight', FOUND, statement))).length > 0;
}
