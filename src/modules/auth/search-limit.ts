/**
 * Looking other people up is limited per caller, so that nobody reads the whole table through user_query. Counted by each
 * process for itself: a limit on harm, not an exact quota.
 */
import { ApiError } from '../../errors';
import type { CallerContext } from '../context';

const MINUTE_MS = 60_000;
const counts = new Map<number, number>();
let minute = 0;

/** Throws UserQueryLimit(209) when the caller has searched too often this minute. */
export function limitSearches(ctx: CallerContext): void {
  const limit = ctx.services.config.userQueryPerMinute;
  if (limit === 0) return;
  const current = Math.floor(ctx.now / MINUTE_MS);
  if (current !== minute) {
    minute = current;
    counts.clear();
  }
  const count = (counts.get(ctx.caller.id) ?? 0) + 1;
  counts.set(ctx.caller.id, count);
  if (count > limit) throw new ApiError('UserQueryLimit', 'too many queries, please wait a minute');
}
