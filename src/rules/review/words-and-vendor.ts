/** The tenant's words and the vendor: the last checks of a message in a room. */
import { textOf } from '../callbacks/callback';
import { holdMessage } from './held-messages';
import { CODES, type Decision, masked, PASS, type RoomMessage, refusal, SILENT, VENDOR_MS } from './im-answer';
import { hasLink } from './links';
import { isSuspect } from './vendor';
import { type WordVerdict, wordVerdict } from './word-verdict';

/** Reserved for the statement that stores a text after the vendor's verdict (ms). */
const RESERVE_MS = 100;

/** Messages of one person that wait for a verdict. More would hide the others in the queue. */
export const HELD_AT_A_TIME = 20;

async function hold(
  of: RoomMessage,
  { hits }: WordVerdict,
  why: { source: 'word' | 'vendor'; label: string },
): Promise<Decision> {
  const { ctx, review, body, tenant, room, user, userId, message } = of;
  const author = `${tenant.id} ${userId}`;
  if (ctx.services.throttles.held.add(author, ctx.now) > HELD_AT_A_TIME) return refusal(review.settings, CODES.word);
  const to = { tenant: tenant.id, room, user, userId, text: message.text, body: body['MsgBody'] };
  await holdMessage(ctx, { ...to, ...why, hits: hits.map(({ word }) => word.text) });
  return { ...refusal(review.settings, CODES.held), outcome: 'held' };
}

/** undefined: it passes. */
async function byVendor(of: RoomMessage, words: WordVerdict): Promise<Decision | undefined> {
  const { ctx, review, tenant, callback, message, room, userId } = of;
  const { reviewer } = ctx.services.review;
  const { settings } = review;
  const { text } = message;
  if (settings.vendor === 'none' || !reviewer) return undefined;
  const suspect = () => isSuspect(text, { hasHits: words.hits.length > 0, hasLink: hasLink(text) });
  if (settings.vendorScope === 'suspects' && !suspect()) return undefined;
  const address = callback.query.get('clientip') ?? '';
  const asked = { text, userId, roomId: room.roomId, nickname: '', address, dataId: textOf(of.body['MsgId']) };
  const budget = Math.min(VENDOR_MS, ctx.budget.left() - RESERVE_MS);
  const answer = await reviewer.review(tenant.id, asked, budget);
  if (!answer) return settings.onFault === 'refuse' ? refusal(settings, CODES.unavailable) : undefined;
  if (answer.verdict === 'block') return refusal(settings, CODES.word);
  if (answer.verdict === 'pass' || settings.vendorReview === 'pass') return undefined;
  if (settings.vendorReview === 'hold') return hold(of, words, { source: 'vendor', label: answer.label });
  return settings.vendorReview === 'refuse' ? refusal(settings, CODES.word) : SILENT;
}

export async function byWordsAndVendor(of: RoomMessage): Promise<Decision> {
  const { review, message } = of;
  const words = wordVerdict(review.matcher, message.text);
  if (words.action === 'silent') return SILENT;
  if (words.action === 'refuse') return refusal(review.settings, CODES.word);
  if (words.action === 'hold') return hold(of, words, { source: 'word', label: '' });
  const stopped = await byVendor(of, words);
  if (stopped) return stopped;
  return words.action === 'mask' ? masked(review.settings, message, words.masks) : PASS;
}
