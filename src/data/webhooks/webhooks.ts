/** Webhooks, and the events that are written for them in the transaction of what they tell. */
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK } from '../engine/dialect';
import { assign, columns, insertInto, read, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query'>;

const WEBHOOK = columns('webhooks', 'w', [
  'id',
  'tenant',
  'url',
  'secret',
  'events',
  'description',
  'enabled',
  'last_status',
  'failing_since',
]);
export type WebhookRow = (typeof WEBHOOK)['row'];

export function listWebhooks(
  db: Reader,
  page: { tenant: string; after: number; limit: number },
): Promise<WebhookRow[]> {
  const statement = sql`SELECT ${WEBHOOK} FROM webhooks w WHERE w.tenant = ${page.tenant} AND w.id > ${page.after}
    ORDER BY w.id LIMIT ${page.limit}`;
  return db.query(read('webhooks.list', WEBHOOK, statement));
}

/** Those that are sent to, of all tenants. */
export function enabledWebhooks(db: Reader): Promise<WebhookRow[]> {
  return db.query(read('webhooks.enabled', WEBHOOK, sql`SELECT ${WEBHOOK} FROM webhooks w WHERE w.enabled = 1`));
}

const SECRET = columns('webhooks', 'w', ['id', 'tenant', 'secret']);

/** With their secrets as they are stored, of all tenants, sent to or not. */
export function allWebhooks(db: Reader): Promise<(typeof SECRET)['row'][]> {
  return db.query(read('webhooks.all', SECRET, sql`SELECT ${SECRET} FROM webhooks w ORDER BY w.id`));
}

/** Stores a secret in another way, unless it was changed meanwhile. */
export async function replaceStoredSecret(
  db: Executor,
  id: number,
  secret: { from: string; to: string },
): Promise<void> {
  const statement = sql`UPDATE webhooks SET secret = ${secret.to} WHERE id = ${id} AND secret = ${secret.from}`;
  await db.execute(write('webhooks.reseal', 'safe', statement));
}

export async function findWebhook(db: Reader, tenant: string, id: number): Promise<WebhookRow | undefined> {
  const statement = sql`SELECT ${WEBHOOK} FROM webhooks w WHERE w.id = ${id} AND w.tenant = ${tenant}`;
  return (await db.query(read('webhooks.find', WEBHOOK, statement)))[0];
}

const WEBHOOK_ID = columns('webhooks', 'w', ['id']);

/** How many the tenant has by now, waiting for whoever is adding one at the moment. Inside a transaction. */
export async function countWebhooks(tx: Executor, tenant: string): Promise<number> {
  const statement = sql`SELECT ${WEBHOOK_ID} FROM webhooks w WHERE w.tenant = ${tenant} ${EXCLUSIVE_LOCK}`;
  return (await tx.query(read('webhooks.count', WEBHOOK_ID, statement))).length;
}

export interface WebhookChange {
  url?: string;
  secret?: string;
  events?: string;
  description?: string;
  enabled?: number;
}

export async function addWebhook(
  tx: Executor,
  webhook: Required<WebhookChange> & { tenant: string; now: number },
): Promise<number> {
  const { now, ...rest } = webhook;
  const row = { ...rest, created_at: now, last_status: 0, failing_since: 0 };
  const { insertId } = await tx.execute(write('webhooks.add', 'never', insertInto('webhooks', row)));
  tx.changed('webhooks');
  return insertId;
}

export async function changeWebhook(tx: Executor, id: number, change: WebhookChange): Promise<void> {
  const statement = sql`UPDATE webhooks SET ${assign('webhooks', change)} WHERE id = ${id}`;
  await tx.execute(write('webhooks.change', 'safe', statement));
  tx.changed('webhooks');
}

export async function removeWebhook(tx: Executor, id: number): Promise<void> {
  await tx.execute(write('webhooks.remove', 'safe', sql`DELETE FROM webhooks WHERE id = ${id}`));
  await tx.execute(write('deliveries.remove_all', 'safe', sql`DELETE FROM deliveries WHERE webhook_id = ${id}`));
  tx.changed('webhooks');
}

/** What the last attempt came to. `failingSince` 0: it worked. */
export async function noteAttempt(
  db: Executor,
  id: number,
  attempt: { status: number; failing: boolean; gone: boolean; now: number },
): Promise<void> {
  const { status, failing, gone, now } = attempt;
  const since = failing ? sql`CASE WHEN failing_since > 0 THEN failing_since ELSE ${now} END` : sql`${0}`;
  const statement = sql`UPDATE webhooks SET last_status = ${status}, failing_since = ${since},
    enabled = CASE WHEN ${gone ? 1 : 0} = 1 THEN 0 ELSE enabled END WHERE id = ${id}`;
  await db.execute(write('webhooks.note_attempt', 'safe', statement));
  if (gone) db.changed('webhooks');
}

const SEQUENCE = columns('rooms', 'r', ['event_seq']);

/** The next number of the room's events. Locks the room: events come in the order in which they are committed. */
export async function nextSequence(tx: Executor, roomPk: number): Promise<number> {
  await tx.execute(
    write('rooms.next_event', 'never', sql`UPDATE rooms SET event_seq = event_seq + 1 WHERE id = ${roomPk}`),
  );
  const statement = sql`SELECT ${SEQUENCE} FROM rooms r WHERE r.id = ${roomPk}`;
  return (await tx.query(read('rooms.event_sequence', SEQUENCE, statement)))[0]?.event_seq ?? 0;
}

export interface NewEvent {
  eventId: string;
  tenant: string;
  type: string;
  body: string;
  roomPk: number;
  webhookIds: readonly number[];
  now: number;
}

/** The event, and that each of these webhooks is to be sent it. */
export async function addEvent(tx: Executor, event: NewEvent): Promise<void> {
  const { eventId, tenant, type, body, roomPk, webhookIds, now } = event;
  const row = insertInto('webhook_events', { event_id: eventId, tenant, type, body, created_at: now });
  const { insertId } = await tx.execute(write('webhook_events.add', 'never', row));
  const deliveries = webhookIds.map((webhook_id) => ({
    webhook_id,
    event_pk: insertId,
    room_pk: roomPk,
    next_at: now,
    created_at: now,
  }));
  await tx.execute(write('deliveries.add', 'never', insertInto('deliveries', ...deliveries)));
}
