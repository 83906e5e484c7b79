/**
 * Group.CallbackBeforeSendMsg and C2C.CallbackBeforeSendMsg: what IM is answered before a message goes out. In the order of
 * the contract: sanctions, roles and rules of the room, words, vendor. All but the vendor is in memory; rows are written
 * after the answer, except for a message that goes into the queue. The answer always comes: if something cannot be read
 * in time, the tenant's onFault decides.
 */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { userNumber } from '../../data/accounts/public-ids';
import type { ChatSanctionRow } from '../../data/review/chat-rooms';
import { joinedAt } from '../../data/review/chat-rooms';
import { type Callback, type CallbackOutcome, textOf } from '../callbacks/callback';
import type { Context } from '../context';
import { CODES, decideByRules, hasLink, type Refused } from './decide';
import { hold } from './hold';
import { type Judged, judge, PASSED, textAfter } from './judge';
import type { ChatRoom, TenantReview } from './memory';
import { type ImMessage, readMessage } from './message';
import { messageKey } from './message-key';
import { normalText } from './normal-form';
import { RecentMessages } from './recent';
import { errorInfo } from './texts';
import { isSuspect } from './vendor';

/** IM waits for 2 s. With a vendor the answer takes at most 800 ms: this is the vendor's part (ms). */
const ASK_MS = 600;
const VENDOR_MS = 650;
/** Reserved for the statement that stores a text after the vendor's verdict (ms). */
const RESERVE_MS = 100;

/** C2C has separate codes. */
const C2C_WORD = 120001;
const C2C_BANNED = 120004;

/** Messages of one person that wait for a verdict. More would hide the others in the queue. */
export const HELD_AT_A_TIME = 20;

interface Answer {
  code: number;
  info?: string;
  body?: unknown[];
}

type Outcome = 'passed' | 'masked' | 'refused' | 'silent' | 'held';

interface Judgement {
  answer: Answer;
  outcome: Outcome;
}

interface Asked {
  ctx: Context;
  callback: Callback;
  body: Fields;
  tenant: Tenant;
}

/** One message in a room of ours. */
interface Message extends Asked {
  review: TenantReview;
  room: ChatRoom;
  /** 0: not one of our users. */
  user: number;
  userId: string;
  message: ImMessage;
  normal: string;
}

function answered({ code, info = '', body }: Answer): CallbackOutcome {
  return {
    result: 'answered',
    answer: { ActionStatus: 'OK', ErrorInfo: info, ErrorCode: code, ...(body && { MsgBody: body }) },
  };
}

const PASS: Judgement = { answer: { code: CODES.passed }, outcome: 'passed' };

function refuse({ review }: Pick<Message, 'review'>, { code, seconds }: Refused): Judgement {
  return { answer: { code, info: errorInfo(code, review.settings.language, seconds) }, outcome: 'refused' };
}

/** The tenant's choice for texts that cannot be reviewed. */
function atFault({ ctx, tenant }: Pick<Asked, 'ctx' | 'tenant'>): Judgement {
  const settings = ctx.services.review.memory.lastSettings(tenant.id);
  if (settings.onFault === 'pass') return PASS;
  const code = CODES.unavailable;
  return { answer: { code, info: errorInfo(code, settings.language) }, outcome: 'refused' };
}

function isSanctioned(rows: readonly ChatSanctionRow[], room: ChatRoom | undefined, now: number): boolean {
  return rows.some((row) => {
    if (row.until_at <= now) return false;
    if (row.kind === 'ban') return true;
    if (!room) return false;
    const here = row.room_pk === room.id && (row.broadcast_no === 0 || row.broadcast_no === room.broadcastNo);
    return here || (row.kind === 'mute' && row.room_pk === 0);
  });
}

/** The sender's time of entry; read only if the room's rules need it, and cached. */
async function sinceWhen({ ctx, room, user }: Message): Promise<number | undefined> {
  if (room.rules.minSecondsInRoom === 0) return 0;
  const { recent } = ctx.services.review;
  const name = `${room.id} ${room.broadcastNo} ${user}`;
  const known = recent.joinedAt(name);
  if (known !== undefined) return known;
  const found = await joinedAt(ctx.db, { roomPk: room.id, broadcastNo: room.broadcastNo, userId: user });
  if (found !== undefined) recent.joined(name, found);
  return found;
}

async function byRules(of: Message): Promise<Refused | undefined> {
  const { ctx, review, room, user, message, normal } = of;
  const { memory, recent } = ctx.services.review;
  const rows = user === 0 ? [] : await memory.sanctionsOf(review, user, ctx.now);
  const runsRoom = room.ownerId === user || room.admins.has(user);
  const sanctioned = isSanctioned(rows, room, ctx.now);
  const joined = sanctioned || runsRoom || message.text === '' ? 0 : await sinceWhen(of);
  const text = RecentMessages.comparable(normal);
  return decideByRules(
    // Messages of a tenant's backend come from none of our users: the room's rules are for viewers.
    { sanctioned, runsRoom: runsRoom || user === 0, joinedAt: joined, last: recent.last(room.id, user) },
    { text: message.text, normal: text, now: ctx.now },
    room.rules,
  );
}

