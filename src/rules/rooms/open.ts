/**
 * Going live: the room is claimed in the database, IM makes the group, then the room becomes visible. No user sees a room
 * without its group, and if IM fails nothing is left behind.
 */
import { ApiError, DatabaseError } from '../../base/errors';
import { REQUEST_MS } from '../../base/request-budget';
import { claimPublicId, releasePublicId } from '../../data/accounts/public-ids';
import type { Executor } from '../../data/engine/database';
import { enterComingBroadcast } from '../../data/rooms/members';
import { MOVES } from '../../data/rooms/room-moves';
import { moveRoom } from '../../data/rooms/room-states';
import { createRoom, giveId, type Room, type RoomIdLookup } from '../../data/rooms/rooms';
import type { CallerContext } from '../context';
import { attendanceTimes } from '../presence/presence';
import { emit } from '../webhooks/events';
import { limitOpenings, slotFor, strictly } from './checks';
import { type EnterRoomRequest, isAudience, roleOf } from './entry-decision';
import { enqueueDoubt, isDoubtful, makeImGroup } from './im-group';

/** Longer than any request that opens a room (ms). */
export const OPENING_LEASE_MS = REQUEST_MS + 1_000;

/** A room that the caller opens, with the data to undo it. */
interface Claimed {
  id: number;
  roomId: string;
  /** The form of the id in public_ids. */
  idKey: string;
  /** The broadcast that ended last; 0 = none. */
  broadcastNo: number;
  category: string;
  title: string;
  slot: number | null;
  hostPending: boolean;
  /** '' if there is no lease, since IM has nothing to do. */
  holder: string;
  idWasFree: boolean;
  /** An earlier attempt stopped halfway: its group may exist. */
  inheritsDoubt: boolean;
}

interface ClaimOptions {
  roomId: string;
  holder: string;
  slot: number | null;
  /** An audience opens it: it waits for its host. */
  hostPending: boolean;
  /** Whether IM will be called, so that the room needs a lease. */
  needsLease: boolean;
}

async function claimKnown(
  ctx: CallerContext,
  { room, idKey }: { room: Room; idKey: string },
  options: ClaimOptions,
): Promise<Claimed | undefined> {
  const { slot, hostPending, holder } = options;
  const { id, category, title, broadcast_no: broadcastNo } = room;
  const inheritsDoubt = room.lease_until > 0 && room.lease_holder !== holder;
  // The room was never live and has no host: the row exists only until a doubtful group is gone.
  const idWasFree = broadcastNo === 0 && room.host_pending === 1;
  const known = { id, roomId: room.room_id, idKey, broadcastNo, category, title };
  const claimed = { ...known, slot, hostPending, inheritsDoubt, idWasFree };
  const isOwner = room.owner_id === ctx.caller.id;
  if (isOwner && !options.needsLease) return { ...claimed, holder: '' };
  const now = ctx.services.clock();
  const host = { open_slot: slot, host_pending: hostPending ? 1 : 0, owner_id: ctx.caller.id };
  const move = {
    id,
    now,
    holder,
    until: now + OPENING_LEASE_MS,
    broadcastNo,
    session_id: ctx.caller.session.id,
    ownerBefore: room.owner_id,
    ...host,
  };
  const claim = async (db: Executor) => {
    if (!(await moveRoom(db, MOVES.claim, move))) return false;
    if (isOwner) return true;
    await giveId(db, { tenant: room.tenant, idKey }, ctx.caller.id);
    // The group would belong to the former owner.
    const doubt = { tenant: room.tenant, roomId: room.room_id, id, broadcastNo };
    if (inheritsDoubt && ctx.services.vendors.im) {
      await enqueueDoubt(db, { ...doubt, since: room.lease_until, owner: room.owner_id });
    }
    return true;
  };
  const taken = await (isOwner ? claim(ctx.db) : ctx.db.transaction(claim));
  return taken ? { ...claimed, holder } : undefined;
}

async function claimNew(
  ctx: CallerContext,
  { idOwner, idKey }: RoomIdLookup,
  options: ClaimOptions,
): Promise<Claimed | undefined> {
  const { roomId, holder, slot, hostPending } = options;
  const { caller } = ctx;
  const now = ctx.services.clock();
  const tenant = caller.tenant.id;
  const lease = { holder, until: now + OPENING_LEASE_MS };
  const room = { tenant, roomId, by: caller.session, now, lease, slot, hostPending };
  const idWasFree = idOwner === undefined;
  // Id and room in one transaction: neither is visible without the other.
  const id = idWasFree
    ? await ctx.db.transaction(async (tx) => {
        const free = await claimPublicId(tx, { tenant, publicId: idKey, ownerId: caller.id, now });
        return free ? createRoom(tx, room) : undefined;
      })
    : await createRoom(ctx.db, room);
  if (id === undefined) return undefined;
  const nothing = { broadcastNo: 0, category: '', title: '', inheritsDoubt: false };
  return { id, roomId, idKey, slot, hostPending, holder, idWasFree, ...nothing };
}

/** Claims the room (and its id, if it had no owner) for the caller; undefined if another request was faster. */
async function claim(ctx: CallerContext, lookup: RoomIdLookup, options: ClaimOptions): Promise<Claimed | undefined> {
  const { room, idKey } = lookup;
  try {
    return await (room ? claimKnown(ctx, { room, idKey }, options) : claimNew(ctx, lookup, options));
  } catch (error) {
    // The same owner at the same moment, on a second phone: the room is there, or the slot is taken.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return undefined;
    throw error;
  }
}

/**
 * Reverts the claim, including an id that was free before. If it is unknown whether IM has made the group,
 * it is dissolved a little later, unless the owner has opened the room by then; its row stays for that, with the lease.
 */
async function abandon(ctx: CallerContext, room: Claimed, groupIsDoubtful: boolean): Promise<void> {
  const { id, holder, broadcastNo, roomId, idKey } = room;
  if (holder === '') return;
  const tenant = ctx.caller.tenant.id;
  const now = ctx.services.clock();
  const doubtful = groupIsDoubtful || (room.inheritsDoubt && ctx.services.vendors.im !== null);
  const leavesRow = broadcastNo > 0 || doubtful;
  // A row that stays only for that does not block the id: it waits for a host.
  const values = { id, now, holder, until: 0, broadcastNo, host_pending: room.hostPending || room.idWasFree ? 1 : 0 };
  await ctx.db.transaction(async (tx) => {
    const moved = leavesRow ? await moveRoom(tx, MOVES.abandon, values) : await moveRoom(tx, MOVES.discard, values);
    if (!moved) return;
    if (!leavesRow && room.idWasFree) await releasePublicId(tx, tenant, idKey);
    if (doubtful) await enqueueDoubt(tx, { tenant, roomId, id, broadcastNo, since: now, owner: ctx.caller.id });
  });
}

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
