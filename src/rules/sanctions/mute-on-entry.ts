/** A user who is muted in all rooms has entered one: IM has to mute the user there too, once. */
import { planTelling, wasSaid } from '../../data/outbox/said';
import type { Room } from '../../data/rooms/rooms';
import type { CallerContext } from '../context';
import { flush } from '../outbox/outbox';
import { muteInRoom, muteSubject, silentUntil } from './vendors';

/** IM keeps a mute until its end, so the call is repeated only if the end has changed. */
export async function muteOnEntry(
  ctx: CallerContext,
  room: Pick<Room, 'id' | 'broadcast_no' | 'room_id'>,
): Promise<void> {
  const { caller, db, services } = ctx;
  if (!services.vendors.im) return;
  const now = services.clock();
  const { id: roomPk, broadcast_no: broadcastNo, room_id: roomId } = room;
  const { publicId: userId } = caller;
  const tenant = caller.tenant.id;
  const subject = muteSubject({ tenant, roomPk, broadcastNo, userId });
  const until = await silentUntil(db, { userId: caller.id, roomPk, now });
  if (await wasSaid(db, subject, String(until))) return;
  const place = { id: roomPk, broadcastNo };
  const work = await db.transaction(async (tx) => {
    const dueAt = await planTelling(tx, subject, { now });
    if (dueAt === undefined) return [];
    const ids = await muteInRoom(tx, services, { tenant, roomId, userId, room: place, now, dueAt });
    return dueAt <= now ? ids : [];
  });
  await flush(ctx, work);
}
