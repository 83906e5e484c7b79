/** Operators: texts that wait for a verdict, and the chat log. */

import { PICTURES } from '../events';
import { required, text } from '../fields';
import { type AdminEndpoint, DETAIL, int, PENDING, pageOf, v } from './endpoint';
import { FROM_UTC, idList, oneOf, PAGE, REASON, ROOM_ID, TO_UTC, USER_ID } from './fields';

export const HELD_STATES = ['open', 'passed', 'refused', 'expired'] as const;
export const HELD_VERDICTS = ['pass', 'refuse'] as const;
export const OUTCOMES = ['passed', 'masked', 'refused', 'silent', 'held', 'recalled'] as const;

const MAX_VERDICTS = 50;

const MESSAGE_ID = text(
  { max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be an id' },
  { en: 'The message.', zh: '消息 ID。', example: '1' },
);

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

export const adminMessages = {
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
    costs: {
      rows: { im_said: [MAX_VERDICTS, 'keyCalls'] },
      calls: { im: [MAX_VERDICTS, 'keyCalls'] },
      events: { 'message.decided': [MAX_VERDICTS, 'keyCalls'], 'picture.removed': [MAX_VERDICTS, 'keyCalls'] },
    },
    fields: {
      heldIds: idList(MAX_VERDICTS, 'The texts, up to 50.', '文本 ID，最多 50 个。'),
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
    // Texts are personal data: a first page, or a file, is written down.
    costs: { rows: { audit: [1, 'keyCalls'] } },
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
    costs: { calls: { im: [1, 'keyCalls'] }, events: { 'message.recalled': [1, 'keyCalls'] } },
    fields: { messageId: required(MESSAGE_ID), reason: REASON },
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
