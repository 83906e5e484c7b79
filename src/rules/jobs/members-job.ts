/**
 * Scheduled: takes members who have been gone for long out of open rooms and counts large rooms again. What lists show does
 * not wait for it; it keeps their work small. Activity brings a member back for the same time as a host.
 */

import { findGoneMembers, type GoneMember, removeGoneMembers } from '../../data/presence/member-presence';
import type { BroadcastKey } from '../../data/rooms/member-clean-up';
import type { WalkedRoom } from '../../data/rooms/room-clean-up';
import { ALWAYS_COUNTED_BELOW, refreshCountsOf } from '../../data/rooms/room-counts';
import { onlineCutoffs } from '../presence/presence';
import { freshDatabase, type JobResult, type JobRun } from './job-run';
import { walkRooms } from './walk';

const BATCH = 500;
const ROOMS_AT_ONCE = 100;
const COUNTS_MS = 60_000;

interface BroadcastMembers extends BroadcastKey {
  userIds: number[];
}

function byBroadcast(members: readonly GoneMember[]): Map<string, BroadcastMembers> {
  const broadcasts = new Map<string, BroadcastMembers>();
  for (const { room_pk, broadcast_no, user_id } of members) {
    const key = `${room_pk} ${broadcast_no}`;
    const broadcast = broadcasts.get(key) ?? { id: room_pk, broadcastNo: broadcast_no, userIds: [] };
    broadcast.userIds.push(user_id);
    broadcasts.set(key, broadcast);
  }
  return broadcasts;
}

async function removeGone(run: JobRun, roomIds: readonly number[]): Promise<number> {
  const { config, clock } = run.services;
  const { memberTimeoutSeconds, ownerTimeoutSeconds, roomCloseSeconds } = config.presence;
  // alive_until is made with the owners' time-out (presence.ts, onlineCutoffs).
  const late = (memberTimeoutSeconds - ownerTimeoutSeconds + roomCloseSeconds) * 1000;
  let removed = 0;
  while (run.hasTime()) {
    const goneSince = clock() - late;
    const gone = await findGoneMembers(freshDatabase(run), roomIds, { goneSince, most: BATCH });
    for (const { userIds, ...broadcast } of byBroadcast(gone).values()) {
      removed += await removeGoneMembers(freshDatabase(run), broadcast, { userIds, goneSince });
    }
    if (gone.length < BATCH) break;
  }
  return removed;
}

async function recount(run: JobRun, rooms: readonly WalkedRoom[]): Promise<number> {
  const { config, clock } = run.services;
  const stale = rooms.filter(
    (room) => room.total_joined >= ALWAYS_COUNTED_BELOW && room.counted_at < clock() - COUNTS_MS,
  );
  for (const room of stale) {
    await refreshCountsOf(freshDatabase(run), room.id, onlineCutoffs(config.presence, clock()));
  }
  return stale.length;
}

export async function cleanUpMembers(run: JobRun): Promise<JobResult> {
  let membersRemoved = 0;
  let roomsCounted = 0;
  const position = await walkRooms(run, async (rooms) => {
    for (let start = 0; start < rooms.length; start += ROOMS_AT_ONCE) {
      const some = rooms.slice(start, start + ROOMS_AT_ONCE);
      membersRemoved += await removeGone(
        run,
        some.map((room) => room.id),
      );
      roomsCounted += await recount(run, some);
    }
  });
  return { counts: { membersRemoved, roomsCounted }, position };
}
