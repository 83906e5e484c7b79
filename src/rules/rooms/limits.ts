/** How much of what all share one account may have. */
import { ApiError } from '../../base/errors';
import { generateRoomId } from '../../data/accounts/public-ids';
import { proveSession } from '../../data/accounts/sessions';
import type { RoomIdLookup } from '../../data/rooms/rooms';
import type { CallerContext, UnprovedCallerContext } from '../context';

const DAY_MS = 86_400_000;

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

/** Going live makes work for IM and TRTC, which all accounts share. Each process counts for itself. */
export function limitOpenings({ caller, services, now }: CallerContext): void {
  const { roomOpeningsPerMinute: max } = services.config;
  if (max === 0 || services.throttles.openings.add(String(caller.id), now) <= max) return;
  throw new ApiError('UserQueryLimit', 'too many broadcasts started; try again in a minute');
}

/** A new roomId for the caller, unless too many are unused; undefined if the session has ended. */
export async function newRoomId(ctx: UnprovedCallerContext): Promise<string | undefined> {
  const { caller, db, now } = ctx;
  const { session } = caller;
  const tenant = caller.tenant.id;
  const max = ctx.services.config.roomIdsPerDay;
  const limit = max === 0 ? {} : { unless: { since: now - DAY_MS, max } };
  const id = await generateRoomId(db, session, { tenant, now, ...limit });
  if (id === undefined && max > 0 && (await proveSession(db, session))) {
    throw new ApiError('UserQueryLimit', `limit reached: ${max} unused roomIds in 24 hours`);
  }
  return id;
}
