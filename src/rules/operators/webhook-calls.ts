/** Webhooks and their deliveries. */
import type { AdminInputOf } from '../../contract/admin';
import { DELIVERY_STATES } from '../../contract/admin/webhooks';
import { EVENT_TYPES } from '../../contract/events';
import { attemptsOf } from '../../data/webhooks/attempts';
import {
  DELIVERY_STATE,
  type Delivery,
  earlierInRoom,
  findDelivery,
  listDeliveries,
  replayDelivery as replay,
} from '../../data/webhooks/deliveries';
import {
  addWebhook as add,
  changeWebhook as change,
  countWebhooks,
  findWebhook,
  listWebhooks,
  removeWebhook as remove,
  type WebhookRow,
} from '../../data/webhooks/webhooks';
import { emitTest } from '../webhooks/events';
import { newSecret } from '../webhooks/send';
import { problemOfUrl } from '../webhooks/targets';
import type { ChangeContext, ReadContext } from './change-context';
import { pageResult, readPage } from './pages';
import { utc } from './present';
import { absent, conflict, malformed } from './refusal';

/** Per tenant: every event is written once per webhook, in the transaction of its change. */
const MAX_WEBHOOKS = 20;

const noSuchWebhook = () => absent('there is no such webhook');

function presentWebhook(row: WebhookRow) {
  const types = row.events === '' ? EVENT_TYPES : EVENT_TYPES.filter((type) => row.events.split(',').includes(type));
  return {
    webhookId: String(row.id),
    url: row.url,
    events: [...types],
    description: row.description,
    enabled: row.enabled === 1,
    lastStatus: row.last_status,
    failingSinceUtc: utc(row.failing_since),
  };
}

export async function webhooks(input: AdminInputOf<'webhooks'>, ctx: ReadContext) {
  const page = readPage<[number]>(ctx, { of: 'webhooks', ...input });
  const range = { tenant: ctx.tenant.id, after: page.after?.[0] ?? 0, limit: page.limit + 1 };
  const rows = await listWebhooks(ctx.db, range);
  return pageResult(page, rows, { present: presentWebhook, place: (row): [number] => [row.id] });
}

function checkUrl(ctx: ChangeContext, url: string): void {
  const problem = problemOfUrl(url, ctx.services.config.webhookAllowPrivate);
  if (problem !== undefined) throw malformed(`url ${problem}`);
}

export async function addWebhook(input: AdminInputOf<'addWebhook'>, ctx: ChangeContext) {
  const { url, events = [], description = '', enabled = true } = input;
  checkUrl(ctx, url);
  if ((await countWebhooks(ctx.tx, ctx.tenant.id)) >= MAX_WEBHOOKS) {
    throw conflict(`there are ${MAX_WEBHOOKS} webhooks already, remove one first`);
  }
  const secret = newSecret();
  const row = { url, secret: '', events: events.join(','), description, enabled: enabled ? 1 : 0 };
  const id = await add(ctx.tx, { ...row, tenant: ctx.tenant.id, now: ctx.now });
  // It is bound to the webhook, which has its id only now.
  await change(ctx.tx, id, { secret: sealed(ctx, id, secret) });
  const webhookId = String(id);
  return { audit: { after: { webhookId, url, events: row.events } }, answer: () => ({ webhookId, secret }) };
}

const sealed = ({ services, tenant }: ChangeContext, id: number, secret: string): string =>
  services.secrets.webhookSecrets.seal(secret, { tenant: tenant.id, id });

async function found(ctx: ChangeContext, webhookId: string): Promise<WebhookRow> {
  const row = await findWebhook(ctx.tx, ctx.tenant.id, Number(webhookId));
  if (!row) throw noSuchWebhook();
  return row;
}

