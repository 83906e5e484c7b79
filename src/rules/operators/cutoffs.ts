/** The time from which a user counts as online, for operators. */
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { onlineCutoffs } from '../presence/presence';
import type { ReadContext } from './change-context';

export function cutoffsOf(ctx: Pick<ReadContext, 'services' | 'now'>): OnlineCutoffs {
  return onlineCutoffs(ctx.services.config.presence, ctx.now);
}
