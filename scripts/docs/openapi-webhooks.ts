/** The `webhooks` of the OpenAPI document: the events sent to operators' servers. */
import { EVENT_INFOS, type EventInfo } from './events';

type Json = { [key: string]: unknown };

export const WEBHOOKS_TAG = { name: 'webhooks', description: 'Events sent to your servers. 事件推送' };

const DESCRIPTION = `Sent to the webhooks that operators add (\`/base/v1/admin/add_webhook\`), signed as [Standard Webhooks](https://www.standardwebhooks.com) says. Answer with 2xx within 10 s, else it is sent again for 24 h; the same \`webhook-id\` is the same event.

按 Standard Webhooks 规范签名；10 秒内返回 2xx，否则 24 小时内重试；\`webhook-id\` 相同即为同一事件。`;

const header = (name: string, description: string, schema: Json) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema,
});

const HEADERS = [
  header('webhook-id', 'The same at every attempt. 每次重试相同。', { type: 'string' }),
  header('webhook-timestamp', 'Of this attempt, seconds since 1970. 本次发送的时间（秒）。', { type: 'string' }),
  header('webhook-signature', '`v1,` and HMAC-SHA256 in Base64 of `id.timestamp.body`. 签名。', {
    type: 'string',
    pattern: '^v1,',
  }),
];

function webhook({ type, name, summary, example }: EventInfo): { post: Json } {
  const schema = { $ref: `#/components/schemas/${name}Event` };
  return {
    post: {
      operationId: `on${name}`,
      tags: [WEBHOOKS_TAG.name],
      summary: `${type}: ${summary.en} ${summary.zh}`,
      description: DESCRIPTION,
      // No user and no operator: the signature says who sends it.
      security: [],
      parameters: HEADERS,
      requestBody: { required: true, content: { 'application/json': { schema, example } } },
      responses: {
        '2XX': { description: 'Taken. 已收到。' },
        410: { description: 'The webhook is switched off. 停用该 webhook。' },
        default: { description: 'Sent again later. 稍后重试。' },
      },
    },
  };
}

export function createWebhooks(): { [type: string]: { post: Json } } {
  return Object.fromEntries(EVENT_INFOS.map((event) => [event.type, webhook(event)]));
}

export const WEBHOOK_SCHEMAS: Json = Object.fromEntries(EVENT_INFOS.map(({ name, body }) => [`${name}Event`, body]));
