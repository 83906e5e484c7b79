/**
 * Sends what was written. Each webhook has a runner of its own, so that one whose receiver hangs delays no other; of one
 * room, the next event waits until the one before was taken. Safe in any number of processes: each delivery is taken
 * before it is sent, and one whose sender died is due again. A receiver may get an event twice, with the same webhook-id.
 */
import { RequestBudget } from '../../base/request-budget';
import {
  type Delivery,
  type DeliveryEnd,
  deleteOldDeliveries,
  dueDeliveries,
  endDeliveries,
  putOff,
  takeDeliveries,
} from '../../data/deliveries';
import { enabledWebhooks, noteAttempt, type WebhookRow } from '../../data/webhooks';
import { type Batcher, createBatcher } from '../batcher';
import type { Services } from '../context';
import { ATTEMPT_MS, type Connections, connectionsOf, send } from './send';

/** After the first failures (ms); then every hour. */
const DELAYS = [5_000, 30_000, 120_000, 600_000];
const HOUR_MS = 3_600_000;
const GIVE_UP_MS = 24 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const LEASE_MS = ATTEMPT_MS + 20_000;
const AT_ONCE = 16;
/** While its receiver fails, a webhook tries one thing at a time. */
const AT_ONCE_FAILING = 1;
const OLD_AT_ONCE = 500;
const GONE = 410;

/** A tenth more or less, so that what failed together is not repeated together. */
const delay = (attempts: number) => (DELAYS[attempts] ?? HOUR_MS) * (0.9 + Math.random() / 5);

/** undefined where it cannot be read, which is in the log: nothing is sent until it can. */
function secretOf({ webhookSecrets }: Services, webhook: WebhookRow): string | undefined {
  try {
    return webhookSecrets.open(webhook.secret, webhook);
  } catch {
    return undefined;
  }
}

/** What deliveries of one moment, to whomever they go, do to the database in one statement. */
interface Shared {
  /** False where another process was faster. */
  take: Batcher<Delivery, boolean>;
  end: Batcher<DeliveryEnd, void>;
}

function createShared(services: Services): Shared {
  return {
    take: createBatcher(services, {
      name: 'deliveries_taken',
      keyOf: ({ id }) => id,
      // Up to a second less, so that no other process chooses the same end.
      run: (db, deliveries) =>
        takeDeliveries(db, deliveries, services.clock() + LEASE_MS - Math.floor(Math.random() * 1_000)),
    }),
    end: createBatcher(services, {
      name: 'deliveries_ended',
      keyOf: ({ id }) => id,
      run: async (db, ends) => {
        await endDeliveries(db, ends);
        return ends.map(() => undefined);
      },
    }),
  };
}

interface Run {
  services: Services;
  shared: Shared;
  webhook: WebhookRow;
  connections: Connections;
}

/** One delivery; true where the receiver took it. */
async function deliver({ services, shared, webhook, connections }: Run, delivery: Delivery): Promise<boolean> {
  const db = () => services.database.forRequest();
  const { clock, config, log, metrics } = services;
  if (!(await shared.take(delivery, new RequestBudget()))) return true;
  const message = { eventId: delivery.event_id, body: delivery.body, now: clock() };
  const started = performance.now();
  const secret = secretOf(services, webhook);
  const target = { url: webhook.url, allowPrivate: config.webhookAllowPrivate };
  const status = secret === undefined ? 0 : await send({ ...target, secret, ...message, connections });
  const now = clock();
  const taken = status >= 200 && status < 300;
  const outcome = taken ? 'ok' : status === 0 ? 'no_answer' : 'refused';
  metrics.vendorCall({ vendor: 'webhook', command: 'deliver', outcome, ms: performance.now() - started });
  const gone = status === GONE;
  const tooOld = now - delivery.created_at >= GIVE_UP_MS;
  const end = (state: DeliveryEnd['state']) => shared.end({ id: delivery.id, state, status }, new RequestBudget());
  if (taken) await end('delivered');
  else if (gone || tooOld) await end('failed');
  else await putOff(db(), delivery, { at: now + delay(delivery.attempts), status });
  if (!taken) log('webhook_failed', { webhook: webhook.id, status, attempts: delivery.attempts + 1 });
  const changed = webhook.last_status !== status || webhook.failing_since > 0;
  if (!taken || changed) await noteAttempt(db(), webhook.id, { status, failing: !taken, gone, now });
  if (gone) services.subscriptions.clear();
  return taken;
}

/** Everything that is due for one webhook; gives how many it took. */
async function run(one: Run, hasTime: () => boolean): Promise<number> {
  const { services, webhook } = one;
  let delivered = 0;
  let failing = webhook.failing_since > 0;
  while (hasTime()) {
    const limit = failing ? AT_ONCE_FAILING : AT_ONCE;
    const due = { webhookId: webhook.id, now: services.clock(), limit };
    const deliveries = await dueDeliveries(services.database.forRequest(), due);
    const results = await Promise.all(deliveries.map((delivery) => deliver(one, delivery)));
    delivered += results.filter((taken) => taken).length;
    failing = results.includes(false);
    if (deliveries.length === 0) break;
  }
  return delivered;
}

export interface Deliverer {
  /** Looks once for what is due; gives how many were delivered by the runners that it began. */
  deliverDue(hasTime: () => boolean): Promise<number>;
}

export function createDeliverer(services: Services): Deliverer {
  const running = new Set<number>();
  const shared = createShared(services);

  async function guarded(webhook: WebhookRow, hasTime: () => boolean): Promise<number> {
    running.add(webhook.id);
    const connections = connectionsOf(webhook.url);
    try {
      return await run({ services, shared, webhook, connections }, hasTime);
    } catch {
      // The database: what was taken is due again when its time is over.
      services.log('webhooks_put_off', { webhook: webhook.id, reason: 'database' });
      return 0;
    } finally {
      connections.destroy();
      running.delete(webhook.id);
    }
  }

  return {
    async deliverDue(hasTime) {
      const webhooks = await enabledWebhooks(services.database.forRequest());
      const idle = webhooks.filter(({ id }) => !running.has(id));
      const counts = await Promise.all(idle.map((webhook) => guarded(webhook, hasTime)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** Deletes what is older than WEBHOOK_KEEP_DAYS. */
export async function deleteDeliveries(services: Services, hasTime: () => boolean): Promise<number> {
  const before = services.clock() - services.config.webhookKeepDays * DAY_MS;
  let deleted = 0;
  while (hasTime()) {
    const some = await deleteOldDeliveries(services.database.forRequest(), before, OLD_AT_ONCE);
    deleted += some;
    if (some === 0) break;
  }
  return deleted;
}
