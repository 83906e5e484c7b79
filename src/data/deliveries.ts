/** What webhooks are to be sent, were sent, and could not be sent. Of one room and webhook, the oldest comes first. */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { both, choice, columns, computed, list, NOTHING, raw, read, sql, write } from './engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

export const DELIVERY_STATE = { pending: 0, delivered: 1, failed: 2 } as const;

const DELIVERY = both(
  columns('deliveries', 'd', [
    'id',
    'webhook_id',
    'room_pk',
    'state',
    'attempts',
    'next_at',
    'created_at',
    'last_status',
  ]),
  computed<{ event_id: string; type: string; body: string }>({
    event_id: raw('e.event_id'),
    type: raw('e.type'),
    body: raw('e.body'),
  }),
);
export type Delivery = (typeof DELIVERY)['row'];

const JOINED = raw('JOIN webhook_events e ON e.id = d.event_pk');

/** Due now, and with nothing of the same room in front. */
export function dueDeliveries(db: Reader, due: { webhookId: number; now: number; limit: number }): Promise<Delivery[]> {
  const statement = sql`SELECT ${DELIVERY} FROM deliveries d ${byIndex(db, 'deliveries_due')} ${JOINED}
    WHERE d.state = 0 AND d.webhook_id = ${due.webhookId} AND d.next_at <= ${due.now} AND (d.room_pk = 0 OR NOT EXISTS
      (SELECT 1 FROM deliveries f WHERE f.webhook_id = d.webhook_id AND f.room_pk = d.room_pk AND f.state = 0
        AND f.id < d.id))
    ORDER BY d.next_at, d.id LIMIT ${due.limit}`;
  return db.query(read('deliveries.due', DELIVERY, statement));
}

const TAKEN = columns('deliveries', 'd', ['id']);

/**
 * Takes them until `until`, which must differ from what others choose: gives of which ones another process was not faster.
 * Where two chose the same moment, both send, which a receiver has to stand anyway.
 */
export async function takeDeliveries(
  db: Executor,
  deliveries: readonly Delivery[],
  until: number,
): Promise<readonly boolean[]> {
  const ids = deliveries.map(({ id }) => id);
  const attempts = deliveries.map((delivery) => [delivery.id, delivery.attempts] as const);
  const statement = sql`UPDATE deliveries SET next_at = ${until}, attempts = attempts + 1
    WHERE id IN (${list(ids)}) AND attempts = ${choice(raw('id'), attempts)} AND state = 0`;
  const { affected } = await db.execute(write('deliveries.take', 'never', statement));
  if (affected === ids.length) return ids.map(() => true);
  if (affected === 0) return ids.map(() => false);
  const which = sql`SELECT ${TAKEN} FROM deliveries d WHERE d.id IN (${list(ids)}) AND d.next_at = ${until}`;
  const taken = new Set((await db.query(read('deliveries.taken', TAKEN, which))).map(({ id }) => id));
  return ids.map((id) => taken.has(id));
}

export interface DeliveryEnd {
  id: number;
  state: 'delivered' | 'failed';
  status: number;
}

export async function endDeliveries(db: Executor, ends: readonly DeliveryEnd[]): Promise<void> {
  const states = ends.map(({ id, state }) => [id, DELIVERY_STATE[state]] as const);
  const statuses = ends.map(({ id, status }) => [id, status] as const);
  const statement = sql`UPDATE deliveries SET state = ${choice(raw('id'), states)},
    last_status = ${choice(raw('id'), statuses)} WHERE id IN (${list(ends.map(({ id }) => id))})`;
  await db.execute(write('deliveries.end', 'safe', statement));
}

/** It is tried again at `at`, and whatever of the room is behind it waits so long too. */
export async function putOff(db: Executor, delivery: Delivery, next: { at: number; status: number }): Promise<void> {
  const { id, webhook_id, room_pk } = delivery;
  const own = sql`UPDATE deliveries SET next_at = ${next.at}, last_status = ${next.status} WHERE id = ${id} AND state = 0`;
  await db.execute(write('deliveries.put_off', 'safe', own));
  if (room_pk === 0) return;
  const behind = sql`UPDATE deliveries SET next_at = ${next.at} WHERE webhook_id = ${webhook_id}
    AND room_pk = ${room_pk} AND state = 0 AND id > ${id} AND next_at < ${next.at}`;
  await db.execute(write('deliveries.put_off_behind', 'safe', behind));
}

/** Newest first. */
export function listDeliveries(
  db: Reader,
  page: { webhookId: number; state: number | undefined; before: number | undefined; limit: number },
): Promise<Delivery[]> {
  const before = page.before === undefined ? NOTHING : sql`AND d.id < ${page.before}`;
  const state = page.state === undefined ? NOTHING : sql`AND d.state = ${page.state}`;
  const index = byIndex(db, page.state === undefined ? 'deliveries_in_order' : 'deliveries_of_state');
  const statement = sql`SELECT ${DELIVERY} FROM deliveries d ${index} ${JOINED}
    WHERE d.webhook_id = ${page.webhookId} ${state} ${before} ORDER BY d.id DESC LIMIT ${page.limit}`;
  return db.query(read('deliveries.list', DELIVERY, statement));
}

/** Of a webhook of this tenant. */
export async function findDelivery(db: Reader, tenant: string, id: number): Promise<Delivery | undefined> {
  const statement = sql`SELECT ${DELIVERY} FROM deliveries d ${JOINED} JOIN webhooks w ON w.id = d.webhook_id
    WHERE d.id = ${id} AND w.tenant = ${tenant}`;
  return (await db.query(read('deliveries.find', DELIVERY, statement)))[0];
}

/** As though it were new. */
export async function replayDelivery(tx: Executor, id: number, now: number): Promise<void> {
  const statement = sql`UPDATE deliveries SET state = 0, next_at = ${now}, created_at = ${now} WHERE id = ${id}`;
  await tx.execute(write('deliveries.replay', 'safe', statement));
}

const OLD = columns('deliveries', 'd', ['id']);
const OLD_EVENT = columns('webhook_events', 'e', ['id']);

/** Deletes what was settled before `before`, and events that nobody is to be sent any more; gives how many rows. */
export async function deleteOldDeliveries(db: Executor, before: number, limit: number): Promise<number> {
  const old = sql`SELECT ${OLD} FROM deliveries d WHERE d.created_at < ${before} AND d.state <> 0
    ORDER BY d.created_at LIMIT ${limit}`;
  const rows = await db.query(read('deliveries.old', OLD, old));
  if (rows.length > 0) {
    const statement = sql`DELETE FROM deliveries WHERE id IN (${list(rows.map((row) => row.id))})`;
    await db.execute(write('deliveries.delete', 'safe', statement));
  }
  const events = sql`SELECT ${OLD_EVENT} FROM webhook_events e WHERE e.created_at < ${before}
    ORDER BY e.created_at LIMIT ${limit}`;
  const oldEvents = await db.query(read('webhook_events.old', OLD_EVENT, events));
  const last = oldEvents.at(-1);
  if (!last) return rows.length;
  const unused = sql`DELETE FROM webhook_events WHERE id IN (${list(oldEvents.map((row) => row.id))})
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_pk = webhook_events.id)`;
  return rows.length + (await db.execute(write('webhook_events.delete', 'safe', unused))).affected;
}
