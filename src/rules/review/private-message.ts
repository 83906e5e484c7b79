/** C2C.CallbackBeforeSendMsg: messages of two people. Words and bans only, and nothing is written down. */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { userNumber } from '../../data/accounts/public-ids';
import { type Callback, type CallbackOutcome, textOf } from '../callbacks/callback';
import type { Context } from '../context';
import { answerOf, CODES, type Decision, inTime, masked, PASS, type Question, refusal, SILENT } from './im-answer';
import { readMessage } from './message';
import { isSanctioned } from './room-rules';
import { refusedStranger, senderOf } from './senders';
import { wordVerdict } from './word-verdict';

/** Private messages have codes of their own, and none for a review that is not available. */
const REFUSED = 120001;
const PRIVATE: ReadonlyMap<number, number> = new Map([
  [CODES.word, REFUSED],
  [CODES.unavailable, REFUSED],
  [CODES.sanctioned, 120004],
]);

async function decide(question: Question): Promise<Decision> {
  const { ctx, tenant, body } = question;
  const { cache } = ctx.services.review;
  const review = await cache.tenant(tenant.id);
  const user = await senderOf(ctx, tenant.id, textOf(body['From_Account']));
  const unknown = refusedStranger({ ...question, user, review });
  if (unknown) return unknown;
  const { settings, matcher } = review;
  const sanctions = user === 0 ? [] : await cache.sanctionsOf(review, user, ctx.now);
  if (isSanctioned(sanctions, undefined, ctx.now)) return refusal(settings, CODES.sanctioned);
  if (!settings.enabled) return PASS;
  const message = readMessage(body, settings.customKeys);
  const { action, masks } = wordVerdict(matcher, message.text);
  if (action === 'pass') return PASS;
  if (action === 'mask') return masked(settings, message, masks);
  return action === 'silent' ? SILENT : refusal(settings, CODES.word);
}

export async function beforeC2cMessage(
  ctx: Context,
  tenants: readonly Tenant[],
  { callback, body }: { callback: Callback; body: Fields },
): Promise<CallbackOutcome> {
  const from = textOf(body['From_Account']);
  // Tenants with names have an application of their own.
  const tenant = tenants.find(({ id }) => userNumber(id, from) !== undefined) ?? tenants[0];
  if (!tenant) return answerOf(PASS);
  const question = { ctx, tenant, callback, body };
  const decision = await inTime(question, decide(question));
  ctx.services.review.chatLog.called(tenant.id, ctx.now);
  return answerOf({ ...decision, code: PRIVATE.get(decision.code) ?? decision.code });
}
