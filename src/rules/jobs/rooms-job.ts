/** Scheduled: ends rooms whose owner will not come back, and clears the leases of those who died. */
import { releasePublicId } from '../../data/accounts/public-ids';
import { enqueue } from '../../data/outbox/outbox';
import type { WalkedRoom } from '../../data/rooms/room-clean-up';
import { MOVES } from '../../data/rooms/room-moves';
import { type ExpiredLease, findExpiredLeases, moveRoom, ROOM_STATUS } from '../../data/rooms/room-states';
import type { Context } from '../context';
import { absenceCutoffs } from '../presence/presence';
import { endBroadcast } from '../rooms/end';
import { enqueueDoubt } from '../rooms/im-group';
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

/**
 * Closes a room whose opener or dismisser has died. The group that an opener may have made is dissolved, unless the room
 * is opened by then; the owner may be in the coming broadcast already.
 */
async function clear(ctx: Context, room: ExpiredLease): Promise<boolean> {
  const { id, tenant, room_id: roomId, broadcast_no: broadcastNo } = room;
  const { im } = ctx.services.vendors;
  const wasOpening = room.status === ROOM_STATUS.opening;
  const neverLive = wasOpening && broadcastNo === 0 && !im;
  const now = ctx.services.clock();
  return ctx.db.transaction(async (tx) => {
    const found = { status: room.status, leaseHolder: room.lease_holder };
    const values = { id, now, holder: '', until: 0, broadcastNo, ...found };
    if (!(await moveRoom(tx, neverLive ? MOVES.clearFirst : MOVES.clear, values))) return false;
    if (!wasOpening) return true;
    const doubt = { tenant, roomId, id, broadcastNo, since: room.lease_until, owner: room.owner_id };
    if (im) await enqueueDoubt(tx, doubt);
    const item = { kind: 'delete_members', tenant, target: roomId, roomPk: id, broadcastNo: broadcastNo + 1 } as const;
    if (neverLive) await enqueue(tx, { ...item, now });
    // It had no host, and this claim gets none.
    const idKey = ctx.services.userIds.key(tenant, roomId);
    if (neverLive && room.host_pending === 1) await releasePublicId(tx, tenant, idKey);
    return true;
  });
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
