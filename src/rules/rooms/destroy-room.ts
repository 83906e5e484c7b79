/** destroy_room: the owner ends the broadcast. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoomInSession } from '../../data/rooms/rooms';
import { tokenInvalid, type UnprovedCallerContext } from '../context';
import { flush } from '../outbox/outbox';
import { noSuchRoom } from './checks';
import { endBroadcast } from './end';

/** Succeeds too if the broadcast has ended before. */
export async function destroyRoom(input: InputOf<'destroyRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller, db } = ctx;
  const found = await findRoomInSession(db, { tenant: caller.tenant.id, roomId: input.roomId }, caller.session);
  if (!found) throw tokenInvalid();
  const { room } = found;
  if (!room || room.broadcast_no === 0) throw noSuchRoom();
  if (room.owner_id !== caller.id) throw new ApiError('SystemVerifyError', 'only the owner may end a room');
  if (!isLiveRoom(room)) return;
  const { items } = await db.transaction((tx) => endBroadcast(tx, ctx, { ...room, by: caller.id, endedBy: 'owner' }));
  await flush(ctx, items);
}
