/**
 * Results of IM's own review (ContentCallback.ResultNotify, https://cloud.tencent.com/document/product/269/95616), if the
 * tenant has bought it: messages that IM refused or doubts go into the review queue.
 */
import { type Fields, fieldsOf } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { textOf } from '../callbacks/callback';
import type { Context } from '../context';
import { holdMessage } from './held-messages';

const GROUP = 2;
const MAX_TEXTS = 20;

function textsOf(body: Fields): string[] {
  const content = body['TextContent'];
  const list: readonly unknown[] = Array.isArray(content) ? content : [content];
  return list
    .slice(0, MAX_TEXTS)
    .map(textOf)
    .filter((text) => text !== '');
}

/** Passed texts, pictures, and groups that are no rooms of ours need no work. */
export async function reviewedByIm(ctx: Context, tenant: Tenant, body: Fields): Promise<void> {
  const suggestion = textOf(body['CtxcbSuggestion']);
  const contact = fieldsOf(body['ContactItem']);
  if ((suggestion !== 'Block' && suggestion !== 'Review') || Number(contact['ContactType']) !== GROUP) return;
  const { cache } = ctx.services.review;
  const room = await cache.room(tenant.id, textOf(contact['ToGroupId']));
  const userId = textOf(body['From_Account']);
  const user = await ctx.services.userIds.numberOf(ctx.db, tenant.id, userId);
  const texts = textsOf(body);
  if (!room || user === undefined || texts.length === 0) return;
  const keywords = body['CtxcbKeywords'];
  await holdMessage(ctx, {
    tenant: tenant.id,
    room,
    user,
    userId,
    text: texts.join('\n'),
    body: texts.map((text) => ({ MsgType: 'TIMTextElem', MsgContent: { Text: text } })),
    source: 'vendor',
    label: textOf(body['CtxcbLabel']).slice(0, 64),
    hits: Array.isArray(keywords) ? keywords.slice(0, MAX_TEXTS).map(textOf) : [],
  });
}
