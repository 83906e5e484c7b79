/** Sends one delivery to one webhook, stores the attempt, and a failure. */
import { addAttempts, type NewAttempt } from '../../data/webhooks/attempts';
import type { Delivery } from '../../data/webhooks/deliveries';
import { endBundle, putOff } from '../../data/webhooks/delivery-queue';
import { noteAttempt, type WebhookRow } from '../../data/webhooks/webhooks';
import type { Services } from '../context';
import { type Connections, type Exchange, send } from './send';

/** Delays after the first failures (ms); then every hour. */
const DELAYS = [5_000, 30_000, 120_000, 600_000];
const HOUR_MS = 3_600_000;
const GIVE_UP_MS = 24 * HOUR_MS;
const GONE = 410;

/** Jitter of 10 %, so that retries spread. */
const delay = (attempts: number) => (DELAYS[attempts] ?? HOUR_MS) * (0.9 + Math.random() / 5);

export interface Target {
  services: Services;
  /** Result of the last attempt. */
  webhook: WebhookRow;
  connections: Connections;
}

export type Outcome =
  /** Which is still to be written. */
  | { kind: 'delivered'; status: number; made: NewAttempt }
  /** Given up. */
  | { kind: 'failed' }
  /** The receiver returned 410 Gone. */
  | { kind: 'gone' }
  | { kind: 'put_off'; at: number };

/** The secret cannot be decrypted with the keys of DATA_KEYS: nothing was sent. */
const UNREADABLE: Exchange = {
  status: 0,
  fault: 'the secret cannot be read (DATA_KEYS)',
  requestHeaders: '',
  responseHeaders: '',
  responseBody: '',
};

/** undefined if the secret cannot be decrypted; that is logged, and nothing is sent until it can. */
function secretOf({ secrets: { webhookSecrets } }: Services, webhook: WebhookRow): string | undefined {
  try {
    return webhookSecrets.open(webhook.secret, webhook);
  } catch {
    return undefined;
  }
}

/** The attempt as it is stored. */
async function sendTo({ services, webhook, connections }: Target, delivery: Delivery): Promise<NewAttempt> {
  const { clock, config, metrics } = services;
  const secret = secretOf(services, webhook);
  const message = { eventId: delivery.event_id, body: delivery.body, now: clock() };
  const target = { url: webhook.url, allowPrivate: config.webhookAllowPrivate };
  const started = performance.now();
  const exchange = secret === undefined ? UNREADABLE : await send({ ...target, secret, ...message, connections });
  const { status } = exchange;
  const outcome = isTaken(status) ? 'ok' : status === 0 ? 'no_answer' : 'refused';
  const ms = performance.now() - started;
  metrics.vendorCall({ vendor: 'webhook', command: 'deliver', outcome, ms });
  const { id, attempts } = delivery;
  return { ...exchange, deliveryId: id, number: attempts + 1, at: message.now, ms: Math.round(ms) };
}

const isTaken = (status: number) => status >= 200 && status < 300;

/** Called if the delivery changed something or failed. */
async function note({ services, webhook }: Target, status: number): Promise<void> {
  const failing = !isTaken(status);
  if (!failing && webhook.last_status === status && webhook.failing_since === 0) return;
  const now = services.clock();
  webhook.last_status = status;
  if (!failing) webhook.failing_since = 0;
  else if (webhook.failing_since === 0) webhook.failing_since = now;
  const attempt = { status, failing, gone: status === GONE, now };
  await noteAttempt(services.database.forRequest(), webhook.id, attempt);
}

export async function attempt(target: Target, delivery: Delivery): Promise<Outcome> {
  const { services, webhook } = target;
  const db = services.database.forRequest();
  const made = await sendTo(target, delivery);
  const { status } = made;
  if (isTaken(status)) {
    await note(target, status);
    return { kind: 'delivered', status, made };
  }
  await addAttempts(db, [made]);
  const now = services.clock();
  const tooOld = now - delivery.created_at >= GIVE_UP_MS;
  const at = now + delay(delivery.attempts);
  if (status === GONE || tooOld) await endBundle(db, [{ id: delivery.id, state: 'failed', status }]);
  else await putOff(db, delivery.id, { at, status });
  services.log('webhook_failed', { webhook: webhook.id, status, attempts: delivery.attempts + 1 });
  await note(target, status);
  return status === GONE ? { kind: 'gone' } : tooOld ? { kind: 'failed' } : { kind: 'put_off', at };
}
