/**
 * Turns events of IM and TRTC into presence. Events are ordered by the time they happened, not by their arrival:
 * an event older than the known state changes nothing, and a repeated event has no effect.
 */

import type { Tenant } from '../../config/config';
import { recordMembersOffline, recordMembersOnline } from '../../data/presence/member-presence';
import { recordDisconnect, recordSignOfLife, type UserOfTenant } from '../../data/presence/signs-of-life';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom, type Room } from '../../data/rooms/rooms';
import type { Context } from '../context';
import { endBroadcast } from '../rooms/end';
import { signOfLife } from './presence';

/** Allowed clock difference (ms) when the start of a broadcast is compared with an event. */
const CLOCKS_MS = 5_000;
/** More users than this never come in one event. */
const MOST_USERS = 500;

/** A user's connection as a whole came or went. */
export async function userSeen(
  ctx: Context,
  tenant: Tenant,
  seen: { userId: string; online: boolean; at: number },
): Promise<void> {
  const id = await ctx.services.userIds.numberOf(ctx.db, tenant.id, seen.userId);
  if (id !== undefined) await seenById(ctx, { tenant: tenant.id, userId: id }, seen);
}

interface Seen {
  online: boolean;
  at: number;
  /** The change applies only if there was no activity after that; default: `at`. */
  silentSince?: number;
}

async function seenById(ctx: Context, user: UserOfTenant, seen: Seen): Promise<void> {
  const rules = ctx.services.config.presence;
  const { at, silentSince = at } = seen;
  const until = at + rules.disconnectGraceSeconds * 1000;
  const { now } = ctx;
  if (seen.online) await recordSignOfLife(ctx.db, signOfLife(rules, user, at), now);
  else await recordDisconnect(ctx.db, user, { at, until, silentSince, now });
}

async function openRoom(ctx: Context, tenant: Tenant, roomId: string): Promise<Room | undefined> {
  const room = await findRoom(ctx.db, { tenant: tenant.id, roomId });
  return isLiveRoom(room) ? room : undefined;
}

function ownerOf({ tenant, owner_id }: Room): UserOfTenant {
  return { tenant, userId: owner_id };
}

export interface MembersSeen {
  roomId: string;
  userIds: readonly string[];
  online: boolean;
  /** Gone on purpose: no grace for a reconnect. */
  goodbye: boolean;
  at: number;
}

/**
 * Users came into or went out of one room. For its owner that is presence as a whole: without the owner there is no broadcast.
 * Other users change in this room only, and only if they entered it by enter_room.
 */
export async function membersSeen(ctx: Context, tenant: Tenant, seen: MembersSeen): Promise<void> {
  const { online, at } = seen;
  const room = await openRoom(ctx, tenant, seen.roomId);
  if (!room) return;
  const known = await ctx.services.userIds.numbersOf(ctx.db, tenant.id, seen.userIds.slice(0, MOST_USERS));
  const ids = new Set(known.values());
  // News of an earlier broadcast says nothing about this one.
  const ofThisBroadcast = at >= room.created_at || online;
  if (ids.delete(room.owner_id) && ofThisBroadcast) await seenById(ctx, ownerOf(room), { online, at });
  if (ids.size === 0) return;
  const members = { id: room.id, broadcastNo: room.broadcast_no, userIds: [...ids], at };
  const grace = seen.goodbye ? 0 : ctx.services.config.presence.disconnectGraceSeconds * 1000;
  const shown = { tenant: tenant.id, roomId: seen.roomId };
  if (online) await recordMembersOnline(ctx.db, shown, members);
  else await recordMembersOffline(ctx.db, shown, { ...members, until: at + grace, now: ctx.now });
}

/**
 * The TRTC room is empty. On its own this counts only if there was no activity of the host
 * within the heartbeat time-out: an app that sends heartbeats, or has just gone live, is online.
 */
export async function ownerLeftBehind(
  ctx: Context,
  tenant: Tenant,
  seen: { roomId: string; at: number },
): Promise<void> {
  const room = await openRoom(ctx, tenant, seen.roomId);
  if (!room || seen.at < room.created_at) return;
  const silentSince = seen.at - ctx.services.config.presence.ownerTimeoutSeconds * 1000;
  await seenById(ctx, ownerOf(room), { online: false, at: seen.at, silentSince });
}

/**
 * The IM group of a room is gone: the owner's app dissolves it just before destroy_room, or an operator did. A live cannot
 * continue without its group, so it ends; unless the group belonged to another user, or to an earlier broadcast of the room.
 */
export async function groupDestroyed(
  ctx: Context,
  tenant: Tenant,
  seen: { roomId: string; owner: string; at: number },
): Promise<void> {
  const room = await openRoom(ctx, tenant, seen.roomId);
  if (!room || seen.at <= room.created_at + CLOCKS_MS) return;
  if (seen.owner !== (await ctx.services.userIds.of(ctx.db, tenant.id, room.owner_id))) return;
  // The work that follows is left to the scheduled run: the vendor waits for this answer.
  await ctx.db.transaction((tx) => endBroadcast(tx, ctx, { ...room, by: room.owner_id, endedBy: 'im' }));
}
