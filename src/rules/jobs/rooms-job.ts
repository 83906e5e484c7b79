/** Scheduled: ends rooms whose owner will not come back, and clears the leases of those who died. */
import type { WalkedRoom } from '../../data/rooms/room-clean-up';
import { findExpiredLeases } from '../../data/rooms/room-states';
import { absenceCutoffs } from '../presence/presence';
import { endBroadcast } from '../rooms/end';
import { clear } from '../rooms/lifecycle';
import { freshContext, freshDatabase, type JobResult, type JobRun } from './job-run';
import { walkRooms } from './walk';

/** A request for the room takes over an expired lease; unused ones are cleared after this delay (ms). */
const LATE_MS = 60_000;
const BATCH = 100;

/** The work for IM and TRTC is left to the outbox job of the same run. */
async function endAbandoned(run: JobRun, room: WalkedRoom): Promise<boolean> {
  const ctx = freshContext(run);
  const onlyIf = absenceCutoffs(run.services);
  const ending = { ...room, by: room.owner_id, onlyIf, endedBy: 'absence' as const };
  const { ended } = await ctx.db.transaction((tx) => endBroadcast(tx, ctx, ending));
  return ended;
}

export async function endAbandonedRooms(run: JobRun): Promise<JobResult> {
  let ended = 0;
  const position = await walkRooms(run, async (rooms) => {
    for (const room of rooms) {
      if (room.abandoned === 1 && (await endAbandoned(run, room))) ended += 1;
    }
  });
  return { counts: { roomsEnded: ended }, position };
}

export async function clearExpiredLeases(run: JobRun): Promise<JobResult> {
  let cleared = 0;
  while (run.hasTime()) {
    const since = run.services.clock() - LATE_MS;
    const rooms = await findExpiredLeases(freshDatabase(run), since, BATCH);
    for (const room of rooms) cleared += (await clear(freshContext(run), room)) ? 1 : 0;
    if (rooms.length < BATCH) break;
  }
  return { counts: { leasesCleared: cleared }, position: '' };
}