export async function changeWebhook(input: AdminInputOf<'changeWebhook'>, ctx: ChangeContext) {
  const { webhookId, url, events, description, enabled, rotate } = input;
  const before = await found(ctx, webhookId);
  if (url !== undefined) checkUrl(ctx, url);
  const secret = rotate ? newSecret() : undefined;
  const changes = {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events: events.join(',') }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
  };
  const all = { ...changes, ...(secret !== undefined && { secret: sealed(ctx, before.id, secret) }) };
  if (Object.keys(all).length === 0) throw malformed('give something to change');
  await change(ctx.tx, before.id, all);
  const { url: oldUrl, events: oldEvents, enabled: oldEnabled } = before;
  const audit = {
    before: { webhookId, url: oldUrl, events: oldEvents, enabled: oldEnabled },
    after: { webhookId, ...changes, ...(rotate && { rotated: true }) },
  };
  return { audit, answer: () => (secret === undefined ? {} : { secret }) };
}

export async function removeWebhook({ webhookId }: AdminInputOf<'removeWebhook'>, ctx: ChangeContext) {
  const { id, url } = await found(ctx, webhookId);
  await remove(ctx.tx, id);
  return { audit: { before: { webhookId, url } }, answer: () => undefined };
}

function presentDelivery(row: Delivery) {
  const state = DELIVERY_STATES.find((name) => DELIVERY_STATE[name] === row.state) ?? 'pending';
  return {
    deliveryId: String(row.id),
    eventId: row.event_id,
    event: row.type,
    atUtc: utc(row.created_at),
    attempts: row.attempts,
    state,
    lastStatus: row.last_status,
    nextUtc: state === 'pending' ? utc(row.next_at) : '',
  };
}

export async function deliveries(input: AdminInputOf<'deliveries'>, ctx: ReadContext) {
  const { webhookId, state } = input;
  const webhook = await findWebhook(ctx.db, ctx.tenant.id, Number(webhookId));
  if (!webhook) throw noSuchWebhook();
  const page = readPage<[number]>(ctx, { of: ['deliveries', webhookId, state], ...input });
  const rows = await listDeliveries(ctx.db, {
    webhookId: webhook.id,
    state: state === undefined ? undefined : DELIVERY_STATE[state],
    before: page.after?.[0],
    limit: page.limit + 1,
  });
  return pageResult(page, rows, { present: presentDelivery, place: (row): [number] => [row.id] });
}

const noSuchDelivery = () => absent('there is no such delivery');

export async function replayDelivery({ deliveryId }: AdminInputOf<'replayDelivery'>, ctx: ChangeContext) {
  const delivery = await findDelivery(ctx.tx, ctx.tenant.id, Number(deliveryId));
  if (!delivery) throw noSuchDelivery();
  const waitsFor = (await earlierInRoom(ctx.tx, delivery))?.type ?? '';
  await replay(ctx.tx, delivery.id, ctx.now);
  ctx.services.caches.subscriptions.written();
  return { audit: { after: { deliveryId, eventId: delivery.event_id } }, answer: () => ({ waitsFor }) };
}

export async function delivery({ deliveryId }: AdminInputOf<'delivery'>, ctx: ReadContext) {
  const found = await findDelivery(ctx.db, ctx.tenant.id, Number(deliveryId));
  if (!found) throw noSuchDelivery();
  const attempts = await attemptsOf(ctx.db, found.id);
  const { attempts: attemptCount, ...row } = presentDelivery(found);
  const waits = row.state === 'pending' ? await earlierInRoom(ctx.db, found) : undefined;
  return {
    ...row,
    attemptCount,
    webhookId: String(found.webhook_id),
    payload: found.body,
    waitsFor: waits?.type ?? '',
    attempts: attempts.map((made) => ({
      number: made.number,
      atUtc: utc(made.at),
      ms: made.ms,
      status: made.status,
      fault: made.fault,
      requestHeaders: made.request_headers,
      responseHeaders: made.response_headers,
      responseBody: made.response_body,
    })),
  };
}

export async function testWebhook({ webhookId }: AdminInputOf<'testWebhook'>, ctx: ChangeContext) {
  const { id, url } = await found(ctx, webhookId);
  const eventId = await emitTest(ctx.tx, ctx.services, { tenant: ctx.tenant.id, webhookId: id });
  return { audit: { after: { webhookId, url, eventId } }, answer: () => ({ eventId }) };
}
