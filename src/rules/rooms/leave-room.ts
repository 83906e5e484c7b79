/** leave_room: the caller is no longer in the room. */

import type { InputOf } from '../../contract';
import { leaveRoom as leaveMembers, leavePresentBroadcast } from '../../data/rooms/members';
import { findRoom, type RoomKey } from '../../data/rooms/rooms';
import { tokenInvalid, type UnprovedCallerContext } from '../context';
import { isHeard, tellLeft } from '../webhooks/events';

function leaveAndTell(ctx: UnprovedCallerContext, key: RoomKey) {
  const { caller, db, services } = ctx;
  return db.transaction(async (tx) => {
    const session = await leaveMembers(tx, key, caller.session);
    const room = session && (await findRoom(tx, key));
    if (room) await tellLeft(tx, services, { ...key, userId: caller.publicId, user: caller.id, room });
    return session;
  });
}

/**
 * Succeeds too if the caller was not in the room or the room is gone. Leaving proves the session; only if nothing was
 * left, it is asked for.
 */
export async function leaveRoom(input: InputOf<'leaveRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller, db, services } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const { session } = caller;
  const left = (await isHeard(ctx, 'member.left', { ...key, userId: caller.publicId }))
    ? await leaveAndTell(ctx, key)
    : await leavePresentBroadcast(db, { ...key, session });
  if (!left && !(await services.caches.sessions.prove(db, session))) throw tokenInvalid();
}
