/**
 * The events that webhooks publish, each declared once as data. The types of the emitters, the `webhooks` of the OpenAPI
 * document, the table of docs/webhooks-out.md and the types of the client come from here. A kind of event is added by its
 * entry here, and by an emit() (rules/webhooks/events.ts) in the transaction of the change.
 */
import * as v from 'valibot';
import { CHAT_RULES, CHAT_RULES_EXAMPLE } from './chat-rules';
import { ENDED_BY, SANCTION_KINDS } from './kinds';

interface Words {
  en: string;
  zh: string;
}

export interface EventDeclaration {
  summary: Words;
  /** Shape of `data`. */
  data: v.StrictObjectSchema<v.ObjectEntries, undefined>;
  exampleData: Readonly<Record<string, string | number | boolean>>;
}

/** The room of an event. `sequence` numbers the events of a room, which are sent in that order. */
const PLACE = {
  roomId: v.string(),
  broadcastNo: v.pipe(v.number(), v.integer()),
  sequence: v.pipe(v.number(), v.integer()),
};
const PLACE_EXAMPLE = { roomId: '1', broadcastNo: 3, sequence: 7 };
export type PlaceField = keyof typeof PLACE;

const SANCTION = v.strictObject({
  ...v.partial(v.strictObject(PLACE)).entries,
  sanctionId: v.string(),
  kind: v.picklist(SANCTION_KINDS),
  userId: v.string(),
  reason: v.string(),
  untilUtc: v.string(),
  by: v.string(),
  byUserId: v.string(),
});
const SANCTION_EXAMPLE = {
  sanctionId: '5',
  kind: 'ban',
  userId: '2',
  reason: 'spam',
  untilUtc: '2026-11-24 13:00:00',
  by: 'alice',
  byUserId: '',
};

/** Pictures that a vendor reviews. */
export const PICTURES = ['cover', 'avatar'] as const;

