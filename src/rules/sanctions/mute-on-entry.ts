/** Somebody who is muted everywhere has entered a room: IM has to be told of this one too. */
import type { Room } from '../../data/rooms/rooms';
import type { CallerContext } from '../context';
import { flush } from '../outbox/outbox';
import { muteInRoom } from './vendors';

export async function muteOnEntry(
  ctx: CallerContext,
  room: Pick<Room, 'id' | 'broadcast_no' | 'room_id'>,
): Promise<void> {
  const { caller, services } = ctx;
  const place = { id: room.id, broadcastNo: room.broadcast_no };
  const target = { tenant: caller.tenant.id, roomId: room.room_id, userId: caller.publicId, room: place, now: ctx.now };
  await flush(ctx, await muteInRoom(ctx.db, services, target));
}
