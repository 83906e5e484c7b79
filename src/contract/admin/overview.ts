/** Operators: the key that is used, the state of the service at a glance, its settings, and reasons that are used often. */
import type { Field } from '../fields';
import { type AdminEndpoint, int, pageOf, SCOPES, v } from './endpoint';

const PROBE = v.strictObject({ state: v.picklist(['ok', 'failed', 'waiting', 'off']), detail: v.string() });

/** Reasons are shown to users: a few short sentences. */
export const MAX_REASONS = 20;
const MAX_REASON = 100;

const RULE = `must be a list of at most ${MAX_REASONS} texts of ${MAX_REASON} characters`;
const REASON_LIST: Field<string[], false> = {
  schema: v.pipe(
    v.array(v.pipe(v.string(RULE), v.trim(), v.regex(new RegExp(`^\\P{Cc}{1,${MAX_REASON}}$`, 'u'), RULE)), RULE),
    v.maxLength(MAX_REASONS, RULE),
    v.transform((texts) => [...new Set(texts)]),
  ),
  required: false,
  allowEmpty: true,
  docs: { type: 'string[]', en: 'The texts.', zh: '原因列表。', example: ['spam', 'fraud'] },
};

const REASONS = v.strictObject({ reasons: v.array(v.string()) });
const REASONS_EXAMPLE = { reasons: ['spam', 'fraud', 'please mind the rules'] };

export const adminOverview = {
  me: {
    path: 'admin/me',
    summary: { en: 'The operator whose key this is', zh: '当前运营账号' },
    notes: {
      en: "tenant '*' = all of them. im: whether messages reach rooms. covers: beginning of the addresses of uploaded covers, '' without a bucket. watch: how watch_room works here.",
      zh: 'tenant 为 * 表示全部租户。im：消息能否送达直播间。covers：已上传封面的地址前缀，没有存储桶时为空。watch：watch_room 的方式。',
    },
    scope: 'read',
    changes: false,
    fields: {},
    data: v.strictObject({
      name: v.string(),
      scope: v.picklist(SCOPES),
      tenant: v.string(),
      expireUtc: v.string(),
      im: v.boolean(),
      covers: v.string(),
      watch: v.picklist(['trtc', 'url', 'off']),
    }),
    exampleData: {
      name: 'alice',
      scope: 'moderate',
      tenant: '*',
      expireUtc: '',
      im: true,
      covers: 'https://covers-1250000000.cos.ap-guangzhou.myqcloud.com/',
      watch: 'trtc',
    },
    errors: [],
  },
  overview: {
    path: 'admin/overview',
    summary: { en: 'Overview', zh: '概览' },
    notes: {
      en: 'Members and users of this moment; yesterday is the same minute a day ago, null without a sample. online is from the last sample, null without one. reports counts new ones of 24 hours and of the 24 hours before, 2,000 in all. health: waiting = calls that failed and are retried; codes fails while a block of phone numbers is stopped (CODE_PUMPED_PERCENT).',
      zh: '当前数据；yesterday 为一天前的同一分钟，没有样本时为 null。online 取自最近的样本，没有样本时为 null。reports 为最近 24 小时和此前 24 小时的新增举报，合计最多 2000。health 的 waiting 表示有失败后等待重试的调用；有号段停发验证码（CODE_PUMPED_PERCENT）时 codes 为 failed。',
    },
    scope: 'read',
    changes: false,
    fields: {},
    data: v.strictObject({
      now: v.strictObject({ rooms: int, viewers: int, online: v.nullable(int), openReports: int }),
      yesterday: v.strictObject({ rooms: v.nullable(int), viewers: v.nullable(int), online: v.nullable(int) }),
      reports: v.strictObject({ today: int, yesterday: int }),
      health: v.strictObject({ database: PROBE, im: PROBE, trtc: PROBE, webhooks: PROBE, codes: PROBE }),
    }),
    exampleData: {
      now: { rooms: 3, viewers: 40, online: 52, openReports: 1 },
      yesterday: { rooms: 2, viewers: 31, online: 44 },
      reports: { today: 2, yesterday: 1 },
      health: {
        database: { state: 'ok', detail: 'MySQL' },
        im: { state: 'ok', detail: 'IM REST API' },
        trtc: { state: 'ok', detail: '' },
        webhooks: { state: 'off', detail: '' },
        codes: { state: 'ok', detail: '' },
      },
    },
    errors: [],
  },
  settings: {
    path: 'admin/settings',
    summary: { en: 'Settings in force', zh: '生效中的配置' },
    notes: {
      en: 'Every setting in the order of docs/settings.md. Of secrets only whether they are set. Only for operators of all tenants.',
      zh: '全部配置，顺序与 docs/settings.zh-CN.md 相同。机密只返回是否已设置。仅限可管理全部租户的运营账号。',
    },
    scope: 'manage',
    changes: false,
    fields: {},
    data: pageOf(
      v.strictObject({
        name: v.string(),
        value: v.string(),
        secret: v.boolean(),
        isSet: v.boolean(),
        isDefault: v.boolean(),
        en: v.string(),
        zh: v.string(),
      }),
    ),
    exampleData: {
      items: [
        {
          name: 'ROOMS_PER_OWNER',
          value: '3',
          secret: false,
          isSet: false,
          isDefault: true,
          en: 'Open rooms of one person.',
          zh: '每个用户同时开播的房间数。',
        },
      ],
      cursor: '',
    },
    errors: [],
  },
  reasons: {
    path: 'admin/reasons',
    summary: { en: 'Reasons that are used often', zh: '常用原因' },
    notes: { en: 'Texts of this tenant, in its order.', zh: '当前租户的常用原因，按设置的顺序。' },
    scope: 'read',
    changes: false,
    fields: {},
    data: REASONS,
    exampleData: REASONS_EXAMPLE,
    errors: [],
  },
  setReasons: {
    path: 'admin/set_reasons',
    summary: { en: 'Set the reasons that are used often', zh: '设置常用原因' },
    notes: {
      en: `Replaces the list: ${MAX_REASONS} at most, ${MAX_REASON} characters each; empty = none.`,
      zh: `替换整个列表：最多 ${MAX_REASONS} 条，每条 ${MAX_REASON} 个字符；为空表示清空。`,
    },
    scope: 'manage',
    changes: true,
    costs: { rows: { operator_reasons: [MAX_REASONS, 'oncePerTenant'] } },
    fields: {
      reasons: REASON_LIST,
    },
    data: REASONS,
    exampleData: REASONS_EXAMPLE,
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
