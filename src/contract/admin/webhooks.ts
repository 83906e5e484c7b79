/** Operators' API: webhooks and their deliveries. */
import { EVENT_TYPES } from '../events';
import { required, text, textList } from '../fields';
import { type AdminEndpoint, int, pageOf, v } from './endpoint';
import { flag, oneOf, PAGE } from './fields';

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

const URL_FIELD = text(
  { max: 1_000, pattern: /^https?:\/\/[^\s]+$/, patternText: 'must be an http or https URL' },
  { en: 'Where events are sent.', zh: '接收事件的地址。', example: 'https://example.com/hooks/live-room' },
);
const EVENTS_FIELD = textList(
  {
    max: 32,
    maxEntries: EVENT_TYPES.length,
    pattern: new RegExp(`^(${EVENT_TYPES.map((type) => type.replace('.', '\\.')).join('|')})$`),
    patternText: `must be of ${EVENT_TYPES.join(', ')}`,
  },
  {
    en: 'Which events; absent or empty = all.',
    zh: '事件类型；不传或为空表示全部。',
    example: ['room.opened', 'room.ended'],
  },
);
const DESCRIPTION = text(
  { max: 200, allowEmpty: true },
  { en: 'For people.', zh: '备注。', example: 'our statistics' },
);
const ENABLED = flag({ en: 'Whether events are sent; true by default.', zh: '是否发送，默认 true。' });
const id = (en: string, zh: string) =>
  text({ max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be an id' }, { en, zh, example: '1' });
/** Type of the event that test_webhook sends. No webhook subscribes to it, so it is none of EVENT_TYPES. */
export const TEST_EVENT = 'webhook.test';

const DELIVERY = {
  deliveryId: v.string(),
  eventId: v.string(),
  event: v.string(),
  atUtc: v.string(),
  attempts: int,
  state: v.picklist(DELIVERY_STATES),
  lastStatus: int,
  nextUtc: v.string(),
};
const DELIVERY_EXAMPLE = {
  deliveryId: '9',
  eventId: 'evt_…',
  event: 'room.ended',
  atUtc: '2026-11-23 12:00:00',
  attempts: 1,
  state: 'delivered' as const,
  lastStatus: 200,
  nextUtc: '',
};

const WEBHOOK_ID = id('The webhook.', 'webhook ID。');

export const adminWebhooks = {
  webhooks: {
    path: 'admin/webhooks',
    summary: { en: 'Webhooks', zh: 'webhook 列表' },
    notes: {
      en: 'lastStatus is the HTTP status of the last attempt; 0 if there was no response or no attempt.',
      zh: 'lastStatus 是最近一次的 HTTP 状态码，没有响应或尚未发送时为 0。',
    },
    scope: 'manage',
    changes: false,
    fields: PAGE,
    data: pageOf(
      v.strictObject({
        webhookId: v.string(),
        url: v.string(),
        events: v.array(v.picklist(EVENT_TYPES)),
        description: v.string(),
        enabled: v.boolean(),
        lastStatus: int,
        failingSinceUtc: v.string(),
      }),
    ),
    exampleData: {
      items: [
        {
          webhookId: '1',
          url: 'https://example.com/hooks/live-room',
          events: ['room.ended'],
          description: '',
          enabled: true,
          lastStatus: 200,
          failingSinceUtc: '',
        },
      ],
      cursor: '',
    },
    errors: [],
  },
  addWebhook: {
    path: 'admin/add_webhook',
    summary: { en: 'Add a webhook', zh: '添加 webhook' },
    notes: {
      en: 'Only this response has the secret (whsec_…, Standard Webhooks). Private network addresses are rejected unless WEBHOOK_ALLOW_PRIVATE=true. A tenant has at most 20 webhooks; another one returns 409.',
      zh: '密钥（whsec_…，Standard Webhooks 规范）只在本次返回中出现。除非 WEBHOOK_ALLOW_PRIVATE=true，不允许内网地址。每个租户最多 20 个，超出返回 409。',
    },
    scope: 'manage',
    changes: true,
    costs: { rows: { webhooks: [1, 'keyCalls'] } },
    fields: { url: required(URL_FIELD), events: EVENTS_FIELD, description: DESCRIPTION, enabled: ENABLED },
    data: v.strictObject({ webhookId: v.string(), secret: v.string() }),
    exampleData: { webhookId: '1', secret: 'whsec_…' },
    errors: [],
  },
  changeWebhook: {
    path: 'admin/change_webhook',
    summary: { en: 'Change a webhook', zh: '修改 webhook' },
    notes: {
      en: 'Changes the given fields only. With rotate, only this response has the new secret, and the old one is revoked.',
      zh: '只修改传入的字段。rotate 生成新密钥（仅本次返回），旧密钥立即失效。',
    },
    scope: 'manage',
    changes: true,
    costs: {},
    fields: {
      webhookId: required(WEBHOOK_ID),
      url: URL_FIELD,
      events: EVENTS_FIELD,
      description: DESCRIPTION,
      enabled: ENABLED,
      rotate: flag({ en: 'A new secret.', zh: '更换密钥。' }),
    },
    data: v.strictObject({ secret: v.optional(v.string()) }),
    exampleData: {},
    errors: [],
  },
  removeWebhook: {
    path: 'admin/remove_webhook',
    summary: { en: 'Remove a webhook', zh: '删除 webhook' },
    notes: { en: 'With its deliveries.', zh: '同时删除其投递记录。' },
    scope: 'manage',
    changes: true,
    costs: {},
    fields: { webhookId: required(WEBHOOK_ID) },
    errors: [],
  },
  deliveries: {
    path: 'admin/deliveries',
    summary: { en: 'List deliveries of a webhook', zh: '投递记录' },
    notes: {
      en: 'Newest first, kept for WEBHOOK_KEEP_DAYS days.',
      zh: '按时间降序，保留 WEBHOOK_KEEP_DAYS 天。',
    },
    scope: 'manage',
    changes: false,
    fields: {
      ...PAGE,
      webhookId: required(WEBHOOK_ID),
      state: oneOf(DELIVERY_STATES, { en: 'Only those.', zh: '状态。', example: 'failed' }),
    },
    data: pageOf(v.strictObject(DELIVERY)),
    exampleData: { items: [DELIVERY_EXAMPLE], cursor: '' },
    errors: [],
  },
  delivery: {
    path: 'admin/delivery',
    summary: { en: 'One delivery with its attempts', zh: '推送记录详情' },
    notes: {
      en: 'payload is the body as it is sent. attempts are the last 20, newest first: headers without the signature, and the first 2,000 characters of the response. waitsFor names an earlier event of the same room that has to be delivered first.',
      zh: 'payload 为推送的请求体。attempts 为最近 20 次，按时间降序：请求头（不含签名）和响应体前 2000 个字符。waitsFor 为同一直播间中需要先送达的事件。',
    },
    scope: 'manage',
    changes: false,
    fields: { deliveryId: required(id('The delivery.', '推送记录 ID。')) },
    data: v.strictObject({
      ...DELIVERY,
      webhookId: v.string(),
      payload: v.string(),
      waitsFor: v.string(),
      attempts: v.array(
        v.strictObject({
          number: int,
          atUtc: v.string(),
          ms: int,
          status: int,
          fault: v.string(),
          requestHeaders: v.string(),
          responseHeaders: v.string(),
          responseBody: v.string(),
        }),
      ),
      attemptCount: int,
    }),
    exampleData: {
      ...DELIVERY_EXAMPLE,
      webhookId: '1',
      payload: '{"id":"evt_…","type":"room.ended"}',
      waitsFor: '',
      attempts: [
        {
          number: 1,
          atUtc: '2026-11-23 12:00:01',
          ms: 48,
          status: 200,
          fault: '',
          requestHeaders: 'webhook-id: evt_…',
          responseHeaders: 'content-type: text/plain',
          responseBody: 'ok',
        },
      ],
      attemptCount: 1,
    },
    errors: [],
  },
  testWebhook: {
    path: 'admin/test_webhook',
    summary: { en: 'Send a test event', zh: '发送测试事件' },
    notes: {
      en: `An event of type ${TEST_EVENT}, signed like all others, to this webhook only. Its delivery shows the receiver's response.`,
      zh: `仅向该地址推送一个 ${TEST_EVENT} 事件，签名方式与其他事件相同。推送记录会显示接收方的响应。`,
    },
    scope: 'manage',
    changes: true,
    costs: { events: { 'webhook.test': [1, 'keyCalls'] } },
    fields: { webhookId: required(WEBHOOK_ID) },
    data: v.strictObject({ eventId: v.string() }),
    exampleData: { eventId: 'evt_…' },
    errors: [],
  },
  replayDelivery: {
    path: 'admin/replay_delivery',
    summary: { en: 'Send a delivery again', zh: '重新投递' },
    notes: {
      en: "Sends the same event with the same id again. waitsFor names an earlier event of the same room that has to be delivered first; '' = it is sent now, if the webhook is enabled.",
      zh: '重新推送同一事件（ID 不变）。waitsFor 为同一直播间中需要先送达的事件；为空表示立即推送（需已启用）。',
    },
    scope: 'manage',
    changes: true,
    costs: {},
    fields: { deliveryId: required(id('The delivery.', '推送记录 ID。')) },
    data: v.strictObject({ waitsFor: v.string() }),
    exampleData: { waitsFor: '' },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
