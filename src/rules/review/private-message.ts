/** C2C.CallbackBeforeSendMsg: messages of two people. Words and bans only, and nothing is written down. */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { userNumber } from '../../data/accounts/public-ids';
import { type Callback, type CallbackOutcome, textOf } from '../callbacks/callback';
import type { Context } from '../context';
import { isSanctioned } from './by-rules';
import { CODES } from './decide';
import { judge, PASSED, textAfter } from './judge';
import { type Asked, answered, inTime, type Judgement, PASS, refusedStranger, SILENT } from './judgement';
import { readMessage } from './message';
import { senderOf } from './senders';
import { errorInfo } from './texts';

/** Private messages have codes of their own, and none for a review that is not available. */
const REFUSED = 120001;
const BANNED = 120004;

async function judgePrivate(of: Asked): Promise<Judgement> {
  const { ctx, tenant, body } = of;
  const { memory } = ctx.services.review;
  const review = await memory.tenant(tenant.id);
  const user = await senderOf(ctx, tenant.id, textOf(body['From_Account']));
  const unknown = refusedStranger({ ...of, user, review });
  if (unknown) return unknown;
  const rows = user === 0 ? [] : await memory.sanctionsOf(review, user, ctx.now);
  const { language, enabled, customKeys } = review.settings;
  if (isSanctioned(rows, undefined, ctx.now)) {
    return { answer: { code: BANNED, info: errorInfo(CODES.sanctioned, language) }, outcome: 'refused' };
  }
  const message = readMessage(body, customKeys);
  const judged = enabled ? judge(review.matcher, message.text) : PASSED;
  if (judged.verdict === 'silent') return SILENT;
  if (judged.verdict === 'refuse' || judged.verdict === 'hold') {
    return { answer: { code: REFUSED, info: errorInfo(CODES.word, language) }, outcome: 'refused' };
  }
  if (textAfter(message.text, judged) === message.text) return PASS;
  return { answer: { code: CODES.passed, message: message.masked(judged.masks) }, outcome: 'masked' };
}

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
  const { answer } = await inTime(of, judgePrivate(of));
  ctx.services.review.chatLog.called(tenant.id, ctx.now);
  return answered(answer.code === CODES.unavailable ? { ...answer, code: REFUSED } : answer);
}
