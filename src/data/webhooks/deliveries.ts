/** What webhooks are to be sent, were sent, and could not be sent. How it is taken and sent: delivery-queue.ts. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, list, NOTHING, raw, read, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

export const DELIVERY_STATE = { pending: 0, delivered: 1, failed: 2 } as const;

/** Of `deliveries d` with WITH_EVENT. */
export const DELIVERY = both(
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

export const WITH_EVENT = raw('JOIN webhook_events e ON e.id = d.event_pk');

/** Newest first. */
export function listDeliveries(
  db: Reader,
  page: { webhookId: number; state: number | undefined; before: number | undefined; limit: number },
): Promise<Delivery[]> {
  const before = page.before === undefined ? NOTHING : sql`AND d.id < ${page.before}`;
  const state = page.state === undefined ? NOTHING : sql`AND d.state = ${page.state}`;
  const index = byIndex(page.state === undefined ? 'deliveries_in_order' : 'deliveries_of_state');
  const statement = sql`SELECT ${DELIVERY} FROM deliveries d ${index} ${WITH_EVENT}
    WHERE d.webhook_id = ${page.webhookId} ${state} ${before} ORDER BY d.id DESC LIMIT ${page.limit}`;
  return db.query(read('deliveries.list', DELIVERY, statement));
}

/** Of a webhook of this tenant. */
export async function findDelivery(db: Reader, tenant: string, id: number): Promise<Delivery | undefined> {
  const statement = sql`SELECT ${DELIVERY} FROM deliveries d ${WITH_EVENT} JOIN webhooks w ON w.id = d.webhook_id
    WHERE d.id = ${id} AND w.tenant = ${tenant}`;
  return (await db.query(read('deliveries.find', DELIVERY, statement)))[0];
}

const EARLIER = computed<{ event_id: string; type: string }>({ event_id: raw('e.event_id'), type: raw('e.type') });

/** The first delivery of the same room and webhook that is pending, if it comes before this one. */
export async function earlierInRoom(
  db: Reader,
  { id, webhook_id, room_pk }: Pick<Delivery, 'id' | 'webhook_id' | 'room_pk'>,
): Promise<(typeof EARLIER)['row'] | undefined> {
  if (room_pk === 0) return undefined;
  const statement = sql`SELECT ${EARLIER} FROM deliveries d ${byIndex('deliveries_of_room')} ${WITH_EVENT}
    WHERE d.webhook_id = ${webhook_id} AND d.room_pk = ${room_pk} AND d.state = 0 AND d.id < ${id}
    ORDER BY d.webhook_id, d.room_pk, d.state, d.id LIMIT 1`;
  return (await db.query(read('deliveries.earlier', EARLIER, statement)))[0];
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
