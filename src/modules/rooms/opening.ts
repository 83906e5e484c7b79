/**
 * Going live: the room is claimed in the database, IM makes the group, then the room becomes visible. Nobody sees a room
 * without its group, and where IM fails nothing is left half made.
 */
import { ApiError, DatabaseError } from '../../errors';
import { ImError } from '../../platform/im';
import { claimRoomId, lockUser, releasePublicId } from '../../repositories/accounts';
import { enterMember } from '../../repositories/members';
import { abandonOpening, createClosedRoom, findRoom, markOpening, openRoom, type Room } from '../../repositories/rooms';
import type { CallerContext } from '../context';
import { tokenInvalid } from '../auth/caller';
import { beginAttendance } from '../presence/presence';

export interface Wish {
  roomId: string;
  role: string;
  category: string | undefined;
  title: string | undefined;
}

/** What an IM fault is for the caller. */
export function toApiError(error: unknown): unknown {
  if (!(error instanceof ImError)) return error;
  switch (error.failure) {
    case 'unreachable':
      return new ApiError('ServiceUnavailable', 'the IM service cannot be reached, please try again', { cause: error });
    case 'nonsense':
      return new ApiError('ServiceResponseInvalid', 'the IM service gave an answer that makes no sense', { cause: error });
    case 'misconfigured':
      return new ApiError('SystemError', 'Invalid TRTC config, please check .env file', { cause: error });
    case 'refused':
      return new ApiError('ServiceUnknownError', `the IM service refused (${error.code})`, { cause: error });
  }
}

/** The closed room, claimed for the caller; undefined where it is somebody else's or open by now. */
async function claimClosedRoom(ctx: CallerContext, roomId: string): Promise<Room | undefined> {
  const { caller, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId };
  const owned = await ctx.db
    .transaction(async (tx) => {
      // Deleting the account waits here, or has happened.
      if (!(await lockUser(tx, caller.id))) throw tokenInvalid();
      const owner = await claimRoomId(tx, { tenant: key.tenant, publicId: roomId, ownerId: caller.id, now });
      if (owner !== caller.id) return false;
      const room = await findRoom(tx, key);
      if (room) await markOpening(tx, room.id, now);
      else await createClosedRoom(tx, { ...key, ownerId: caller.id, now });
      return true;
    })
    .catch((error: unknown) => {
      // The same owner at the same moment, on a second phone: that room is the one to open.
      if (error instanceof DatabaseError && error.kind === 'duplicate') return true;
      throw error;
    });
  const room = owned ? await findRoom(ctx.db, key) : undefined;
  return room && room.status === 0 && room.owner_id === caller.id ? room : undefined;
}

/** Gives back what the claim took; the id too, where the room was never open and is not a user's or generated one. */
async function abandon(ctx: CallerContext, room: Room, idWasFree: boolean): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { removed } = await abandonOpening(tx, room.id);
    if (removed && idWasFree) await releasePublicId(tx, room.tenant, room.room_id);
  });
}

export async function makeImGroup(ctx: CallerContext, roomId: string, title: string): Promise<void> {
  const { caller, services } = ctx;
  if (!services.im) return;
  const group = { groupId: roomId, owner: caller.publicId, name: title };
  await services.im.createGroup(caller.tenant, group).catch((error: unknown) => {
    const code = error instanceof ImError ? error.code : 0;
    services.log('im_create_group_failed', { tenant: caller.tenant.id, roomId, code, reason: String(error) });
    throw toApiError(error);
  });
}

/** Opens the room for the caller and puts the caller in. False where somebody was faster: look again. */
export async function goLive(ctx: CallerContext, wish: Wish, idWasFree: boolean): Promise<boolean> {
  const room = await claimClosedRoom(ctx, wish.roomId);
  if (!room) return false;
  // The platform's rule: an audience never makes a group, or the anchor cannot take it later.
  const withGroup = wish.role !== 'audience' && ctx.services.im !== null;
  if (withGroup) {
    try {
      await makeImGroup(ctx, wish.roomId, wish.title ?? room.title);
    } catch (error) {
      await abandon(ctx, room, idWasFree);
      throw error;
    }
  }
  const now = ctx.services.clock();
  return ctx.db.transaction(async (tx) => {
    const opened = await openRoom(tx, {
      id: room.id,
      liveNo: room.live_no,
      ownerId: ctx.caller.id,
      category: wish.category ?? room.category,
      title: wish.title ?? '',
      imGroup: withGroup,
      now,
    });
    if (!opened) return false;
    await enterMember(tx, { id: room.id, live_no: room.live_no + 1 }, { userId: ctx.caller.id, role: wish.role, now });
    await beginAttendance(tx, ctx);
    return true;
  });
}
