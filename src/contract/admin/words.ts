/** Operators: the words of a tenant. */

import { required, text } from '../fields';
import { type AdminEndpoint, DETAIL, int, pageOf, v } from './endpoint';
import { idList, oneOf, PAGE } from './fields';

export const WORD_ACTIONS = ['refuse', 'silent', 'mask', 'hold', 'allow'] as const;

/** Limits of a tenant, and of one call. */
export const MAX_WORDS = 20_000;
export const MAX_WORDS_AT_ONCE = 1_000;
export const MAX_WORD = 64;
const MAX_CHECKED = 10_000;

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

const HIT = v.strictObject({
  wordId: v.string(),
  text: v.string(),
  start: int,
  end: int,
  action: v.picklist(WORD_ACTIONS),
});

export const adminWords = {
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
    costs: { rows: { words: [MAX_WORDS_AT_ONCE, 'keyCalls'], review_settings: [1, 'oncePerTenant'] } },
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
    costs: { rows: { review_settings: [1, 'oncePerTenant'] } },
    fields: { wordIds: idList(MAX_WORDS_AT_ONCE, 'The words.', '词 ID。') },
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
} as const satisfies Record<string, AdminEndpoint>;
