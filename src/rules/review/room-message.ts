/**
 * Group.CallbackBeforeSendMsg: what IM is answered before a message goes out in a room. The first that has an objection decides:
 * room-rules.ts, then words-and-vendor.ts. All but the vendor is in memory; rows are written after the
 * answer, except for a message that goes into the queue. If something cannot be read in time, the tenant's onFault decides.
 */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { type Callback, type CallbackOutcome, textOf } from '../callbacks/callback';
import type { Context } from '../context';
import { answerOf, atFault, CODES, type Decision, inTime, PASS, type Question, type RoomMessage } from './im-answer';
import { messageKey, readMessage } from './message';
import { byRules, countSent } from './room-rules';
import { refusedStranger, senderOf } from './senders';
import { byWordsAndVendor } from './words-and-vendor';

/** The answer to the same message within this time (ms): a repeated callback is one message. */
const ANSWERED_MS = 300_000;

/** Throws or takes its time if the database does. */
async function decide(of: RoomMessage): Promise<Decision> {
  const refused = refusedStranger(of) ?? (await byRules(of));
  if (refused) return refused;
  const isReviewed = of.review.settings.enabled && of.message.text !== '';
  const decision = isReviewed ? await byWordsAndVendor(of) : PASS;
  if (decision.code === CODES.passed) countSent(of);
  return decision;
}

function writeDown(of: RoomMessage, key: string, { code, outcome, message: instead }: Decision): void {
  const { ctx, callback, body, review, tenant, room, user, message } = of;
  const { settings } = review;
  if (!settings.enabled || settings.chatLogDays === 0 || message.text === '') return;
  ctx.services.review.chatLog.add({
    tenant: tenant.id,
    room_pk: room.id,
    broadcast_no: room.broadcastNo,
    user_id: user,
    message: instead ? readMessage({ ...body, ...instead }, settings.customKeys).text : message.text,
    at: ctx.now,
    address: (callback.query.get('clientip') ?? '').slice(0, 45),
    platform: (callback.query.get('optplatform') ?? '').slice(0, 16),
    outcome,
    code,
    message_key: key,
    message_seq: 0,
  });
}

/** `key` names the message. undefined: no room of ours. Waits only for values that are not in memory. */
async function decideInRoom(question: Question, key: string): Promise<Decision | undefined> {
  const { ctx, tenant, body } = question;
  const { cache } = ctx.services.review;
  const room = await cache.room(tenant.id, textOf(body['GroupId']));
  if (!room) return undefined;
  const review = await cache.tenant(tenant.id);
  const userId = textOf(body['From_Account']);
  const message = readMessage(body, review.settings.customKeys);
  const user = await senderOf(ctx, tenant.id, userId);
  const of: RoomMessage = { ...question, room, review, user, userId, message };
  const decision = await decide(of).catch(() => atFault(of));
  writeDown(of, key, decision);
  return decision;
}

/** If several tenants share an application, the room's id decides the tenant. A group that is no room of ours passes. */
export async function beforeGroupMessage(
  ctx: Context,
  tenants: readonly Tenant[],
  { callback, body }: { callback: Callback; body: Fields },
): Promise<CallbackOutcome> {
  const { recent, chatLog } = ctx.services.review;
  for (const tenant of tenants) {
    const key = messageKey(tenant.id, body);
    const known = recent.answers.get(key, ctx.now);
    if (known) return { result: 'answered', answer: known };
    const question = { ctx, tenant, callback, body };
    const decision = await inTime(question, decideInRoom(question, key));
    if (!decision) continue;
    chatLog.called(tenant.id, ctx.now);
    const outcome = answerOf(decision);
    if (textOf(body['MsgId']) !== '') recent.answers.set(key, outcome.answer, ctx.now + ANSWERED_MS);
    return outcome;
  }
  return answerOf(PASS);
}

/** A message has gone out: its number in the group, by which it can be recalled. */
export async function afterGroupMessage(ctx: Context, tenant: Tenant, body: Fields): Promise<void> {
  const seq = Number(textOf(body['MsgSeq']));
  if (!Number.isSafeInteger(seq) || seq <= 0) return;
  const { cache, chatLog } = ctx.services.review;
  const { settings } = await cache.tenant(tenant.id);
  if (!settings.enabled || settings.chatLogDays === 0) return;
  if (await cache.room(tenant.id, textOf(body['GroupId']))) {
    chatLog.sequence(tenant.id, messageKey(tenant.id, body), seq);
  }
}
