/** From when on an owner counts as gone for good. */
import type { AbsenceLines } from '../../data/rooms';
import type { Services } from '../context';

export function absenceLines({ config, clock }: Services): AbsenceLines {
  const { roomCloseSeconds, roomIdleSeconds } = config.presence;
  const now = clock();
  return { goneSince: now - roomCloseSeconds * 1000, unseenSince: now - roomIdleSeconds * 1000 };
}
