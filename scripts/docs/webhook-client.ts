/** Writes client/src/webhook-contract.ts: the events of webhooks as plain types. */
import { dataType } from './admin-client';
import { EVENT_INFOS } from './events';

export function createWebhookContract(): string {
  const events = EVENT_INFOS.map(
    ({ type, summary, data }) => `  /** ${summary.en}. */\n  '${type}': ${dataType(data, '  ')};\n`,
  );
  return [
    '/** Made from src/contract/events.ts by `npm run docs`; a test fails when it differs. Not to be edited. */\n',
    `/** Every event by its type: what its \`data\` is. */\nexport interface WebhookEvents {\n${events.join('')}}\n`,
  ].join('\n');
}
