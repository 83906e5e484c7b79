/** How much of what all share one account may have. */
import { ApiError } from '../../base/errors';
import type { RoomIdLookup } from '../../data/rooms';
import type { CallerContext } from '../context';

/**
 * The place among the caller's open rooms that the room to be opened gets; null where there is no limit. No two rooms of
 * an owner have the same (a unique index), so that many openings at once stay below the limit too.
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
