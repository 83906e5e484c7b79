/** Ending rooms: in the database first, in one transaction with the work for IM and TRTC, which is done after the commit. */

import type { Tenant } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { appendAudit } from '../../data/operators/audit';
import { enqueue } from '../../data/outbox/outbox';
import type { AbsenceCutoffs } from '../../data/presence/predicates';
import { keepBroadcast } from '../../data/rooms/ending';
import { MOVES } from '../../data/rooms/room-moves';
import { moveRoom } from '../../data/rooms/room-states';
import { openRoomsOf, type Room } from '../../data/rooms/rooms';
import type { EndedBy } from '../../data/statistics/broadcasts';
import { type Context, findTenant, type Services } from '../context';
import { SYSTEM } from '../operators/names';
import { canWorkHere } from '../outbox/outbox';
import { emit } from '../webhooks/events';

const toldOfMissingKey = new WeakSet<Services>();

/** TRTC rooms end without us if there is no key of the cloud API. Logged once per process. */
function canDismiss(services: Services): boolean {
  const { trtc } = services.vendors;
  if (!trtc || trtc.ready() || trtc.readyElsewhere) return trtc !== null;
  if (!toldOfMissingKey.has(services)) services.log('trtc_dismiss_skipped', { reason: 'no credentials' });
  toldOfMissingKey.add(services);
  return false;
}

/** The places where the room has to be dissolved, as a payload; '' = none. */
function whereToDismiss({ services }: Context, tenant: Tenant | undefined): string {
  if (!tenant) return '';
  return [...(services.vendors.im ? ['im'] : []), ...(canDismiss(services) ? ['trtc'] : [])].join(',');
}

export interface BroadcastToEnd extends Pick<Room, 'id' | 'broadcast_no' | 'tenant' | 'room_id' | 'created_at'> {
  /** Who ends it: a user's internal number. */
  by: number;
  /** Ends it only if its host is absent like this. */
  onlyIf?: AbsenceCutoffs;
  endedBy: EndedBy;
  /** An operator's. */
  reason?: string;
}

/** Reasons for which the service itself ends a room. */
const BY_ITSELF: ReadonlySet<EndedBy> = new Set(['absence', 'im']);

async function auditOwnEnding(tx: Executor, ctx: Context, room: BroadcastToEnd): Promise<void> {
  const who = { operator: SYSTEM, address: '', request_id: '', user_id: '' };
  const what = { action: 'end_room', room_id: room.room_id, reason: room.endedBy, before_text: '', after_text: '' };
  await appendAudit(tx, { tenant: room.tenant, at: ctx.now, ...who, ...what });
}

/**
 * Ends this broadcast of the room inside a transaction. Gives the ids of what IM and TRTC have to do: all of it (`work`), and
 * the work that this process may try immediately (`items`).
 */
export async function endBroadcast(
  tx: Executor,
  ctx: Context,
  room: BroadcastToEnd,
): Promise<{ ended: boolean; items: number[]; work: number[] }> {
  const { id: roomPk, by, onlyIf, endedBy, reason = '', broadcast_no: broadcastNo, tenant, room_id: target } = room;
  // By a clock that is behind, a broadcast does not end before it began: its group would be younger than the end, as that of a next
  // broadcast is (dismiss.ts).
  const now = Math.max(ctx.now, room.created_at);
  const values = { id: roomPk, now, holder: '', until: 0, broadcastNo, by };
  // False if it has ended, or if its owner is not absent in the sense of `onlyIf`.
  const ended = onlyIf
    ? await moveRoom(tx, MOVES.endIfAbsent, { ...onlyIf, ...values })
    : await moveRoom(tx, MOVES.end, values);
  if (!ended) return { ended, items: [], work: [] };
  await keepBroadcast(tx, { id: roomPk, broadcastNo, endedBy, reason, now });
  const place = { id: roomPk, roomId: target, broadcastNo };
  await emit(tx, ctx.services, { type: 'room.ended', tenant, room: place, data: { endedBy, reason } });
  if (BY_ITSELF.has(endedBy)) await auditOwnEnding(tx, ctx, { ...room, endedBy });
  const payload = whereToDismiss(ctx, findTenant(ctx.services, tenant));
  if (payload === '') return { ended, items: [], work: [] };
  const item = { tenant, target, roomPk, broadcastNo, now };
  const dismissal = { kind: 'dismiss_room', payload, ...item } as const;
  const work = [await enqueue(tx, dismissal)];
  return { ended, items: canWorkHere(ctx.services, dismissal) ? work : [], work };
}

/** Rooms of one account that end in one transaction. */
const ROOMS_AT_ONCE = 100;

/** Ends open rooms of an owner, ROOMS_AT_ONCE at most; gives the work, and whether there may be more rooms. */
export async function endRoomsOf(
  tx: Executor,
  ctx: Context,
  ownerId: number,
): Promise<{ items: number[]; more: boolean }> {
  const rooms = await openRoomsOf(tx, ownerId, ROOMS_AT_ONCE);
  const items: number[] = [];
  for (const room of rooms)
    items.push(...(await endBroadcast(tx, ctx, { ...room, by: ownerId, endedBy: 'account' })).items);
  return { items, more: rooms.length === ROOMS_AT_ONCE };
}
