/**
 * When a room moves from one state to another (data/rooms/room-moves.ts has the states, the moves and what they write).
 *
 * The `opening` and `dismissing` states hold a lease, stored in the room row. A request that opens a room, or makes IM and
 * TRTC dissolve it, takes the lease by a compare-and-set before calling them, so the group that an owner is making is
 * never dissolved by work on the former broadcast. A lease outlasts the call by the time in which the vendor may still
 * carry it out. One that has run out may be taken by the next who needs it: its holder has died, or will find it gone.
 */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import { REQUEST_MS } from '../../base/request-budget';
import { claimPublicId, releasePublicId } from '../../data/accounts/public-ids';
import type { Executor } from '../../data/engine/database';
import { enqueue } from '../../data/outbox/outbox';
import { MOVES } from '../../data/rooms/room-moves';
import { type ExpiredLease, moveRoom, ROOM_STATUS } from '../../data/rooms/room-states';
import { createRoom, giveId, type Room, type RoomIdLookup } from '../../data/rooms/rooms';
import type { CallerContext, Context } from '../context';
import { enqueueDoubt } from './im-group';

/** Longer than any request that opens a room (ms). */
export const OPENING_LEASE_MS = REQUEST_MS + 1_000;

/** Names one attempt. */
export function newLeaseHolder(): string {
  return randomBytes(12).toString('base64url');
}

/** Whether another request has the lease. */
export function isLeased(room: Room, at: { now: number; holder: string }): boolean {
  return room.lease_until > at.now && room.lease_holder !== at.holder;
}

/** A room that the caller opens, with the data to undo it. */
export interface Claimed {
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

export interface ClaimOptions {
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
    // The group would be the former owner's, whom the row no longer names.
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
export async function claim(
  ctx: CallerContext,
  lookup: RoomIdLookup,
  options: ClaimOptions,
): Promise<Claimed | undefined> {
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
export async function abandon(ctx: CallerContext, room: Claimed, groupIsDoubtful: boolean): Promise<void> {
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

export interface DismissalLease {
  id: number;
  broadcastNo: number;
  holder: string;
}

/** Blocks the ended room until `until`; undefined if it is not closed, or was live again since. */
export async function holdForDismissal(
  ctx: Context,
  { id, broadcastNo }: { id: number; broadcastNo: number },
  until: number,
): Promise<DismissalLease | undefined> {
  const lease = { id, broadcastNo, holder: newLeaseHolder() };
  return (await moveRoom(ctx.db, MOVES.dismiss, { ...lease, now: ctx.services.clock(), until })) ? lease : undefined;
}

/** Ends the dismissal; if IM or TRTC may still carry it out, the room stays blocked until `doubtUntil`. */
export async function endDismissal(ctx: Context, lease: DismissalLease, doubtUntil: number): Promise<void> {
  const now = ctx.services.clock();
  const mayStillHappen = doubtUntil > now;
  const move = mayStillHappen ? MOVES.holdOff : MOVES.release;
  await moveRoom(ctx.db, move, { ...lease, now, until: mayStillHappen ? doubtUntil : 0 });
}

/**
 * Closes a room whose opener or dismisser has died. The group that an opener may have made is dissolved, unless the room
 * is opened by then; the owner may be in the coming broadcast already.
 */
export async function clear(ctx: Context, room: ExpiredLease): Promise<boolean> {
  const { id, tenant, room_id: roomId, broadcast_no: broadcastNo } = room;
  const { im } = ctx.services.vendors;
  const wasOpening = room.status === ROOM_STATUS.opening;
  const neverLive = wasOpening && broadcastNo === 0 && !im;
  const now = ctx.services.clock();
  return ctx.db.transaction(async (tx) => {
    const found = { status: room.status, leaseHolder: room.lease_holder };
    const values = { id, now, holder: '', until: 0, broadcastNo, ...found };
    if (!(await moveRoom(tx, neverLive ? MOVES.clearFirst : MOVES.clear, values))) return false;
    if (!wasOpening) return true;
    const doubt = { tenant, roomId, id, broadcastNo, since: room.lease_until, owner: room.owner_id };
    if (im) await enqueueDoubt(tx, doubt);
    const item = { kind: 'delete_members', tenant, target: roomId, roomPk: id, broadcastNo: broadcastNo + 1 } as const;
    if (neverLive) await enqueue(tx, { ...item, now });
    // It had no host, and this claim gets none.
    const idKey = ctx.services.userIds.key(tenant, roomId);
    if (neverLive && room.host_pending === 1) await releasePublicId(tx, tenant, idKey);
    return true;
  });
}
