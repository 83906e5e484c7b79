/**
 * Going live: the room is claimed in the database, IM makes the group, then the room becomes visible. No user sees a room
 * without its group, and if IM fails nothing is left behind.
 */
import { ApiError } from '../../base/errors';
import type { Executor } from '../../data/engine/database';
import { enterComingBroadcast } from '../../data/rooms/members';
import type { RoomIdLookup } from '../../data/rooms/rooms';
import type { CallerContext } from '../context';
import { attendanceTimes } from '../presence/presence';
import { emit } from '../webhooks/events';
import { limitOpenings, slotFor, strictly } from './checks';
import { type EnterRoomRequest, isAudience, roleOf } from './entry-decision';
import { isDoubtful, makeImGroup } from './im-group';
import { abandon, type Claimed, claim, open } from './lifecycle';

/** The host's app needs the group. A viewer never creates one: the host could not take it over. */
function needsGroup({ services }: CallerContext, request: EnterRoomRequest): boolean {
  return services.vendors.im !== null && !isAudience(request);
}

export interface OpeningAttempt {
  lookup: RoomIdLookup;
  request: EnterRoomRequest;
  /** Names the lease. */
  holder: string;
}

function claimFor(ctx: CallerContext, { lookup, request, holder }: OpeningAttempt): Promise<Claimed | undefined> {
  const { room, idOwner } = lookup;
  const wasNobodys = room ? room.host_pending === 1 : idOwner === undefined;
  return claim(ctx, lookup, {
    roomId: request.roomId,
    holder,
    slot: slotFor(ctx, lookup),
    hostPending: isAudience(request) && wasNobodys,
    needsLease: needsGroup(ctx, request),
  });
}

/**
 * Opens the room for the caller and puts the caller in. Each step can be repeated and shows nothing by itself; the last
 * one makes all of it visible. Gives the caller's role; undefined if another request was faster: look again.
 */
export async function goLive(ctx: CallerContext, attempt: OpeningAttempt): Promise<string | undefined> {
  const { request } = attempt;
  await limitOpenings(ctx);
  const room = await claimFor(ctx, attempt);
  if (!room) return undefined;
  const imGroup = needsGroup(ctx, request);
  try {
    if (imGroup) await makeImGroup(ctx, request.roomId, request.title ?? room.title);
  } catch (error) {
    await abandon(ctx, room, isDoubtful(error));
    throw error;
  }
  try {
    const role = roleOf(request, true);
    const showing = { room, request, role, imGroup, sanctionNo: attempt.lookup.sanctions.no };
    const opened = await strictly(ctx, request.roomId, (db) => showAndTell(db, ctx, showing));
    if (opened) return role;
    // If this attempt still has the lease, an operator intervened.
    await abandon(ctx, room, imGroup);
    return undefined;
  } catch (error) {
    // Refused after all; a lease left by a fault of the database expires.
    if (error instanceof ApiError) await abandon(ctx, room, imGroup);
    throw error;
  }
}

interface Showing {
  room: Claimed;
  request: EnterRoomRequest;
  role: string;
  imGroup: boolean;
  /** EntrySanctions.no of the owner. */
  sanctionNo: number;
}

/** If a webhook is subscribed, the event is written in the same transaction. */
async function showAndTell(db: Executor, ctx: CallerContext, showing: Showing): Promise<boolean> {
  const { room, request } = showing;
  const { caller, services } = ctx;
  const tenant = caller.tenant.id;
  if (!(await services.caches.subscriptions.wants(db, tenant, 'room.opened'))) return show(db, ctx, showing);
  const announce = async (tx: Executor) => {
    if (!(await show(tx, ctx, showing))) return false;
    const place = { id: room.id, roomId: room.roomId, broadcastNo: room.broadcastNo + 1 };
    const texts = { title: request.title ?? '', category: request.category ?? room.category };
    await emit(tx, services, { type: 'room.opened', tenant, room: place, data: { ownBy: caller.publicId, ...texts } });
    return true;
  };
  // Under strict entry there is a transaction already.
  return db === ctx.db ? ctx.db.transaction(announce) : announce(db);
}

async function show(db: Executor, ctx: CallerContext, showing: Showing): Promise<boolean> {
  const { room, request, role, imGroup, sanctionNo } = showing;
  const now = ctx.services.clock();
  const broadcast = { id: room.id, broadcastNo: room.broadcastNo + 1 };
  await enterComingBroadcast(db, broadcast, { by: ctx.caller.session, role, now });
  const texts = {
    category: request.category ?? room.category,
    title: request.title ?? '',
    custom: request.custom ?? '',
  };
  const opening = { ...texts, imGroup, now, sanctionNo, attendance: attendanceTimes(ctx) };
  return open(db, ctx, { room, opening });
}
