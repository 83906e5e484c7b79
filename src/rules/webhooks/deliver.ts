/**
 * Sends written events. Each webhook has its own runner, so that a hanging receiver delays no other; in one
 * room, an event waits until the previous one was accepted. Safe in any number of processes: each delivery is claimed
 * before it is sent, and one whose sender died is due again. A receiver may get an event twice, with the same webhook-id.
 */
import { deleteOldAttempts } from '../../data/webhooks/attempts';
import { deleteOldDeliveries } from '../../data/webhooks/deliveries';
import { enabledWebhooks, type WebhookRow } from '../../data/webhooks/webhooks';
import type { Services } from '../context';
import { Runner } from './runner';
import { connectionsOf } from './send';

const DAY_MS = 24 * 3_600_000;
const OLD_AT_ONCE = 500;

export interface Deliverer {
  /** Searches once for due deliveries; returns how many were delivered by the runners it started. */
  deliverDue(hasTime: () => boolean): Promise<number>;
}

export function createDeliverer(services: Services): Deliverer {
  const running = new Map<number, Runner>();
  /** Per webhook, the rooms that a runner did not finish. */
  const left = new Map<number, readonly number[]>();

  async function guarded(webhook: WebhookRow, hasTime: () => boolean): Promise<number> {
    const connections = connectionsOf(webhook.url);
    const runner = new Runner({ services, webhook, connections }, left.get(webhook.id) ?? []);
    left.delete(webhook.id);
    running.set(webhook.id, runner);
    try {
      return await runner.run(hasTime);
    } catch {
      // A database failure: the claim expires and is due again.
      services.log('webhooks_put_off', { webhook: webhook.id, reason: 'database' });
      return 0;
    } finally {
      connections.destroy();
      running.delete(webhook.id);
      if (runner.left.length > 0) left.set(webhook.id, runner.left);
    }
  }

  return {
    async deliverDue(hasTime) {
      const webhooks = await enabledWebhooks(services.database.forRequest());
      const idle = webhooks.filter(({ id }) => !running.has(id));
      for (const { id } of webhooks) running.get(id)?.lookAgain();
      const enabled = new Set(webhooks.map(({ id }) => id));
      for (const id of left.keys()) if (!enabled.has(id)) left.delete(id);
      const counts = await Promise.all(idle.map((webhook) => guarded(webhook, hasTime)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** Deletes deliveries older than WEBHOOK_KEEP_DAYS. */
export async function deleteDeliveries(services: Services, hasTime: () => boolean): Promise<number> {
  const before = services.clock() - services.config.webhookKeepDays * DAY_MS;
  let deleted = 0;
  while (hasTime()) {
    const db = services.database.forRequest();
    const some =
      (await deleteOldDeliveries(db, before, OLD_AT_ONCE)) + (await deleteOldAttempts(db, before, OLD_AT_ONCE));
    deleted += some;
    if (some === 0) break;
  }
  return deleted;
}
