/** Operators: how texts are reviewed. */

import { integer } from '../fields';
import {
  FAULT_CHOICES,
  LANGUAGES,
  MAX_CUSTOM_KEYS,
  MAX_LOG_DAYS,
  REVIEW_SETTINGS,
  VENDOR_REVIEWS,
  VENDOR_SCOPES,
  VENDORS,
} from '../review-settings';
import { type AdminEndpoint, v } from './endpoint';
import { flag, oneOf } from './fields';

const NAMES_RULE = 'must be a list of names';
const CUSTOM_KEYS = {
  schema: v.pipe(
    v.array(
      v.pipe(
        v.string(NAMES_RULE),
        v.check((name) => name.length >= 1 && name.length <= 64, NAMES_RULE),
      ),
      NAMES_RULE,
    ),
    v.maxLength(MAX_CUSTOM_KEYS, `must be at most ${MAX_CUSTOM_KEYS} names`),
  ),
  required: false,
  allowEmpty: false,
  docs: {
    type: 'string[]',
    en: 'Names of texts in the JSON of custom messages, for apps that chat by them. Without it custom messages (gifts, likes) pass.',
    zh: '自定义消息 JSON 中文本字段的名称，用于以自定义消息聊天的应用。为空时自定义消息（礼物、点赞）直接放行。',
    example: ['text'],
  },
} as const;

const SETTINGS = v.strictObject({ ...REVIEW_SETTINGS.entries, lastCallbackUtc: v.string() });
const SETTINGS_EXAMPLE = {
  enabled: true,
  onFault: 'pass',
  vendor: 'none',
  vendorScope: 'suspects',
  vendorReview: 'hold',
  vendorPictures: false,
  customKeys: [],
  chatLogDays: 60,
  language: 'zh',
  lastCallbackUtc: '2026-11-23 12:00:00',
};

export const adminReview = {
  reviewSettings: {
    path: 'admin/review_settings',
    summary: { en: 'Review settings', zh: '审核设置' },
    notes: {
      en: 'lastCallbackUtc: when IM asked before a message last; empty: it never did (docs/review.md says what to tick in its console).',
      zh: 'lastCallbackUtc 是 IM 最近一次发言前回调的时间；为空表示从未收到（需在 IM 控制台勾选，见 docs/review.md）。',
    },
    scope: 'read',
    changes: false,
    fields: {},
    data: SETTINGS,
    exampleData: SETTINGS_EXAMPLE,
    errors: [],
  },
  changeReviewSettings: {
    path: 'admin/change_review_settings',
    summary: { en: 'Change the review settings', zh: '修改审核设置' },
    notes: { en: 'Given fields change.', zh: '只修改传入的字段。' },
    scope: 'manage',
    changes: true,
    costs: { rows: { review_settings: [1, 'oncePerTenant'] } },
    fields: {
      enabled: flag({ en: 'Whether texts are reviewed and logged.', zh: '是否审核并记录文本。' }),
      onFault: oneOf(FAULT_CHOICES, {
        en: 'Action for a message that cannot be reviewed.',
        zh: '无法审核时放行（pass）还是拒绝（refuse）。',
        example: 'pass',
      }),
      vendor: oneOf(VENDORS, { en: 'Who is asked about texts.', zh: '第三方审核服务。', example: 'none' }),
      vendorScope: oneOf(VENDOR_SCOPES, {
        en: 'suspects: texts with contacts, links or hits. all: every text.',
        zh: 'suspects：含联系方式、链接或命中的文本；all：全部文本。',
        example: 'suspects',
      }),
      vendorReview: oneOf(VENDOR_REVIEWS, {
        en: "Action for the vendor's Review.",
        zh: '服务商返回 Review 时的处理方式。',
        example: 'hold',
      }),
      vendorPictures: flag({
        en: 'Whether covers and avatars are reviewed by Tencent IMS (docs/review.md).',
        zh: '是否用腾讯云图片内容安全（IMS）审核封面与头像（见 docs/review.md）。',
      }),
      customKeys: CUSTOM_KEYS,
      chatLogDays: integer(
        { min: 0, max: MAX_LOG_DAYS },
        { en: 'Days to keep texts; 0 keeps none.', zh: '文本保留天数；0 表示不保留。', example: 60 },
      ),
      language: oneOf(LANGUAGES, {
        en: 'Language of what people read whose message did not go out.',
        zh: '提示语言。',
        example: 'zh',
      }),
    },
    data: SETTINGS,
    exampleData: SETTINGS_EXAMPLE,
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
