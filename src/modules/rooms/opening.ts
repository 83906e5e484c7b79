/**
 * Going live: the room is claimed in the database, IM makes the group, then the room becomes visible. Nobody sees a room
 * without its group, and where IM fails nothing is left half made.
 */
import { ApiError, DatabaseError } from '../../errors';
import { ImError } from '../../platform/im';
import { claimPublicId, releasePublicId } from '../../repositories/accounts';
import { enterComingLife } from '../../repositories/members';
import { abandonOpening, createClosedRoom, markOpening, openRoom, type RoomPlace } from '../../repositories/rooms';
import type { CallerContext } from '../context';
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
      return new ApiError('ServiceResponseInvalid', 'the IM service gave an answer that makes no sense', {
        cause: error,
      });
    case 'misconfigured':
      return new ApiError('SystemError', 'Invalid TRTC config, please check .env file', { cause: error });
    case 'refused':
      return new ApiError('ServiceUnknownError', `the IM service refused (${error.code})`, { cause: error });
  }
}

/** A room of the caller's that is not open, and what it takes to undo the claim on it. */
interface Claimed {
  id: number;
  liveNo: number;
  roomId: string;
  category: string;
  title: string;
  idWasFree: boolean;
}

/** Takes the id and the room for the caller; undefined where somebody was faster. */
async function claimRoom(ctx: CallerContext, roomId: string, place: RoomPlace): Promise<Claimed | undefined> {
  const { caller, db, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId };
  const { room } = place;
  if (room) {
    await markOpening(db, room.id, now);
    return { ...room, liveNo: room.live_no, roomId, idWasFree: false };
  }
  const idWasFree = place.owner === undefined;
  if (idWasFree && !(await claimPublicId(db, { tenant: key.tenant, publicId: roomId, ownerId: caller.id, now })))
    return;
  try {
    const id = await createClosedRoom(db, { ...key, ownerId: caller.id, now });
    return { id, liveNo: 0, roomId, category: '', title: '', idWasFree };
  } catch (error) {
    // The same owner at the same moment, on a second phone.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return;
    throw error;
  }
}

/** Gives back what the claim took; the id too, where it was free before. */
async function abandon(ctx: CallerContext, room: Claimed): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { removed } = await abandonOpening(tx, room.id);
    if (removed && room.idWasFree) await releasePublicId(tx, ctx.caller.tenant.id, room.roomId);
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

/**
 * Opens the room for the caller and puts the caller in. Each step can be repeated and shows nothing by itself; the last
 * one makes all of it visible. False where somebody was faster: look again.
 */
export async function goLive(ctx: CallerContext, wish: Wish, place: RoomPlace): Promise<boolean> {
  const room = await claimRoom(ctx, wish.roomId, place);
  if (!room) return false;
  // The platform's rule: an audience never makes a group, or the anchor cannot take it later.
  const withGroup = wish.role !== 'audience' && ctx.services.im !== null;
  if (withGroup) {
    try {
      await makeImGroup(ctx, wish.roomId, wish.title ?? room.title);
    } catch (error) {
      await abandon(ctx, room);
      throw error;
    }
  }
  const now = ctx.services.clock();
  await enterComingLife(
    ctx.db,
    { id: room.id, liveNo: room.liveNo + 1 },
    { userId: ctx.caller.id, role: wish.role, now },
  );
  await beginAttendance(ctx.db, ctx);
  return openRoom(ctx.db, {
    id: room.id,
    liveNo: room.liveNo,
    ownerId: ctx.caller.id,
    category: wish.category ?? room.category,
    title: wish.title ?? '',
    imGroup: withGroup,
    now,
  });
}
