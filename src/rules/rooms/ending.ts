/** Ending rooms: in the database first, together with the work for IM and TRTC, which is done after the commit. */
import type { Tenant } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { enqueue, type OutboxKind } from '../../data/outbox';
import type { AbsenceCutoffs } from '../../data/presence/predicates';
import { endRoom, openRoomsOf, type Room } from '../../data/rooms';
import { findTenant } from '../accounts/sign-in';
import type { Context, Services } from '../context';
import { canWorkHere } from '../outbox/outbox';

const toldOfMissingKey = new WeakSet<Services>();

/** Where nobody has a key of the cloud API, TRTC rooms are left to end by themselves. Said once per process. */
function canDismiss(services: Services): boolean {
  const { trtc, log } = services;
  if (!trtc || trtc.ready() || trtc.readyElsewhere) return trtc !== null;
  if (!toldOfMissingKey.has(services)) log('trtc_dismiss_skipped', { reason: 'no credentials' });
  toldOfMissingKey.add(services);
  return false;
}

function kindsOfWork({ services }: Context, tenant: Tenant | undefined): OutboxKind[] {
  if (!tenant) return [];
  return [
    ...(services.im ? (['im_destroy_group'] as const) : []),
    ...(canDismiss(services) ? (['trtc_dismiss'] as const) : []),
  ];
}

export interface LifeToEnd extends Pick<Room, 'id' | 'live_no' | 'tenant' | 'room_id'> {
  /** Who ends it: a user's internal number. */
  by: number;
  /** Ends it only where its owner is absent as the statement itself finds. */
  onlyIf?: AbsenceCutoffs;
}

/** Ends this life of the room inside a transaction; gives the ids of the work that may be tried at once. */
export async function endLife(
  tx: Executor,
  ctx: Context,
  room: LifeToEnd,
): Promise<{ ended: boolean; work: number[] }> {
  const { by, onlyIf } = room;
  const ended = await endRoom(tx, { id: room.id, liveNo: room.live_no, now: ctx.now, by, onlyIf });
  if (!ended) return { ended, work: [] };
  const life = { tenant: room.tenant, target: room.room_id, roomPk: room.id, liveNo: room.live_no, now: ctx.now };
  // Nobody can see its members any more, and there may be many: the scheduled work deletes them.
  await enqueue(tx, { kind: 'forget_members', ...life });
  const work: number[] = [];
  for (const kind of kindsOfWork(ctx, findTenant(ctx.services, room.tenant))) {
    const id = await enqueue(tx, { kind, ...life });
    if (canWorkHere(ctx.services, kind)) work.push(id);
  }
  return { ended, work };
}

export async function endRoomsOf(tx: Executor, ctx: Context, ownerId: number): Promise<number[]> {
  const work: number[] = [];
  for (const room of await openRoomsOf(tx, ownerId)) {
    work.push(...(await endLife(tx, ctx, { ...room, by: ownerId })).work);
  }
  return work;
}