async function held(
  of: Message,
  why: { source: 'word' | 'vendor'; label: string; judged: Judged },
): Promise<Judgement> {
  const { ctx, body, tenant, room, user, userId, message } = of;
  const author = `${tenant.id} ${userId}`;
  if (ctx.services.throttles.held.add(author, ctx.now) > HELD_AT_A_TIME) return refuse(of, { code: CODES.word });
  const hits = why.judged.hits.map(({ word }) => word.text);
  const to = { tenant: tenant.id, room, user, userId, text: message.text, body: body['MsgBody'] };
  await hold(ctx, { ...to, source: why.source, label: why.label, hits });
  return { ...refuse(of, { code: CODES.held }), outcome: 'held' };
}

async function byVendor(of: Message, judged: Judged): Promise<Judgement | undefined> {
  const { ctx, review, tenant, callback, message, room, userId } = of;
  const { reviewer } = ctx.services.review;
  const { settings } = review;
  const { text } = message;
  if (settings.vendor === 'none' || !reviewer || text === '') return undefined;
  const suspect = () => isSuspect(text, { hasHits: judged.hits.length > 0, hasLink: hasLink(text) });
  if (settings.vendorScope === 'suspects' && !suspect()) return undefined;
  const address = callback.query.get('clientip') ?? '';
  const asked = { text, userId, roomId: room.roomId, nickname: '', address, dataId: of.body['MsgId'] };
  const budget = Math.min(VENDOR_MS, ctx.budget.left() - RESERVE_MS);
  const verdict = await reviewer.review(tenant.id, { ...asked, dataId: textOf(asked.dataId) }, budget);
  if (!verdict) return settings.onFault === 'refuse' ? refuse(of, { code: CODES.unavailable }) : undefined;
  if (verdict.verdict === 'block') return refuse(of, { code: CODES.word });
  if (verdict.verdict === 'pass' || settings.vendorReview === 'pass') return undefined;
  if (settings.vendorReview === 'hold') return held(of, { source: 'vendor', label: verdict.label, judged });
  if (settings.vendorReview === 'refuse') return refuse(of, { code: CODES.word });
  return { answer: { code: CODES.silent }, outcome: 'silent' };
}

async function byWords(of: Message): Promise<Judgement> {
  const { review, message } = of;
  const judged = judge(review.matcher, message.text);
  if (judged.verdict === 'silent') return { answer: { code: CODES.silent }, outcome: 'silent' };
  if (judged.verdict === 'refuse') return refuse(of, { code: CODES.word });
  if (judged.verdict === 'hold') return held(of, { source: 'word', label: '', judged });
  const stopped = await byVendor(of, judged);
  if (stopped) return stopped;
  if (judged.verdict === 'pass') return PASS;
  return { answer: { code: CODES.passed, body: message.masked(judged.masks) }, outcome: 'masked' };
}

/** Whether the room's rules need the last message of a person. */
function hasLimits({ rules }: ChatRoom): boolean {
  return rules.slowSeconds > 0 || rules.unique;
}

/** Throws or takes its time if the database does. */
async function judgeMessage(of: Message): Promise<Judgement> {
  const { ctx, review, room, user, message, normal } = of;
  const refused = await byRules(of);
  if (refused) return refuse(of, refused);
  const judgement = review.settings.enabled && message.text !== '' ? await byWords(of) : PASS;
  const wentOut = judgement.answer.code === CODES.passed;
  if (wentOut && hasLimits(room) && user > 0 && message.text !== '') {
    ctx.services.review.recent.wrote(room.id, user, { at: ctx.now, text: normal });
  }
  return judgement;
}

function keep(of: Message, { answer, outcome }: Judgement): void {
  const { ctx, callback, body, review, tenant, room, user, message } = of;
  const { settings } = review;
  if (!settings.enabled || settings.chatLogDays === 0 || message.text === '') return;
  const masked = outcome === 'masked' ? readMessage(answer.body, settings.customKeys).text : message.text;
  ctx.services.review.chatLog.add({
    tenant: tenant.id,
    room_pk: room.id,
    broadcast_no: room.broadcastNo,
    user_id: user,
    message: masked,
    at: ctx.now,
    address: (callback.query.get('clientip') ?? '').slice(0, 45),
    platform: (callback.query.get('optplatform') ?? '').slice(0, 16),
    outcome,
    code: answer.code,
    message_key: messageKey(tenant.id, body),
    message_seq: 0,
  });
}

/** The answer of `work`, or of a fault if it takes too long or fails. */
function inTime(of: Asked, work: Promise<Judgement>): Promise<Judgement> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(atFault(of)), ASK_MS + VENDOR_MS / 5);
    work
      .catch(() => atFault(of))
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

