/** The contract of what hosts may do in their rooms. In all of it userId is the caller, so the other person is targetUserId. */
import { MAX_SECONDS, oneOf } from './admin/fields';
import { CHAT_RULES, CHAT_RULES_EXAMPLE, CHAT_RULES_FIELDS } from './chat-rules';
import type { Costs } from './costs';
import { type Endpoint, PAGE_LIMIT, ROOM_ID, v } from './endpoint';
import { integer, required, text } from './fields';
import { ID_PATTERN, MAX_OFFSET } from './limits';

export const BLOCK_KINDS = ['kick', 'mute'] as const;
/** Admins that a room may have. */
export const MAX_ROOM_ADMINS = 10;

const TARGET = required(
  text(
    { max: 32, numbers: true, pattern: ID_PATTERN, patternText: 'must be a user id' },
    { en: 'The other person.', zh: '对方的用户 ID。', example: '2' },
  ),
);
const REASON = text({ max: 200 }, { en: 'Reason. Sent to the person.', zh: '原因，会告知对方。', example: 'spam' });
const seconds = (en: string, zh: string) => integer({ min: 0, max: MAX_SECONDS }, { en, zh, example: 600 });

const ADMINS_NOTE = {
  en: 'The owner and the admins of the room. An admin may not act on the owner or another admin.',
  zh: '主播和房管可以调用。房管不能处理主播和其他房管。',
};

const person = { userId: v.string(), name: v.string(), avatar: v.string() };
const PERSON_EXAMPLE = { userId: '2', name: 'Bob', avatar: 'https://example.com/b.png' };

export const ROOM_ADMINS = v.array(v.strictObject({ ...person, createUtc: v.string() }));
export const ROOM_ADMINS_EXAMPLE = [{ ...PERSON_EXAMPLE, createUtc: '2026-11-23 12:00:00' }];

const common = { session: 'required', okMessage: '', invalid: 'SystemVerifyError' } as const;
const CHANGE_ERRORS = ['RoomNotExists', 'UserNotExists', 'UserQueryLimit'] as const;
const lookup = { ...common, session: 'recent', invalid: 'RoomQueryParams' } as const;

const SANCTION_ROWS = {
  sanctions: [1, 'hostActs', 'hostActsOfDay'],
  audit: [1, 'hostActs', 'hostActsOfDay'],
  throttles: [1, 'once'],
  im_said: [1, 'hostActs', 'hostActsOfDay'],
  review_settings: [1, 'oncePerTenant'],
} as const satisfies Costs['rows'];
const LIFTING_COSTS = {
  rows: {
    audit: [1, 'hostActs', 'hostActsOfDay'],
    throttles: [1, 'once'],
    im_said: [1, 'hostActs', 'hostActsOfDay'],
    review_settings: [1, 'oncePerTenant'],
  },
  calls: { im: [2, 'hostActs', 'hostActsOfDay'] },
  events: { 'sanction.lifted': [1, 'hostActs', 'hostActsOfDay'] },
} as const satisfies Costs;

