/** The secrets that events are signed with, as they are stored: encrypted, since signing needs them readable. */
import type { Log } from '../../base/log';
import type { DataKey } from '../../config/data-keys';
import type { DatabaseSource } from '../../data/engine/open';
import { allWebhooks, replaceStoredSecret } from '../../data/webhooks/webhooks';
import { createSealing, type Sealing, sealedAnew } from '../sealing';

/** The webhook that a secret belongs to. */
export interface SecretOwner {
  tenant: string;
  id: number;
}

export type WebhookSecrets = Sealing<SecretOwner>;

export function createWebhookSecrets(keys: readonly DataKey[], log: Log): WebhookSecrets {
  const bound = ({ tenant, id }: SecretOwner) => ['webhook', tenant, String(id)];
  return createSealing({ keys, log, bound, mismatch: 'webhook_secret_not_of_its_owner' });
}

/** Encrypts all of them with the newest key. Returns how many it changed and how many it could not read. */
export async function sealWebhookSecrets(
  database: DatabaseSource,
  webhookSecrets: WebhookSecrets,
): Promise<{ sealed: number; unreadable: number }> {
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
