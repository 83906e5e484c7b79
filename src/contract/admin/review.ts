/** Operators: words, review settings, texts in the queue and the chat log. */

import { PICTURES } from '../events';
import { integer, required, text, textList } from '../fields';
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
import { type AdminEndpoint, DETAIL, int, PENDING, pageOf, v } from './endpoint';
import { FROM_UTC, flag, oneOf, PAGE, REASON, ROOM_ID, TO_UTC, USER_ID } from './fields';

export const WORD_ACTIONS = ['refuse', 'silent', 'mask', 'hold', 'allow'] as const;
export const HELD_STATES = ['open', 'passed', 'refused', 'expired'] as const;
export const HELD_VERDICTS = ['pass', 'refuse'] as const;
export const OUTCOMES = ['passed', 'masked', 'refused', 'silent', 'held', 'recalled'] as const;

/** Limits of a tenant, and of one call. */
export const MAX_WORDS = 20_000;
export const MAX_WORDS_AT_ONCE = 1_000;
export const MAX_WORD = 64;
const MAX_CHECKED = 10_000;
const MAX_VERDICTS = 50;

const id = (en: string, zh: string) =>
  text({ max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be an id' }, { en, zh, example: '1' });
const ids = (most: number, en: string, zh: string) =>
  required(
    textList(
      { max: 16, maxEntries: most, pattern: /^[1-9]\d{0,15}$/, patternText: 'must be ids' },
      { en, zh, example: ['1'] },
    ),
  );

const ACTION = oneOf(WORD_ACTIONS, {
  en: 'Action for a text with the word: refuse, silent (only the sender sees it), mask (*), hold for a verdict; allow cancels the hits inside of it.',
  zh: '含有该词的文本如何处理：refuse 拒绝，silent 仅发送者可见，mask 替换为 *，hold 待审核；allow 表示放行，其覆盖的命中无效。',
  example: 'refuse',
});
const TAG = text(
  { max: 32, allowEmpty: true },
  { en: 'For your own order.', zh: '标签，供自己分类。', example: 'ads' },
);

const WORDS = {
  schema: v.pipe(
    v.array(v.string('must be texts'), 'must be a list of texts'),
    v.minLength(1, 'must be 1 to 1000 texts'),
    v.maxLength(MAX_WORDS_AT_ONCE, 'must be 1 to 1000 texts'),
  ),
  required: true,
  allowEmpty: false,
  docs: { type: 'string[]', en: 'Words, up to 1,000.', zh: '词，最多 1,000 个。', example: ['badword'] },
} as const;

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

const HIT = v.strictObject({
  wordId: v.string(),
  text: v.string(),
  start: int,
  end: int,
  action: v.picklist(WORD_ACTIONS),
});

export const HELD = v.strictObject({
  heldId: v.string(),
  roomId: v.string(),
  roomTitle: v.string(),
  broadcastNo: int,
  userId: v.string(),
  name: v.string(),
  text: v.string(),
  source: v.picklist(['word', 'vendor']),
  picture: v.picklist(['', ...PICTURES]),
  label: v.string(),
  hits: v.array(v.string()),
  createUtc: v.string(),
  expiresUtc: v.string(),
  state: v.picklist(HELD_STATES),
  decidedBy: v.string(),
});
export type HeldData = v.InferOutput<typeof HELD>;

export const MESSAGE = v.strictObject({
  messageId: v.string(),
  roomId: v.string(),
  broadcastNo: int,
  userId: v.string(),
  name: v.string(),
  text: v.string(),
  atUtc: v.string(),
  address: v.string(),
  platform: v.string(),
  outcome: v.picklist(OUTCOMES),
  code: int,
});
export type MessageData = v.InferOutput<typeof MESSAGE>;

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
  words: {
    path: 'admin/words',
    summary: { en: 'Words', zh: '词库' },
    notes: { en: 'Newest first.', zh: '按添加时间降序。' },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      search: text({ max: MAX_WORD }, { en: 'Part of a word.', zh: '词中包含的文字。', example: 'bad' }),
      tag: text({ max: 32 }, { en: 'Only with this tag.', zh: '标签。', example: 'ads' }),
      action: { ...ACTION, docs: { ...ACTION.docs, en: 'Only this action.', zh: '处理方式。' } },
    },
    data: pageOf(
      v.strictObject({
        wordId: v.string(),
        text: v.string(),
        action: v.picklist(WORD_ACTIONS),
        tag: v.string(),
        by: v.string(),
        createUtc: v.string(),
      }),
    ),
    exampleData: {
      items: [
        { wordId: '1', text: 'badword', action: 'refuse', tag: '', by: 'alice', createUtc: '2026-11-23 12:00:00' },
      ],
      cursor: '',
    },
    errors: [],
  },
  addWords: {
    path: 'admin/add_words',
    summary: { en: 'Add words, or change them', zh: '添加或修改词' },
    notes: {
      en: 'Words are compared in one normal form (docs/review.md), so two spellings of a word are one. A tenant has up to 20,000. Every process uses them within two seconds.',
      zh: '词按统一的规范形式比较（见 docs/review.md），同一个词的不同写法视为一个词。每个租户最多 20,000 个。两秒内在所有进程生效。',
    },
    scope: 'manage',
    changes: true,
    fields: { words: WORDS, action: ACTION, tag: TAG },
    data: v.strictObject({
      added: int,
      changed: int,
      refused: v.array(v.strictObject({ text: v.string(), why: v.string(), detail: DETAIL })),
    }),
    exampleData: { added: 1, changed: 0, refused: [] },
    errors: [],
  },
  removeWords: {
    path: 'admin/remove_words',
    summary: { en: 'Remove words', zh: '删除词' },
    notes: { en: 'Words that are gone already are not counted.', zh: '已删除的词不计数。' },
    scope: 'manage',
    changes: true,
    fields: { wordIds: ids(MAX_WORDS_AT_ONCE, 'The words.', '词 ID。') },
    data: v.strictObject({ removed: int }),
    exampleData: { removed: 1 },
    errors: [],
  },
  checkText: {
    path: 'admin/check_text',
    summary: { en: 'Check a text against the words', zh: '检查文本' },
    notes: {
      en: 'Places are UTF-16 units, end exclusive. text is the text that would be sent.',
      zh: '位置为 UTF-16 单元，end 不包含。text 为实际会发出的内容。',
    },
    scope: 'read',
    changes: false,
    fields: {
      text: required(
        text({ max: MAX_CHECKED, multiline: true }, { en: 'The text.', zh: '文本。', example: 'a badword' }),
      ),
    },
    data: v.strictObject({
      verdict: v.picklist(['pass', 'refuse', 'silent', 'mask', 'hold']),
      text: v.string(),
      hits: v.array(HIT),
    }),
    exampleData: {
      verdict: 'refuse',
      text: 'a badword',
      hits: [{ wordId: '1', text: 'badword', start: 2, end: 9, action: 'refuse' }],
    },
    errors: [],
  },
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
  held: {
    path: 'admin/held',
    summary: { en: 'Texts that wait for a verdict', zh: '待审核文本' },
    notes: {
      en: 'Open ones oldest first, others newest first. An open one expires after 10 minutes. picture: the text is the address of this cover or avatar, or empty.',
      zh: '待审核的按时间升序，其他降序。10 分钟后过期。picture 不为空时，text 为封面（cover）或头像（avatar）的地址。',
    },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      state: oneOf(HELD_STATES, { en: 'open by default.', zh: '状态，默认 open。', example: 'open' }),
      roomId: ROOM_ID,
      userId: USER_ID,
    },
    data: pageOf(HELD),
    exampleData: {
      items: [
        {
          heldId: '6',
          roomId: '1',
          roomTitle: 'A live room',
          broadcastNo: 3,
          userId: '2',
          name: 'Bob',
          text: 'a doubtful text',
          source: 'word',
          picture: '',
          label: '',
          hits: ['doubtful'],
          createUtc: '2026-11-23 12:00:00',
          expiresUtc: '2026-11-23 12:10:00',
          state: 'open',
          decidedBy: '',
        },
      ],
      cursor: '',
    },
    errors: [],
  },
  decideHeld: {
    path: 'admin/decide_held',
    summary: { en: 'Decide texts in the review queue', zh: '处理待审核文本' },
    notes: {
      en: "Passed messages are sent in the author's name, unless the room or the author is gone, muted, kicked or banned. A refused picture is taken away.",
      zh: '通过的文本以作者名义发出；房间已结束，或作者已注销、禁言、踢出、封禁时不发送。拒绝的图片会被移除。',
    },
    scope: 'moderate',
    changes: true,
    fields: {
      heldIds: ids(MAX_VERDICTS, 'The texts, up to 50.', '文本 ID，最多 50 个。'),
      verdict: required(oneOf(HELD_VERDICTS, { en: 'pass or refuse.', zh: '通过或拒绝。', example: 'pass' })),
      reason: text({ max: 200 }, { en: 'Why; kept in the audit.', zh: '原因，写入操作日志。', example: 'harmless' }),
    },
    data: v.strictObject({
      done: int,
      failed: v.array(v.strictObject({ heldId: v.string(), why: v.string(), detail: DETAIL })),
    }),
    exampleData: { done: 1, failed: [] },
    errors: [],
  },
  messages: {
    path: 'admin/messages',
    summary: { en: 'Chat log of a room or a person', zh: '聊天记录' },
    notes: {
      en: 'roomId or userId is needed. Newest first, with refused messages. Personal data: reading it leaves a row in the audit. Kept for chatLogDays.',
      zh: 'roomId 与 userId 至少一个。按时间降序，包括被拒绝的。属于个人信息，查询会写入操作日志。保留 chatLogDays 天。',
    },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      roomId: ROOM_ID,
      userId: USER_ID,
      fromUtc: FROM_UTC,
      toUtc: TO_UTC,
      format: oneOf(['json', 'csv'], { en: 'A file with all of them.', zh: '导出全部。', example: 'csv' }),
    },
    data: pageOf(MESSAGE),
    exampleData: {
      items: [
        {
          messageId: '8',
          roomId: '1',
          broadcastNo: 3,
          userId: '2',
          name: 'Bob',
          text: 'hello',
          atUtc: '2026-11-23 12:00:00',
          address: '203.0.113.7',
          platform: 'Android',
          outcome: 'passed',
          code: 0,
        },
      ],
      cursor: '',
    },
    errors: ['RoomNotExists'],
  },
  recallMessage: {
    path: 'admin/recall_message',
    summary: { en: 'Take a message back', zh: '撤回消息' },
    notes: {
      en: 'At most an hour old; needs Group.CallbackAfterSendMsg. Apps with newer IM SDKs remove it.',
      zh: '一小时以内的消息；需要勾选 Group.CallbackAfterSendMsg 回调。较新的 IM SDK 会移除该消息。',
    },
    scope: 'moderate',
    changes: true,
    fields: { messageId: required(id('The message.', '消息 ID。')), reason: REASON },
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
