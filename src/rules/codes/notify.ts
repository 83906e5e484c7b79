/** Notifies the mail address of an account of what its other addresses do. Best effort: nothing fails if it cannot be notified. */
import type { Context } from '../context';
import type { Address } from './contact';
import { DeliveryError, type News } from './ports';

/** A mail server that does not answer may delay a sign-in by this (ms). */
const PATIENCE_MS = 2_000;

/** `account` as it was before. A phone number is not notified: SMS takes approved templates only, and ours are those of a code. */
export async function notifyMailAddress(
  ctx: Context,
  account: { email: string },
  { news, by }: { news: News; by: Address },
): Promise<void> {
  const { codes, log } = ctx.services;
  const { notify } = codes.sender;
  if (account.email === '' || account.email === by.text || notify === null) return;
  await ctx.budget
    .outside((leftMs) => notify(account.email, news, Math.min(leftMs, PATIENCE_MS)))
    .catch((error: unknown) => {
      if (!(error instanceof DeliveryError)) throw error;
      log('old_address_not_told', { reason: error.reason, code: error.code });
    });
}
