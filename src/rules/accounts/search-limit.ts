/**
 * Searches are limited per caller, so that user_query cannot be used to read the whole table. Counted by each
 * process for itself: a limit on harm, not an exact quota.
 */
import { ApiError } from '../../base/errors';
import type { Services, UnprovedCallerContext } from '../context';

const MINUTE_MS = 60_000;

interface Minute {
  number: number;
  searches: Map<number, number>;
}

/** Counts per service object, so that two in one process stay separate. */
const minutes = new WeakMap<Services, Minute>();

function minuteOf({ services, now }: UnprovedCallerContext): Minute {
  const number = Math.floor(now / MINUTE_MS);
  const known = minutes.get(services);
  if (known?.number === number) return known;
  const fresh = { number, searches: new Map<number, number>() };
  minutes.set(services, fresh);
  return fresh;
}

/** Throws UserQueryLimit(209) when the caller has searched too often this minute. */
export function limitSearches(ctx: UnprovedCallerContext, count = 1): void {
  const limit = ctx.services.config.userQueryPerMinute;
  if (limit === 0) return;
  const { searches } = minuteOf(ctx);
  const sum = (searches.get(ctx.caller.id) ?? 0) + count;
  searches.set(ctx.caller.id, sum);
  if (sum > limit) throw new ApiError('UserQueryLimit', 'too many queries, please wait a minute');
}
