/** What events are signed with, as it is stored: whoever has it can forge events, and signing needs it readable. */
import type { Log } from '../../base/log';
import type { DataKey } from '../../config/data-keys';
import { allWebhooks, replaceStoredSecret } from '../../data/webhooks/webhooks';
import type { Services } from '../context';
import { createSealing, type Sealing, sealedAnew } from '../sealing';

/** Which webhook's it is. */
export interface SecretOwner {
  tenant: string;
  id: number;
}

export type WebhookSecrets = Sealing<SecretOwner>;

export function createWebhookSecrets(keys: readonly DataKey[], log: Log): WebhookSecrets {
  const bound = ({ tenant, id }: SecretOwner) => ['webhook', tenant, String(id)];
  return createSealing({ keys, log, bound, mismatch: 'webhook_secret_not_of_its_owner' });
}

/** Stores all of them under the newest key; gives how many it did, and how many it could not read. */
export async function sealWebhookSecrets(services: Services): Promise<{ sealed: number; unreadable: number }> {
  const { webhookSecrets, database } = services;
  const counts = { sealed: 0, unreadable: 0 };
  if (webhookSecrets.newestKey === '') return counts;
  for (const webhook of await allWebhooks(database.forRequest())) {
    const sealed = sealedAnew(webhookSecrets, webhook.secret, webhook);
    if (sealed !== undefined) {
      await replaceStoredSecret(database.forRequest(), webhook.id, { from: webhook.secret, to: sealed });
      counts.sealed += 1;
    } else if (webhookSecrets.isOutdated(webhook.secret)) counts.unreadable += 1;
  }
  return counts;
}