export const EVENTS = {
  'room.opened': {
    summary: { en: 'A broadcast began', zh: '开播' },
    data: v.strictObject({ ...PLACE, ownBy: v.string(), title: v.string(), category: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, ownBy: '1', title: 'Hello', category: 'mlvb-show-live' },
  },
  'room.ended': {
    summary: { en: 'A broadcast ended', zh: '直播结束' },
    data: v.strictObject({ ...PLACE, endedBy: v.picklist(ENDED_BY), reason: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, endedBy: 'owner', reason: '' },
  },
  'member.joined': {
    summary: {
      en: 'A user joined the room; sent again if the app enters again',
      zh: '有人进入房间；重复进入会再次通知',
    },
    data: v.strictObject({ ...PLACE, userId: v.string(), role: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, userId: '2', role: 'audience' },
  },
  'member.left': {
    summary: { en: 'A user left the room by leave_room', zh: '有人离开房间；仅由 leave_room 触发' },
    data: v.strictObject({ ...PLACE, userId: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, userId: '2' },
  },
  'user.created': {
    summary: { en: 'An account was made', zh: '新账号' },
    data: v.strictObject({ userId: v.string() }),
    exampleData: { userId: '2' },
  },
  'user.deleted': {
    summary: { en: 'An account was deleted', zh: '账号注销' },
    data: v.strictObject({ userId: v.string() }),
    exampleData: { userId: '2' },
  },
  'sanction.created': {
    summary: {
      en: 'An operator banned, muted or kicked a user; has a place if it concerns one room',
      zh: '运营人员封禁、禁言或踢出用户；针对某个房间时带有房间字段',
    },
    data: SANCTION,
    exampleData: SANCTION_EXAMPLE,
  },
  'sanction.lifted': {
    summary: { en: 'An operator took a sanction back', zh: '运营人员解除处罚' },
    data: SANCTION,
    exampleData: SANCTION_EXAMPLE,
  },
  'admin.added': {
    summary: { en: 'The owner of a room named an admin', zh: '主播添加房管' },
    data: v.strictObject({ ...PLACE, userId: v.string(), byUserId: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, userId: '2', byUserId: '1' },
  },
  'admin.removed': {
    summary: { en: 'The owner of a room took an admin back', zh: '主播移除房管' },
    data: v.strictObject({ ...PLACE, userId: v.string(), byUserId: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, userId: '2', byUserId: '1' },
  },
  'chat_rules.changed': {
    summary: { en: 'The chat rules of a room changed', zh: '房间发言规则已修改' },
    data: v.strictObject({ ...PLACE, ...CHAT_RULES.entries, by: v.string(), byUserId: v.string() }),
    exampleData: { ...PLACE_EXAMPLE, ...CHAT_RULES_EXAMPLE, by: 'host', byUserId: '1' },
  },
  'message.held': {
    summary: { en: 'A message waits for a verdict', zh: '消息待审核' },
    data: v.strictObject({
      ...PLACE,
      heldId: v.string(),
      userId: v.string(),
      source: v.picklist(['word', 'vendor']),
      label: v.string(),
      expiresUtc: v.string(),
    }),
    exampleData: {
      ...PLACE_EXAMPLE,
      heldId: '6',
      userId: '2',
      source: 'word',
      label: '',
      expiresUtc: '2026-11-24 13:00:00',
    },
  },
  'message.decided': {
    summary: { en: 'An operator decided a message in the review queue', zh: '待审核消息已处理' },
    data: v.strictObject({
      ...PLACE,
      heldId: v.string(),
      userId: v.string(),
      verdict: v.picklist(['pass', 'refuse']),
      reason: v.string(),
      by: v.string(),
    }),
    exampleData: { ...PLACE_EXAMPLE, heldId: '6', userId: '2', verdict: 'pass', reason: '', by: 'alice' },
  },
  'message.recalled': {
    summary: { en: 'An operator took a message back', zh: '消息已撤回' },
    data: v.strictObject({
      ...PLACE,
      messageId: v.string(),
      userId: v.string(),
      reason: v.string(),
      by: v.string(),
    }),
    exampleData: { ...PLACE_EXAMPLE, messageId: '8', userId: '2', reason: 'insult', by: 'alice' },
  },
  'picture.removed': {
    summary: {
      en: 'A cover or an avatar was removed after review; by is vendor or the operator',
      zh: '封面或头像经审核被移除；by 为 vendor 或运营人员',
    },
    data: v.strictObject({
      ...v.partial(v.strictObject(PLACE)).entries,
      userId: v.string(),
      picture: v.picklist(PICTURES),
      url: v.string(),
      label: v.string(),
      by: v.string(),
    }),
    exampleData: { userId: '2', picture: 'avatar', url: 'https://example.com/a.png', label: 'Porn', by: 'vendor' },
  },
  'report.created': {
    summary: { en: 'A viewer reported a room or one of its users', zh: '观众举报房间或用户' },
    data: v.strictObject({
      ...PLACE,
      reportId: v.string(),
      byUserId: v.string(),
      targetUserId: v.string(),
      reason: v.string(),
      description: v.string(),
    }),
    exampleData: {
      ...PLACE_EXAMPLE,
      reportId: '4',
      byUserId: '2',
      targetUserId: '',
      reason: 'fraud',
      description: 'asks for money',
    },
  },
} as const satisfies Record<string, EventDeclaration>;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = v.InferOutput<(typeof EVENTS)[T]['data']>;

/** Keys in table order; Object.keys loses their type. */
export const EVENT_TYPES = Object.keys(EVENTS) as readonly EventType[] as readonly [EventType, ...EventType[]];

/** The payload: the data and the fields of every event. */
export const envelopeOf = <T extends EventType>(type: T) =>
  v.strictObject({
    id: v.string(),
    type: v.literal(type),
    createdUtc: v.string(),
    tenant: v.string(),
    data: EVENTS[type].data,
  });
