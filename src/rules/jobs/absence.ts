/** When a host counts as gone, so that the room ends. */
import type { AbsenceCutoffs } from '../../data/presence/predicates';
import type { Services } from '../context';

export function absenceCutoffs({ config, clock }: Services): AbsenceCutoffs {
  const { roomCloseSeconds, roomIdleSeconds } = config.presence;
  const now = clock();
  return { now, goneSince: now - roomCloseSeconds * 1000, unseenSince: now - roomIdleSeconds * 1000 };
}
