/**
 * Work for IM and TRTC, and deletions too large for a request: written in the transaction that makes it necessary, taken
 * from here until it is done.
 */
import type { Executor } from '../engine/database';
import { columns, insertInto, int, ints, type RowOf, read, sql, text, textOrNull, write } from '../engine/sql';
import type { OutboxKind } from '../schema-work';

export type { OutboxKind };

export interface NewOutboxItem {
  kind: OutboxKind;
  tenant: string;
  target: string;
  /** The room and the broadcast of the work; 0 if it does not concern a room. */
  roomPk?: number;
  broadcastNo?: number;
  /** Parameters of the kind of work. */
  payload?: string;
  now: number;
  /** Earliest time; otherwise immediately. */
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

const ADD = write(
  'outbox.add',
  'never',
  insertInto('outbox', [
    ...(['kind', 'tenant', 'target', 'room_pk', 'broadcast_no', 'payload', 'next_at', 'created_at'] as const),
  ]),
);

/** Adds work; gives its id. */
export async function enqueue(tx: Executor, item: NewOutboxItem): Promise<number> {
  const { insertId } = await tx.execute(ADD, {
    kind: item.kind,
    tenant: item.tenant,
    target: item.target,
    room_pk: item.roomPk ?? 0,
    broadcast_no: item.broadcastNo ?? 0,
    payload: item.payload ?? '',
    next_at: item.dueAt ?? item.now,
    created_at: item.now,
  });
  return insertId;
}

const FIND = read('outbox.find', ITEM, sql`SELECT ${ITEM} FROM outbox o WHERE o.id = ${int('id')}`);

export async function findItem(db: Executor, id: number): Promise<OutboxItem | undefined> {
  return (await db.query(FIND, { id }))[0];
}

const PART = columns('outbox', 'o', ['kind', 'payload']);
const UNFINISHED = read('outbox.unfinished', PART, sql`SELECT ${PART} FROM outbox o WHERE o.id IN (${ints('ids')})`);

/** The unfinished ones of these items. */
export function unfinished(db: Pick<Executor, 'query'>, ids: readonly number[]): Promise<RowOf<typeof PART>[]> {
  return db.query(UNFINISHED, { ids });
}

const DUE = read(
  'outbox.due',
  ITEM,
  sql`SELECT ${ITEM} FROM outbox o WHERE o.next_at <= ${int('now')} ORDER BY o.next_at LIMIT ${int('max')}`,
);

export async function dueItems(db: Executor, now: number, max: number): Promise<OutboxItem[]> {
  return db.query(DUE, { now, max });
}

const LEASE = write(
  'outbox.lease',
  'never',
  sql`UPDATE outbox SET next_at = ${int('until')}, attempts = attempts + 1
    WHERE id = ${int('id')} AND attempts = ${int('attempts')}`,
);

/**
 * Takes an item until `until`, so that two workers do not do it at the same time; false if another was faster. A worker that
 * dies leaves an item that is simply due again then.
 */
export async function leaseItem(db: Executor, { id, attempts }: OutboxItem, until: number): Promise<boolean> {
  return (await db.execute(LEASE, { id, attempts, until })).affected > 0;
}

const DELETE = write('outbox.delete', 'safe', sql`DELETE FROM outbox WHERE id = ${int('id')}`);

export async function deleteItem(db: Executor, id: number): Promise<void> {
  await db.execute(DELETE, { id });
}

const POSTPONE = write(
  'outbox.postpone',
  'safe',
  sql`UPDATE outbox SET next_at = ${int('at')}, last_error = ${text('error')},
      payload = COALESCE(${textOrNull('payload')}, payload) WHERE id = ${int('id')}`,
);

/** Puts an item off; `error` is a short code, never a text from elsewhere. */
export async function postpone(
  db: Executor,
  id: number,
  { at, error, payload = null }: { at: number; error: string; payload?: string | null },
): Promise<void> {
  await db.execute(POSTPONE, { id, at, error: error.slice(0, 64), payload });
}
