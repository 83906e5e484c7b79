/** What webhooks are to be sent, were sent, and could not be sent. How it is taken and sent: delivery-queue.ts. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, ints, raw, read, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

export const DELIVERY_STATE = { pending: 0, delivered: 1, failed: 2 } as const;

/** Columns of `deliveries d` with WITH_EVENT. */
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

interface Page {
  webhookId: number;
  state: number | undefined;
  before: number | undefined;
  limit: number;
}

const listing = variants(({ has, and }: Shape<Page>) => {
  const index = byIndex(has('state') ? 'deliveries_of_state' : 'deliveries_in_order');
  return read(
    'deliveries.list',
    DELIVERY,
    sql`SELECT ${DELIVERY} FROM deliveries d ${index} ${WITH_EVENT}
    WHERE d.webhook_id = ${int('webhookId')} ${and('state', sql`d.state = ${int('state')}`)}
      ${and('before', sql`d.id < ${int('before')}`)} ORDER BY d.id DESC LIMIT ${int('limit')}`,
  );
});

/** Newest first. */
export function listDeliveries(db: Reader, page: Page): Promise<Delivery[]> {
  return db.query(listing(page), page);
}

const FIND = read(
  'deliveries.find',
  DELIVERY,
  sql`SELECT ${DELIVERY} FROM deliveries d ${WITH_EVENT} JOIN webhooks w ON w.id = d.webhook_id
    WHERE d.id = ${int('id')} AND w.tenant = ${text('tenant')}`,
);

/** Filter: a webhook of this tenant. */
export async function findDelivery(db: Reader, tenant: string, id: number): Promise<Delivery | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const EARLIER = computed<{ event_id: string; type: string }>({ event_id: raw('e.event_id'), type: raw('e.type') });
const FIND_EARLIER = read(
  'deliveries.earlier',
  EARLIER,
  sql`SELECT ${EARLIER} FROM deliveries d ${byIndex('deliveries_of_room')} ${WITH_EVENT}
    WHERE d.webhook_id = ${int('webhook_id')} AND d.room_pk = ${int('room_pk')} AND d.state = 0 AND d.id < ${int('id')}
    ORDER BY d.webhook_id, d.room_pk, d.state, d.id LIMIT 1`,
);

/** The first delivery of the same room and webhook that is pending, if it comes before this one. */
export async function earlierInRoom(
  db: Reader,
  { id, webhook_id, room_pk }: Pick<Delivery, 'id' | 'webhook_id' | 'room_pk'>,
): Promise<(typeof EARLIER)['row'] | undefined> {
  return room_pk === 0 ? undefined : (await db.query(FIND_EARLIER, { id, webhook_id, room_pk }))[0];
}

const REPLAY = write(
  'deliveries.replay',
  'safe',
  sql`UPDATE deliveries SET state = 0, next_at = ${int('now')}, created_at = ${int('now')} WHERE id = ${int('id')}`,
);

/** Makes it new again. */
export async function replayDelivery(tx: Executor, id: number, now: number): Promise<void> {
  await tx.execute(REPLAY, { id, now });
}

const OLD = columns('deliveries', 'd', ['id']);
const FIND_OLD = read(
  'deliveries.old',
  OLD,
  sql`SELECT ${OLD} FROM deliveries d WHERE d.created_at < ${int('before')} AND d.state <> 0
    ORDER BY d.created_at LIMIT ${int('limit')}`,
);
const DELETE = write('deliveries.delete', 'safe', sql`DELETE FROM deliveries WHERE id IN (${ints('ids')})`);
const OLD_EVENT = columns('webhook_events', 'e', ['id']);
const FIND_OLD_EVENTS = read(
  'webhook_events.old',
  OLD_EVENT,
  sql`SELECT ${OLD_EVENT} FROM webhook_events e WHERE e.created_at < ${int('before')}
    ORDER BY e.created_at LIMIT ${int('limit')}`,
);
const DELETE_UNUSED = write(
  'webhook_events.delete',
  'safe',
  sql`DELETE FROM webhook_events WHERE id IN (${ints('ids')})
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_pk = webhook_events.id)`,
);

/** Deletes deliveries settled before `before`, and events with no delivery left; gives how many rows. */
export async function deleteOldDeliveries(db: Executor, before: number, limit: number): Promise<number> {
  const ids = (await db.query(FIND_OLD, { before, limit })).map(({ id }) => id);
  if (ids.length > 0) await db.execute(DELETE, { ids });
  const events = (await db.query(FIND_OLD_EVENTS, { before, limit })).map(({ id }) => id);
  if (events.length === 0) return ids.length;
  return ids.length + (await db.execute(DELETE_UNUSED, { ids: events })).affected;
}
