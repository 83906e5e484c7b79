/** Scheduled: ends rooms whose owner will not come back, and clears the leases of those who died. */
import type { WalkedRoom } from '../../data/room-clean-up';
import { findExpiredLeases } from '../../data/room-states';
import { endBroadcast } from '../rooms/end';
import { clear } from '../rooms/lifecycle';
import { absenceCutoffs } from './absence';
import { freshContext, freshDatabase, type Turn, type TurnResult } from './turn';
import { walkRooms } from './walk';

/** Whoever needs the room takes over a lease that has run out; what nobody needs is cleared so much later (ms). */
const LATE_MS = 60_000;
const BATCH = 100;

/** The work for IM and TRTC is left to the outbox job of the same run. */
async function endAbandoned(turn: Turn, room: WalkedRoom): Promise<boolean> {
  const ctx = freshContext(turn);
  const onlyIf = absenceCutoffs(turn.services);
  const ending = { ...room, by: room.owner_id, onlyIf, endedBy: 'absence' as const };
  const { ended } = await ctx.db.transaction((tx) => endBroadcast(tx, ctx, ending));
  return ended;
}

export async function endAbandonedRooms(turn: Turn): Promise<TurnResult> {
  let ended = 0;
  const position = await walkRooms(turn, async (rooms) => {
    for (const room of rooms) {
      if (room.abandoned === 1 && (await endAbandoned(turn, room))) ended += 1;
    }
  });
  if (ended > 0) turn.services.answers.clear();
  return { counts: { roomsEnded: ended }, position };
}

export async function clearExpiredLeases(turn: Turn): Promise<TurnResult> {
  let cleared = 0;
  while (turn.hasTime()) {
    const since = turn.services.clock() - LATE_MS;
    const rooms = await findExpiredLeases(freshDatabase(turn), since, BATCH);
    for (const room of rooms) cleared += (await clear(freshContext(turn), room)) ? 1 : 0;
    if (rooms.length < BATCH) break;
  }
  return { counts: { leasesCleared: cleared }, position: '' };
}