/** The room and the settings of its tenant; undefined: no room of ours. Waits only for values that are not in memory. */
async function placeOf(of: Asked): Promise<{ review: TenantReview; room: ChatRoom } | undefined> {
  const { memory } = of.ctx.services.review;
  const found = memory.room(of.tenant.id, textOf(of.body['GroupId']));
  const room = found instanceof Promise ? await found : found;
  if (!room) return undefined;
  const known = memory.tenant(of.tenant.id);
  return { room, review: known instanceof Promise ? await known : known };
}

async function judgeGroup(of: Asked): Promise<Judgement | undefined> {
  const place = await placeOf(of);
  if (!place) return undefined;
  const userId = textOf(of.body['From_Account']);
  const message = readMessage(of.body['MsgBody'], place.review.settings.customKeys);
  const user = (await of.ctx.services.userIds.numberOf(of.ctx.db, of.tenant.id, userId)) ?? 0;
  const normal = hasLimits(place.room) ? normalText(message.text) : '';
  const whole: Message = { ...of, ...place, user, userId, message, normal };
  const judgement = await judgeMessage(whole).catch(() => atFault(of));
  keep(whole, judgement);
  return judgement;
}

/** If several tenants share an application, the room's id decides the tenant. A group that is no room of ours passes. */
export async function beforeGroupMessage(
  ctx: Context,
  tenants: readonly Tenant[],
  { callback, body }: { callback: Callback; body: Fields },
): Promise<CallbackOutcome> {
  const { recent, chatLog } = ctx.services.review;
  for (const tenant of tenants) {
    const of = { ctx, tenant, callback, body };
    const key = messageKey(tenant.id, body);
    const known = recent.answered(key, ctx.now);
    if (known) return { result: 'answered', answer: known };
    const judging = judgeGroup(of);
    let ours = true;
    const judgement = await inTime(
      of,
      judging.then((found) => {
        ours = found !== undefined;
        return found ?? PASS;
      }),
    );
    if (!ours) continue;
    chatLog.called(tenant.id, ctx.now);
    const outcome = answered(judgement.answer);
    if (outcome.result === 'answered' && textOf(body['MsgId']) !== '') recent.answer(key, ctx.now, outcome.answer);
    return outcome;
  }
  return answered({ code: CODES.passed });
}

async function judgeC2c(of: Asked): Promise<Judgement> {
  const { ctx, tenant, body } = of;
  const { memory } = ctx.services.review;
  const known = memory.tenant(tenant.id);
  const review = known instanceof Promise ? await known : known;
  const user = (await ctx.services.userIds.numberOf(ctx.db, tenant.id, textOf(body['From_Account']))) ?? 0;
  const rows = user === 0 ? [] : await memory.sanctionsOf(review, user, ctx.now);
  const { language, enabled, customKeys } = review.settings;
  if (isSanctioned(rows, undefined, ctx.now)) {
    return { answer: { code: C2C_BANNED, info: errorInfo(CODES.sanctioned, language) }, outcome: 'refused' };
  }
  const message = readMessage(body['MsgBody'], customKeys);
  const judged = enabled ? judge(review.matcher, message.text) : PASSED;
  if (judged.verdict === 'silent') return { answer: { code: CODES.silent }, outcome: 'silent' };
  if (judged.verdict === 'refuse' || judged.verdict === 'hold') {
    return { answer: { code: C2C_WORD, info: errorInfo(CODES.word, language) }, outcome: 'refused' };
  }
  if (textAfter(message.text, judged) === message.text) return PASS;
  return { answer: { code: CODES.passed, body: message.masked(judged.masks) }, outcome: 'masked' };
}

/** Messages of two people: words and bans only, and nothing is written down. */
export async function beforeC2cMessage(
  ctx: Context,
  tenants: readonly Tenant[],
  { callback, body }: { callback: Callback; body: Fields },
): Promise<CallbackOutcome> {
  const from = textOf(body['From_Account']);
  // Tenants with names have an application of their own.
  const tenant = tenants.find(({ id }) => userNumber(id, from) !== undefined) ?? tenants[0];
  if (!tenant) return answered({ code: CODES.passed });
  const of = { ctx, tenant, callback, body };
  const judgement = await inTime(of, judgeC2c(of));
  ctx.services.review.chatLog.called(tenant.id, ctx.now);
  // Unavailable review has a separate code in groups only.
  const { answer } = judgement;
  return answered(answer.code === CODES.unavailable ? { ...answer, code: C2C_WORD } : answer);
}

/** A message has gone out: its number in the group, by which it can be recalled. */
export async function afterGroupMessage(ctx: Context, tenants: readonly Tenant[], body: Fields): Promise<void> {
  const seq = Number(textOf(body['MsgSeq']));
  if (!Number.isSafeInteger(seq) || seq <= 0) return;
  const { memory, chatLog } = ctx.services.review;
  for (const tenant of tenants) {
    const review = await memory.tenant(tenant.id);
    if (!review.settings.enabled || review.settings.chatLogDays === 0) continue;
    if (!(await memory.room(tenant.id, textOf(body['GroupId'])))) continue;
    chatLog.sequence(tenant.id, messageKey(tenant.id, body), seq);
  }
}
