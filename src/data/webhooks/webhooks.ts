/** Webhooks, and their events, which are written in the transaction of the change. */
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK } from '../engine/dialect';
import {
  columns,
  insertAllInto,
  insertInto,
  int,
  intOrNull,
  read,
  sql,
  text,
  textOrNull,
  texts,
  write,
} from '../engine/sql';

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

const LIST = read(
  'webhooks.list',
  WEBHOOK,
  sql`SELECT ${WEBHOOK} FROM webhooks w WHERE w.tenant = ${text('tenant')} AND w.id > ${int('after')}
    ORDER BY w.id LIMIT ${int('limit')}`,
);

export function listWebhooks(
  db: Reader,
  page: { tenant: string; after: number; limit: number },
): Promise<WebhookRow[]> {
  return db.query(LIST, page);
}

const ENABLED = read('webhooks.enabled', WEBHOOK, sql`SELECT ${WEBHOOK} FROM webhooks w WHERE w.enabled = 1`);

/** Those that are sent to, of all tenants. */
export function enabledWebhooks(db: Reader): Promise<WebhookRow[]> {
  return db.query(ENABLED);
}

const SECRET = columns('webhooks', 'w', ['id', 'tenant', 'secret']);
const ALL = read('webhooks.all', SECRET, sql`SELECT ${SECRET} FROM webhooks w ORDER BY w.id`);

/** Webhooks of all tenants with their stored secrets, enabled or not. */
export function allWebhooks(db: Reader): Promise<(typeof SECRET)['row'][]> {
  return db.query(ALL);
}

const RESEAL = write(
  'webhooks.reseal',
  'safe',
  sql`UPDATE webhooks SET secret = ${text('to')} WHERE id = ${int('id')} AND secret = ${text('from')}`,
);

/** Stores a secret in another way, unless it has changed since it was read. */
export async function replaceStoredSecret(
  db: Executor,
  id: number,
  secret: { from: string; to: string },
): Promise<void> {
  await db.execute(RESEAL, { id, ...secret });
}

const FIND = read(
  'webhooks.find',
  WEBHOOK,
  sql`SELECT ${WEBHOOK} FROM webhooks w WHERE w.id = ${int('id')} AND w.tenant = ${text('tenant')}`,
);

export async function findWebhook(db: Reader, tenant: string, id: number): Promise<WebhookRow | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const WEBHOOK_ID = columns('webhooks', 'w', ['id']);
const COUNT = read(
  'webhooks.count',
  WEBHOOK_ID,
  sql`SELECT ${WEBHOOK_ID} FROM webhooks w WHERE w.tenant = ${text('tenant')} ${EXCLUSIVE_LOCK}`,
);

/** How many the tenant has by now; waits for a request that is adding one. Inside a transaction. */
export async function countWebhooks(tx: Executor, tenant: string): Promise<number> {
  return (await tx.query(COUNT, { tenant })).length;
}

export interface WebhookChange {
  url?: string;
  secret?: string;
  events?: string;
  description?: string;
  enabled?: number;
}

const ADD = write(
  'webhooks.add',
  'never',
  insertInto('webhooks', [
    ...(['tenant', 'url', 'secret', 'events', 'description', 'enabled'] as const),
    ...(['created_at', 'last_status', 'failing_since'] as const),
  ]),
);

export async function addWebhook(
  tx: Executor,
  { now, ...webhook }: Required<WebhookChange> & { tenant: string; now: number },
): Promise<number> {
  const { insertId } = await tx.execute(ADD, { ...webhook, created_at: now, last_status: 0, failing_since: 0 });
  tx.changed('webhooks');
  return insertId;
}

const CHANGE = write(
  'webhooks.change',
  'safe',
  sql`UPDATE webhooks SET url = COALESCE(${textOrNull('url')}, url), secret = COALESCE(${textOrNull('secret')}, secret),
      events = COALESCE(${textOrNull('events')}, events), enabled = COALESCE(${intOrNull('enabled')}, enabled),
      description = COALESCE(${textOrNull('description')}, description) WHERE id = ${int('id')}`,
);

export async function changeWebhook(tx: Executor, id: number, change: WebhookChange): Promise<void> {
  const { url = null, secret = null, events = null, description = null, enabled = null } = change;
  await tx.execute(CHANGE, { id, url, secret, events, description, enabled });
  tx.changed('webhooks');
}

