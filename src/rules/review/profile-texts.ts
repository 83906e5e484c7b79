/**
 * Titles, subjects, descriptions and names by the words of the tenant: refused, or stored masked. Operators see in the log
 * of chats who tried what.
 */
import { randomUUID } from 'node:crypto';
import { ApiError } from '../../base/errors';
import type { Context } from '../context';
import { messageKey } from './message';
import { NO_WORDS, textAfter, wordVerdict } from './word-verdict';

/** Names of the reviewed fields in the apps' API. */
export type ReviewedField = 'title' | 'subject' | 'description' | 'name';

interface Author {
  tenant: string;
  userId: number;
}

async function reviewText(ctx: Context, author: Author, { field, text }: { field: ReviewedField; text: string }) {
  const { cache, chatLog } = ctx.services.review;
  // Passes if the words cannot be read: the write after it needs the same database.
  const review = await Promise.resolve(cache.tenant(author.tenant)).catch(() => undefined);
  const words = review?.settings.enabled ? wordVerdict(review.matcher, text) : NO_WORDS;
  if (!review || words.action === 'pass') return { refused: false, text };
  const refused = words.action !== 'mask';
  if (review.settings.chatLogDays > 0) {
    chatLog.add({
      tenant: author.tenant,
      room_pk: 0,
      broadcast_no: 0,
      user_id: author.userId,
      message: text,
      at: ctx.now,
      address: ctx.clientAddress ?? '',
      platform: field,
      outcome: refused ? 'refused' : 'masked',
      code: refused ? 98 : 0,
      message_key: messageKey(author.tenant, { MsgId: randomUUID() }),
      message_seq: 0,
    });
  }
  return { refused, text: textAfter(text, words) };
}

/** The text as it is stored. Throws 98 if a word refuses it. */
export async function reviewed<T extends string | undefined>(
  ctx: Context,
  author: Author,
  { field, text }: { field: ReviewedField; text: T },
): Promise<T | string> {
  if (text === undefined || text === '') return text;
  const result = await reviewText(ctx, author, { field, text });
  if (result.refused) throw new ApiError('SystemVerifyError', `the ${field} has words that are not allowed`);
  return result.text;
}

export type ReviewedTexts = { readonly [F in ReviewedField]?: string | undefined };
const FIELDS: readonly ReviewedField[] = ['title', 'subject', 'description', 'name'];

/** The same for all of these texts. */
export async function reviewedTexts<T extends ReviewedTexts>(ctx: Context, author: Author, texts: T): Promise<T> {
  const result = { ...texts };
  for (const field of FIELDS) {
    const text = await reviewed(ctx, author, { field, text: texts[field] });
    if (text !== undefined) Object.assign(result, { [field]: text });
  }
  return result;
}

/** The same for a name that comes with a sign-in, which continues without it: undefined = not taken. */
export async function reviewedOrNone(
  ctx: Context,
  author: Author,
  { field, text }: { field: ReviewedField; text: string | undefined },
): Promise<string | undefined> {
  if (text === undefined || text === '') return text;
  const result = await reviewText(ctx, author, { field, text });
  return result.refused ? undefined : result.text;
}
