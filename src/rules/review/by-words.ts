/** The tenant's words and the vendor: the checks of a message that the rules of the room let through. */
import { textOf } from '../callbacks/callback';
import { CODES, hasLink } from './decide';
import { hold } from './hold';
import { type Judged, judge } from './judge';
import { type Judgement, PASS, type RoomMessage, refuse, SILENT, VENDOR_MS } from './judgement';
import { isSuspect } from './vendor';

/** Reserved for the statement that stores a text after the vendor's verdict (ms). */
const RESERVE_MS = 100;

/** Messages of one person that wait for a verdict. More would hide the others in the queue. */
export const HELD_AT_A_TIME = 20;

async function held(
  of: RoomMessage,
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

async function byVendor(of: RoomMessage, judged: Judged): Promise<Judgement | undefined> {
  const { ctx, review, tenant, callback, message, room, userId } = of;
  const { reviewer } = ctx.services.review;
  const { settings } = review;
  const { text } = message;
  if (settings.vendor === 'none' || !reviewer || text === '') return undefined;
  const suspect = () => isSuspect(text, { hasHits: judged.hits.length > 0, hasLink: hasLink(text) });
  if (settings.vendorScope === 'suspects' && !suspect()) return undefined;
  const address = callback.query.get('clientip') ?? '';
  const asked = { text, userId, roomId: room.roomId, nickname: '', address, dataId: textOf(of.body['MsgId']) };
  const budget = Math.min(VENDOR_MS, ctx.budget.left() - RESERVE_MS);
  const verdict = await reviewer.review(tenant.id, asked, budget);
  if (!verdict) return settings.onFault === 'refuse' ? refuse(of, { code: CODES.unavailable }) : undefined;
  if (verdict.verdict === 'block') return refuse(of, { code: CODES.word });
  if (verdict.verdict === 'pass' || settings.vendorReview === 'pass') return undefined;
  if (settings.vendorReview === 'hold') return held(of, { source: 'vendor', label: verdict.label, judged });
  if (settings.vendorReview === 'refuse') return refuse(of, { code: CODES.word });
  return SILENT;
}

export async function byWords(of: RoomMessage): Promise<Judgement> {
  const { review, message } = of;
  const judged = judge(review.matcher, message.text);
  if (judged.verdict === 'silent') return SILENT;
  if (judged.verdict === 'refuse') return refuse(of, { code: CODES.word });
  if (judged.verdict === 'hold') return held(of, { source: 'word', label: '', judged });
  const stopped = await byVendor(of, judged);
  if (stopped) return stopped;
  if (judged.verdict === 'pass') return PASS;
  return { answer: { code: CODES.passed, message: message.masked(judged.masks) }, outcome: 'masked' };
}
