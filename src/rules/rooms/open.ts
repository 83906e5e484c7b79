/**
 * Going live: the room is claimed in the database, IM makes the group, then the room becomes visible. No user sees a room
 * without its group, and if IM fails nothing is left behind.
 */
import { ApiError, DatabaseError } from '../../base/errors';
import type { Executor } from '../../data/engine/database';
import { enterComingBroadcast } from '../../data/rooms/members';
import { MOVES } from '../../data/rooms/room-moves';
import { moveRoom } from '../../data/rooms/room-states';
import type { RoomIdLookup } from '../../data/rooms/rooms';
import type { CallerContext } from '../context';
import { attendanceTimes } from '../presence/presence';
import { emit } from '../webhooks/events';
import { limitOpenings, slotFor, strictly } from './checks';
import { type EnterRoomRequest, isAudience, roleOf } from './entry-decision';
import { isDoubtful, makeImGroup } from './im-group';
import { abandon, type Claimed, claim } from './lifecycle';

export interface OpeningAttempt {
  lookup: RoomIdLookup;
  request: EnterRoomRequest;
  /** Names the lease. */
  holder: string;
}

/**
 * Opens the room for the caller and puts the caller in. Each step can be repeated and shows nothing by itself; the last
 * one makes all of it visible. Gives the caller's role; undefined if another request was faster: look again.
 */
export async function goLive(ctx: CallerContext, attempt: OpeningAttempt): Promise<string | undefined> {
  const { request, lookup, holder } = attempt;
  const { roomId } = request;
  await limitOpenings(ctx);
  const isViewer = isAudience(request);
  // The host's app needs the group. A viewer never creates one: the host could not take it over.
  const imGroup = ctx.services.vendors.im !== null && !isViewer;
  const wasNobodys = lookup.room ? lookup.room.host_pending === 1 : lookup.idOwner === undefined;
  const options = { roomId, holder, slot: slotFor(ctx, lookup), hostPending: isViewer && wasNobodys };
  const room = await claim(ctx, lookup, { ...options, needsLease: imGroup });
  if (!room) return undefined;
  try {
    if (imGroup) await makeImGroup(ctx, roomId, request.title ?? room.title);
  } catch (error) {
    await abandon(ctx, room, isDoubtful(error));
    throw error;
  }
  try {
    const role = roleOf(request, true);
    const showing = { room, request, role, imGroup, sanctionNo: lookup.sanctions.no };
    const opened = await strictly(ctx, roomId, (db) => showAndTell(db, ctx, showing));
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
  const webhooks = await services.caches.subscriptions.wanting(db, tenant, 'room.opened');
  if (webhooks.length === 0) return show(db, ctx, showing);
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

/**
 * Puts the owner into the next broadcast of the claimed room and begins it: one statement makes the whole opening visible. False
 * if another call has taken or opened the room since, if the account is gone, or if a sanction was decided.
 */
async function show(db: Executor, ctx: CallerContext, showing: Showing): Promise<boolean> {
  const { room, request, role, imGroup, sanctionNo } = showing;
  const { id, holder, broadcastNo } = room;
  const { id: owner, session } = ctx.caller;
  const now = ctx.services.clock();
  await enterComingBroadcast(db, { id, broadcastNo: broadcastNo + 1 }, { by: session, role, now });
  const columns = {
    broadcast_no: broadcastNo + 1,
    category: request.category ?? room.category,
    title: request.title ?? '',
    custom: request.custom ?? '',
    created_at: now,
    updated_at: now,
    updated_by: owner,
    counted_at: now,
    open_slot: room.slot,
    host_pending: room.hostPending ? 1 : 0,
    session_id: session.id,
    im_group: imGroup ? 1 : 0,
  };
  const move = holder === '' ? MOVES.openAtOnce : MOVES.open;
  const values = { id, now, holder, until: 0, broadcastNo, owner, sanctionNo, ...attendanceTimes(ctx), ...columns };
  return moveRoom(db, move, values).catch((error: unknown) => {
    // No lease: the slot is taken here, and may be gone.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  });
}
