/** update_room: the owner changes the room's texts, and any member their own role. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import type { Executor } from '../../data/engine/database';
import { setRole } from '../../data/rooms/members';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoomInSession, type Room, type RoomTexts, updateRoomTexts } from '../../data/rooms/rooms';
import { tokenInvalid, type UnprovedCallerContext } from '../context';
import { ownerSign } from '../presence/presence';
import { isToBeReviewed, queuePicture } from '../review/pictures';
import { reviewedTexts } from '../review/profile-texts';
import { endedRefusal } from '../sanctions/refuse';
import { checkAppId, checkRoomId, noSuchRoom } from './checks';
import { isAnchor } from './entry-decision';

interface Changes {
  roomId: string;
  texts: RoomTexts | undefined;
  role: string | undefined;
}

async function findOwn(db: Executor, { caller }: UnprovedCallerContext, roomId: string): Promise<Room | undefined> {
  const found = await findRoomInSession(db, { tenant: caller.tenant.id, roomId }, caller.session);
  if (!found) throw tokenInvalid();
  return found.room;
}

async function checkMayBeAnchor(db: Executor, ctx: UnprovedCallerContext, roomId: string): Promise<void> {
  const room = await findOwn(db, ctx, roomId);
  if (isLiveRoom(room) && room.owner_id !== ctx.caller.id) {
    throw new ApiError('SystemVerifyError', 'only the owner is the anchor of a room');
  }
}

/** Why a change matched no row; `reason` if the session and the room are there. */
async function whyUnchanged(db: Executor, ctx: UnprovedCallerContext, of: { roomId: string; reason: string }) {
  const room = await findOwn(db, ctx, of.roomId);
  return isLiveRoom(room) ? new ApiError('SystemVerifyError', of.reason) : endedRefusal(ctx, room, db);
}

/** Each statement proves the session. Throws if one of the changes is not possible, so that a transaction makes neither. */
async function change(db: Executor, ctx: UnprovedCallerContext, { roomId, texts, role }: Changes): Promise<void> {
  const { caller, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId, by: caller.session };
  if (isAnchor(role)) await checkMayBeAnchor(db, ctx, roomId);
  if (texts && !(await updateRoomTexts(db, { ...key, now, seen: ownerSign(ctx) }, texts))) {
    throw await whyUnchanged(db, ctx, { roomId, reason: 'only the owner may change a room' });
  }
  if (role !== undefined && !(await setRole(db, { ...key, role }))) {
    throw await whyUnchanged(db, ctx, { roomId, reason: 'you are not in this room' });
  }
}

export async function updateRoom(input: InputOf<'updateRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller, db } = ctx;
  const { appId, roomId, role, custom, ...others } = input;
  const sent = { ...others, ...(custom !== undefined && caller.tenant.customByApps && { custom }) };
  checkAppId(caller.tenant, appId, 'RoomCreateParams');
  const author = { tenant: caller.tenant.id, userId: caller.id };
  const given = await reviewedTexts(ctx, author, sent);
  if (given.category !== undefined) checkRoomId(ctx, roomId, given.category);
  const texts: RoomTexts | undefined = Object.keys(given).length > 0 ? given : undefined;
  const changes = { roomId, texts, role };
  const place = { tenant: caller.tenant.id, userId: caller.publicId, roomId };
  const isNewPicture = await isToBeReviewed(ctx, place.tenant, given.cover);
  if (isNewPicture || (texts && role !== undefined)) {
    await db.transaction(async (tx) => {
      await change(tx, ctx, changes);
      if (isNewPicture) await queuePicture(tx, ctx, place);
    });
  } else if (texts || role !== undefined) await change(db, ctx, changes);
  else if (!isLiveRoom(await findOwn(db, ctx, roomId))) throw noSuchRoom();
}