const REMOVE = write('webhooks.remove', 'safe', sql`DELETE FROM webhooks WHERE id = ${int('id')}`);
const REMOVE_DELIVERIES = write(
  'deliveries.remove_all',
  'safe',
  sql`DELETE FROM deliveries WHERE webhook_id = ${int('id')}`,
);

export async function removeWebhook(tx: Executor, id: number): Promise<void> {
  await tx.execute(REMOVE, { id });
  await tx.execute(REMOVE_DELIVERIES, { id });
  tx.changed('webhooks');
}

const NOTE_ATTEMPT = write(
  'webhooks.note_attempt',
  'safe',
  sql`UPDATE webhooks SET last_status = ${int('status')},
    failing_since = CASE WHEN ${int('failing')} = 0 THEN 0 WHEN failing_since > 0 THEN failing_since ELSE ${int('now')} END,
    enabled = CASE WHEN ${int('gone')} = 1 THEN 0 ELSE enabled END WHERE id = ${int('id')}`,
);

/** The result of the last attempt. */
export async function noteAttempt(
  db: Executor,
  id: number,
  { status, failing, gone, now }: { status: number; failing: boolean; gone: boolean; now: number },
): Promise<void> {
  await db.execute(NOTE_ATTEMPT, { id, status, failing: failing ? 1 : 0, gone: gone ? 1 : 0, now });
  if (gone) db.changed('webhooks');
}

const NEXT_EVENT = write(
  'rooms.next_event',
  'never',
  sql`UPDATE rooms SET event_seq = event_seq + ${int('count')} WHERE id = ${int('roomPk')}`,
);
const SEQUENCE = columns('rooms', 'r', ['event_seq']);
const READ_SEQUENCE = read(
  'rooms.event_sequence',
  SEQUENCE,
  sql`SELECT ${SEQUENCE} FROM rooms r WHERE r.id = ${int('roomPk')}`,
);

/** The first of the next `count` numbers of the room's events. Locks the room: events come in the order in which they are committed. */
export async function nextSequence(tx: Executor, roomPk: number, count: number): Promise<number> {
  await tx.execute(NEXT_EVENT, { roomPk, count });
  return ((await tx.query(READ_SEQUENCE, { roomPk }))[0]?.event_seq ?? 0) - count + 1;
}

/** Events of one stream. */
export interface NewEvents {
  tenant: string;
  type: string;
  events: readonly { eventId: string; body: string }[];
  roomPk: number;
  webhookIds: readonly number[];
  now: number;
}

const ADD_EVENTS = write(
  'webhook_events.add',
  'never',
  insertAllInto('events', 'webhook_events', ['event_id', 'tenant', 'type', 'body', 'created_at']),
);
const NUMBER = columns('webhook_events', 'e', ['id']);
// A server of a cluster leaves numbers out, so those of several rows are not known from the first.
const NUMBERS = read(
  'webhook_events.numbers',
  NUMBER,
  sql`SELECT ${NUMBER} FROM webhook_events e WHERE e.created_at = ${int('now')} AND e.event_id IN (${texts('eventIds')})
    ORDER BY e.id`,
);
const ADD_DELIVERIES = write(
  'deliveries.add',
  'never',
  insertAllInto('deliveries', 'deliveries', ['webhook_id', 'event_pk', 'room_pk', 'next_at', 'created_at']),
);

/** The events in their order, and that each of these webhooks is to be sent them. */
export async function addEvents(
  tx: Executor,
  { events, tenant, type, roomPk, webhookIds, now }: NewEvents,
): Promise<void> {
  const rows = events.map(({ eventId, body }) => ({ event_id: eventId, tenant, type, body, created_at: now }));
  const { insertId } = await tx.execute(ADD_EVENTS, { events: rows });
  const eventIds = events.map(({ eventId }) => eventId);
  const numbers = events.length === 1 ? [{ id: insertId }] : await tx.query(NUMBERS, { now, eventIds });
  const deliveries = numbers.flatMap(({ id }) =>
    webhookIds.map((webhook_id) => ({ webhook_id, event_pk: id, room_pk: roomPk, next_at: now, created_at: now })),
  );
  await tx.execute(ADD_DELIVERIES, { deliveries });
}
