/**
 * Group.CallbackBeforeSendMsg: what IM is answered before a message goes out in a room. In the order of the contract:
 * sanctions, roles and rules of the room, words, vendor. All but the vendor is in memory; rows are written after the
 * answer, except for a message that goes into the queue. If something cannot be read in time, the tenant's onFault decides.
 */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { type Callback, type CallbackOutcome, textOf } from '../callbacks/callback';
import type { Context } from '../context';
import { byRules, hasLimits } from './by-rules';
import { byWords } from './by-words';
import { CODES } from './decide';
import {
  type Asked,
  answered,
  atFault,
  inTime,
  type Judgement,
  PASS,
  type RoomMessage,
  refuse,
  refusedStranger,
} from './judgement';
import type { ChatRoom, TenantReview } from './memory';
import { readMessage } from './message';
import { messageKey } from './message-key';
import { normalText } from './normal-form';
import { senderOf } from './senders';

/** Throws or takes its time if the database does. */
async function judgeMessage(of: RoomMessage): Promise<Judgement> {
  const { ctx, review, room, userId, message, normal } = of;
  const unknown = refusedStranger(of);
  if (unknown) return unknown;
  const refused = await byRules(of);
  if (refused) return refuse(of, refused);
  const judgement = review.settings.enabled && message.text !== '' ? await byWords(of) : PASS;
  const wentOut = judgement.answer.code === CODES.passed;
  if (wentOut && hasLimits(room) && message.text !== '') {
    ctx.services.review.recent.wrote(room.id, userId, { at: ctx.now, text: normal });
  }
  return judgement;
}

function keep(of: RoomMessage, key: string, { answer, outcome }: Judgement): void {
  const { ctx, callback, body, review, tenant, room, user, message } = of;
  const { settings } = review;
  if (!settings.enabled || settings.chatLogDays === 0 || message.text === '') return;
  const text = answer.message ? readMessage({ ...body, ...answer.message }, settings.customKeys).text : message.text;
  ctx.services.review.chatLog.add({
    tenant: tenant.id,
    room_pk: room.id,
    broadcast_no: room.broadcastNo,
    user_id: user,
    message: text,
    at: ctx.now,
    address: (callback.query.get('clientip') ?? '').slice(0, 45),
    platform: (callback.query.get('optplatform') ?? '').slice(0, 16),
    outcome,
    code: answer.code,
    message_key: key,
    message_seq: 0,
  });
}

/** The room and the settings of its tenant; undefined: no room of ours. Waits only for values that are not in memory. */
async function placeOf({ ctx, tenant, body }: Asked): Promise<{ review: TenantReview; room: ChatRoom } | undefined> {
  const { memory } = ctx.services.review;
  const room = await memory.room(tenant.id, textOf(body['GroupId']));
  return room && { room, review: await memory.tenant(tenant.id) };
}

/** `key` names the message. undefined: no room of ours. */
async function judgeInRoom(of: Asked, key: string): Promise<Judgement | undefined> {
  const place = await placeOf(of);
  if (!place) return undefined;
  const userId = textOf(of.body['From_Account']);
  const message = readMessage(of.body, place.review.settings.customKeys);
  const user = await senderOf(of.ctx, of.tenant.id, userId);
  const normal = hasLimits(place.room) ? normalText(message.text) : '';
  const whole: RoomMessage = { ...of, ...place, user, userId, message, normal };
  const judgement = await judgeMessage(whole).catch(() => atFault(of));
  keep(whole, key, judgement);
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
    let ours = true;
    const judging = judgeInRoom(of, key).then((found) => {
      ours = found !== undefined;
      return found ?? PASS;
    });
    const judgement = await inTime(of, judging);
    if (!ours) continue;
    chatLog.called(tenant.id, ctx.now);
    const outcome = answered(judgement.answer);
    if (textOf(body['MsgId']) !== '') recent.answer(key, ctx.now, outcome.answer);
    return outcome;
  }
  return answered({ code: CODES.passed });
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
