/** How much of what all share one account may have. */
import { ApiError } from '../../base/errors';
import { generateRoomId } from '../../data/accounts/public-ids';
import { proveSession } from '../../data/accounts/sessions';
import type { RoomIdLookup } from '../../data/rooms/rooms';
import { takeOfDay } from '../accounts/throttles';
import type { CallerContext, UnprovedCallerContext } from '../context';

const DAY_MS = 86_400_000;
/** Broadcasts of an account in a day below which other processes need not know of them. */
const SUSPICIOUS_OPENINGS = 10;

/**
 * The slot among the caller's open rooms for the new room; null if there is no limit. No two rooms of
 * an owner share a slot (a unique index), so that concurrent openings stay below the limit.
 */
export function slotFor(ctx: CallerContext, { room, ownSlots }: RoomIdLookup): number | null {
  const { roomsPerOwner } = ctx.services.config;
  if (roomsPerOwner === 0) return null;
  if (room?.owner_id === ctx.caller.id && room.open_slot !== null) return room.open_slot;
  const slots = Array.from({ length: roomsPerOwner }, (_, index) => index + 1);
  const free = slots.find((slot) => !ownSlots.includes(slot));
  if (free !== undefined && ownSlots.length < roomsPerOwner) return free;
  throw new ApiError('UserQueryLimit', `you have ${ownSlots.length} rooms open already, please end one first`);
}

/** Going live makes work for IM and TRTC, which all accounts share. Each process counts the minute for itself. */
export async function limitOpenings(ctx: CallerContext): Promise<void> {
  const { caller, services, now } = ctx;
  const { roomOpeningsPerMinute: max, roomOpeningsPerDay: most } = services.config;
  const { openings, openingsOfDay: counts } = services.throttles;
  if (max > 0 && openings.add(String(caller.id), now) > max) {
    throw new ApiError('UserQueryLimit', 'too many broadcasts started; try again in a minute');
  }
  // Each is a broadcast for the statistics, and may be a new room.
  const counted = { counts, key: `openings of ${caller.id}`, suspicious: SUSPICIOUS_OPENINGS };
  if (most > 0 && !(await takeOfDay(ctx, { ...counted, most }))) {
    throw new ApiError('UserQueryLimit', 'too many broadcasts started today');
  }
}

/** A new roomId for the caller, unless too many are unused; undefined if the session has ended. */
export async function newRoomId(ctx: UnprovedCallerContext): Promise<string | undefined> {
  const { caller, db, now } = ctx;
  const { session } = caller;
  const tenant = caller.tenant.id;
  const max = ctx.services.config.roomIdsPerDay;
  const limit = max === 0 ? {} : { unless: { since: now - DAY_MS, max } };
  const ownName = ctx.services.userIds.isNamed(tenant) && {
    ownName: ctx.services.userIds.key(tenant, caller.publicId),
  };
  const id = await generateRoomId(db, session, { tenant, now, ...limit, ...ownName });
  if (id === undefined && max > 0 && (await proveSession(db, session))) {
    throw new ApiError('UserQueryLimit', `limit reached: ${max} unused roomIds in 24 hours`);
  }
  return id;
}
