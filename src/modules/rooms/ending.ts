/** Ending rooms: in the database first, together with the work for IM and TRTC, which is done after the commit. */
import type { Tenant } from '../../config';
import type { Executor } from '../../repositories/database';
import { enqueue, type OutboxKind } from '../../repositories/outbox';
import { endRoom, openRoomsOf, type Room } from '../../repositories/rooms';
import { findTenant } from '../auth/sign-in';
import type { Context } from '../context';

function kindsOfWork(ctx: Context, tenant: Tenant | undefined): OutboxKind[] {
  if (!tenant) return [];
  return [
    ...(ctx.services.im ? (['im_destroy_group'] as const) : []),
    ...(ctx.services.config.trtc ? (['trtc_dismiss'] as const) : []),
  ];
}

/** Ends this life of the room inside a transaction; gives the ids of the work that follows. */
export async function endLife(
  tx: Executor,
  ctx: Context,
  room: Pick<Room, 'id' | 'live_no' | 'tenant' | 'room_id'> & { by: number },
) {
  const ended = await endRoom(tx, { id: room.id, liveNo: room.live_no, now: ctx.now, by: room.by });
  if (!ended) return [];
  const work: number[] = [];
  for (const kind of kindsOfWork(ctx, findTenant(ctx.services, room.tenant))) {
    const life = { roomPk: room.id, liveNo: room.live_no };
    work.push(await enqueue(tx, { kind, tenant: room.tenant, target: room.room_id, ...life, now: ctx.now }));
  }
  return work;
}

export async function endRoomsOf(tx: Executor, ctx: Context, ownerId: number): Promise<number[]> {
  const work: number[] = [];
  for (const room of await openRoomsOf(tx, ownerId)) {
    work.push(...(await endLife(tx, ctx, { ...room, by: ownerId })));
  }
  return work;
}
