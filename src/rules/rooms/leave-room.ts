/** leave_room: the caller is no longer in the room. */

import type { InputOf } from '../../contract';
import { leavePresentBroadcast } from '../../data/rooms/leaving';
import { leaveRoom as leaveMembers } from '../../data/rooms/members';
import { findRoom, type RoomKey } from '../../data/rooms/rooms';
import { tokenInvalid } from '../accounts/caller';
import type { UnprovedCallerContext } from '../context';
import { isSampled, tellLeft } from '../webhooks/events';

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
  const member = { ...key, userId: caller.publicId };
  const isHeard =
    isSampled(services.config, member) && (await services.caches.subscriptions.wants(db, key.tenant, 'member.left'));
  const { session } = caller;
  const left = isHeard ? await leaveAndTell(ctx, key) : await leavePresentBroadcast(db, { ...key, session });
  if (!left && !(await services.caches.sessions.prove(db, session))) throw tokenInvalid();
}