export const hostsContract = {
  kickUser: {
    ...common,
    path: 'rooms/kick_user',
    summary: { en: 'Send a viewer out of the room', zh: '踢出房间' },
    notes: {
      en: `${ADMINS_NOTE.en} Until the broadcast ends, or for the given seconds, enter_room answers 98.`,
      zh: `${ADMINS_NOTE.zh}在本次直播结束前或指定时长内，enter_room 返回 98。`,
    },
    costs: {
      rows: SANCTION_ROWS,
      calls: { im: [2, 'hostActs', 'hostActsOfDay'], trtc: [1, 'hostActs', 'hostActsOfDay'] },
      events: { 'sanction.created': [1, 'hostActs', 'hostActsOfDay'] },
    },
    fields: {
      roomId: required(ROOM_ID),
      targetUserId: TARGET,
      reason: REASON,
      seconds: seconds(
        'How long the room refuses them; absent = until this broadcast ends (2004 unless live); 0 = permanently.',
        '禁止再次进入的秒数；不传表示到本次直播结束（未开播返回 2004）；0 表示永久。',
      ),
    },
    errors: CHANGE_ERRORS,
  },
  muteUser: {
    ...common,
    path: 'rooms/mute_user',
    summary: { en: 'Mute a user in the room', zh: '房间禁言' },
    notes: {
      en: `${ADMINS_NOTE.en} Muting again replaces the earlier mute. IM follows.`,
      zh: `${ADMINS_NOTE.zh}再次禁言会替换之前的禁言。同步到 IM。`,
    },
    costs: {
      rows: SANCTION_ROWS,
      calls: { im: [2, 'hostActs', 'hostActsOfDay'] },
      events: { 'sanction.created': [1, 'hostActs', 'hostActsOfDay'] },
    },
    fields: {
      roomId: required(ROOM_ID),
      targetUserId: TARGET,
      seconds: required(seconds('How long; 0 = permanently in this room.', '时长（秒）；0 表示在本房间永久禁言。')),
      reason: REASON,
    },
    errors: CHANGE_ERRORS,
  },
  unmuteUser: {
    ...common,
    path: 'rooms/unmute_user',
    summary: { en: 'Let a muted person write again', zh: '解除房间禁言' },
    notes: {
      en: `${ADMINS_NOTE.en} Success too if the person is not muted. A sanction by an operator stays: 98.`,
      zh: `${ADMINS_NOTE.zh}对方未被禁言也返回成功。运营人员的禁言不能解除，返回 98。`,
    },
    costs: LIFTING_COSTS,
    fields: { roomId: required(ROOM_ID), targetUserId: TARGET },
    errors: CHANGE_ERRORS,
  },
  unblockUser: {
    ...common,
    path: 'rooms/unblock_user',
    summary: { en: 'Let a kicked person enter again', zh: '解除踢出' },
    notes: {
      en: `${ADMINS_NOTE.en} Success too if the person is not kept out. A sanction by an operator stays: 98.`,
      zh: `${ADMINS_NOTE.zh}对方未被踢出也返回成功。运营人员的处理不能解除，返回 98。`,
    },
    costs: LIFTING_COSTS,
    fields: { roomId: required(ROOM_ID), targetUserId: TARGET },
    errors: CHANGE_ERRORS,
  },
  listBlocked: {
    ...lookup,
    path: 'rooms/list_blocked',
    summary: { en: 'Who is kept out or muted', zh: '被踢出和被禁言的用户' },
    notes: {
      en: 'The owner and the admins of the room. In force only, newest first. byUserId is empty for an operator, untilUtc for permanent.',
      zh: '主播和房管可以调用。只返回生效中的，按时间降序。byUserId 为空表示运营人员，untilUtc 为空表示永久。',
    },
    costs: {},
    fields: {
      roomId: required(ROOM_ID),
      kind: oneOf(BLOCK_KINDS, { en: 'Only this kind; default both.', zh: '类型，默认两种都返回。', example: 'mute' }),
      limit: {
        ...PAGE_LIMIT,
        docs: { ...PAGE_LIMIT.docs, en: 'Page size; 20 by default.', zh: '最多返回的数目，默认 20。' },
      },
      offset: integer(
        { min: 0, max: MAX_OFFSET },
        { en: 'Entries to skip.', zh: '查询的起始索引，默认 0。', example: 0 },
      ),
    },
    data: v.array(
      v.strictObject({
        ...person,
        kind: v.picklist(BLOCK_KINDS),
        reason: v.string(),
        byUserId: v.string(),
        createUtc: v.string(),
        untilUtc: v.string(),
      }),
    ),
    exampleData: [
      {
        ...PERSON_EXAMPLE,
        kind: 'mute',
        reason: 'spam',
        byUserId: '1',
        createUtc: '2026-11-23 12:00:00',
        untilUtc: '2026-11-23 12:10:00',
      },
    ],
    errors: ['RoomNotExists', 'SystemVerifyError'],
  },
  addAdmin: {
    ...common,
    path: 'rooms/add_admin',
    summary: { en: 'Name an admin of the room', zh: '添加房管' },
    notes: {
      en: `The owner only. A room has at most ${MAX_ROOM_ADMINS} admins, who stay from broadcast to broadcast; one more answers 209.`,
      zh: `仅主播可以调用。每个房间最多 ${MAX_ROOM_ADMINS} 名房管，重新开播后保留；超出返回 209。`,
    },
    costs: {
      rows: { room_admins: [1, 'roomAdmins'], audit: [1, 'hostActs', 'hostActsOfDay'], throttles: [1, 'once'] },
      events: { 'admin.added': [1, 'hostActs', 'hostActsOfDay'] },
    },
    fields: { roomId: required(ROOM_ID), targetUserId: TARGET },
    errors: CHANGE_ERRORS,
  },
  removeAdmin: {
    ...common,
    path: 'rooms/remove_admin',
    summary: { en: 'Take an admin back', zh: '移除房管' },
    notes: { en: 'The owner only.', zh: '仅主播可以调用。' },
    costs: {
      rows: { audit: [1, 'hostActs', 'hostActsOfDay'], throttles: [1, 'once'] },
      events: { 'admin.removed': [1, 'hostActs', 'hostActsOfDay'] },
    },
    fields: { roomId: required(ROOM_ID), targetUserId: TARGET },
    errors: CHANGE_ERRORS,
  },
  listAdmins: {
    ...lookup,
    path: 'rooms/list_admins',
    summary: { en: 'Admins of a room', zh: '房管列表' },
    notes: { en: 'In the order in which they were named.', zh: '按添加时间排序。' },
    costs: {},
    fields: { roomId: required(ROOM_ID) },
    data: ROOM_ADMINS,
    exampleData: ROOM_ADMINS_EXAMPLE,
    errors: ['RoomNotExists'],
  },
  updateChat: {
    ...common,
    path: 'rooms/update_chat',
    summary: { en: 'Change the chat rules of a room', zh: '修改房间发言规则' },
    notes: {
      en: "The owner and the admins of the room. Given fields change. The rules are kept with the room and do not bind the owner and the admins. They take effect through IM's callback before a message goes out.",
      zh: '主播和房管可以调用。只修改传入的字段。规则随房间保留，不限制主播和房管。通过 IM 的发言前回调生效。',
    },
    costs: {
      rows: { chat_rules: [1, 'oncePerRoom'], audit: [1, 'hostActs', 'hostActsOfDay'], throttles: [1, 'once'] },
      events: { 'chat_rules.changed': [1, 'hostActs', 'hostActsOfDay'] },
    },
    fields: { roomId: required(ROOM_ID), ...CHAT_RULES_FIELDS },
    data: CHAT_RULES,
    exampleData: CHAT_RULES_EXAMPLE,
    errors: ['RoomNotExists', 'UserQueryLimit'],
  },
  chatRules: {
    ...lookup,
    path: 'rooms/chat_rules',
    summary: { en: 'Chat rules of a room', zh: '房间发言规则' },
    notes: { en: 'For all signed-in users.', zh: '登录用户都可以查询。' },
    costs: {},
    fields: { roomId: required(ROOM_ID) },
    data: CHAT_RULES,
    exampleData: CHAT_RULES_EXAMPLE,
    errors: ['RoomNotExists'],
  },
} as const satisfies Record<string, Endpoint>;
