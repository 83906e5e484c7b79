/** Entering a live room, before or after a read of it, and the effects for its owner, its new owner and muted users. */

import type { Executor } from '../../data/engine/database';
import { type Entry, enterLiveRoom, enterLiveRoomIn, type Joined } from '../../data/rooms/entering';
import { handOver, noteReturn, type Room, type RoomIdLookup, updateRoomTexts } from '../../data/rooms/rooms';
import type { CallerContext, UnprovedCallerContext } from '../context';
import { entryTimes } from '../presence/presence';
import { muteOnEntry } from '../sanctions/mute-on-entry';
import { isSampled, tellJoined } from '../webhooks/members';
import { type EnterRoomRequest, isAnchor, isAudience, roleOf } from './entry-decision';
import { makeImGroup } from './im-group';
import { slotFor } from './limits';
import { strictly } from './strict-entry';

/** Whether a webhook receives the caller's entry. */
async function isHeard({ caller, db, services }: UnprovedCallerContext, roomId: string): Promise<boolean> {
  const member = { tenant: caller.tenant.id, roomId, userId: caller.publicId };
  return isSampled(services.config, member) && services.caches.subscriptions.wants(db, member.tenant, 'member.joined');
}

/** The caller's entry, now. */
function entryOf(
  { caller, services, clientAddress }: UnprovedCallerContext,
  wanted: Pick<Entry, 'roomId' | 'role' | 'seen' | 'announce'>,
): Entry {
  const address = clientAddress ?? '';
  return { ...wanted, tenant: caller.tenant.id, session: caller.session, address, times: entryTimes(services) };
}

/** Whether the request may be about to open a room. An audience opens none. */
function mayHost({ role, roomId, title }: EnterRoomRequest, publicId: string): boolean {
  return role === undefined ? title !== undefined || roomId === publicId : isAnchor(role) || roomId === publicId;
}

/** The role of a viewer, the most frequent caller; undefined if the room has to be read. */
export async function enterUnseen(ctx: UnprovedCallerContext, request: EnterRoomRequest): Promise<string | undefined> {
  const { roomId } = request;
  if (ctx.services.config.strictEntry || mayHost(request, ctx.caller.publicId)) return undefined;
  if (await isHeard(ctx, roomId)) return undefined;
  const role = roleOf(request, false);
  return (await enterLiveRoom(ctx.db, entryOf(ctx, { roomId, role }))) ? role : undefined;
}

/** The owner comes back to the live room: given texts change, and a missing IM group is made. */
async function returnAsOwner(ctx: CallerContext, room: Room, request: EnterRoomRequest): Promise<void> {
  const { session } = ctx.caller;
  const hosts = !isAudience(request);
  const needsGroup = hosts && room.im_group === 0 && ctx.services.vendors.im !== null;
  if (needsGroup) await makeImGroup(ctx, room.room_id, request.title ?? room.title);
  if (needsGroup || (hosts && room.session_id !== session.id)) {
    await noteReturn(ctx.db, session, { id: room.id, imGroup: needsGroup });
  }
  const { category, title, custom } = request;
  const texts = {
    ...(category !== undefined && category !== room.category && { category }),
    ...(title !== undefined && title !== room.title && { title }),
    ...(custom !== undefined && custom !== room.custom && { custom }),
  };
  if (Object.keys(texts).length === 0) return;
  const key = { tenant: room.tenant, roomId: room.room_id, by: session, now: ctx.now };
  await updateRoomTexts(ctx.db, key, texts);
}

type Looked = RoomIdLookup & { room: Room };

/** Enters after a read. Returns the caller's role; undefined if room or sanctions have changed since: read again. */
export async function enterSeen(ctx: CallerContext, looked: Looked, request: EnterRoomRequest) {
  const { caller, services } = ctx;
  const { room, sanctions } = looked;
  const isOwner = room.owner_id === caller.id;
  if (isOwner) await returnAsOwner(ctx, room, request);
  const role = roleOf(request, isOwner);
  const who = { tenant: room.tenant, roomId: room.room_id, userId: caller.publicId, user: caller.id, room, role };
  const all = (tx: Executor, joined: readonly Joined[], now: number) => tellJoined(tx, services, { joined, now });
  const seen = { broadcastNo: room.broadcast_no, sanctionNo: sanctions.no };
  const heard = (await isHeard(ctx, room.room_id)) && { announce: { who, all } };
  const entry = entryOf(ctx, { roomId: room.room_id, role, seen, ...heard });
  const enter = (on: Executor) => (on === ctx.db ? enterLiveRoom(ctx.db, entry) : enterLiveRoomIn(on, entry));
  if (!(await strictly(ctx, entry.roomId, enter))) return undefined;
  if (sanctions.muted) await muteOnEntry(ctx, room);
  return role;
}

/** The caller becomes the host of a room that an audience opened while its id belonged to no user. */
export async function takeOver(ctx: CallerContext, looked: Looked, request: EnterRoomRequest) {
  const { room } = looked;
  const idKey = ctx.services.userIds.key(room.tenant, room.room_id);
  const to = { by: ctx.caller.session, slot: slotFor(ctx, looked), sanctionNo: looked.sanctions.no, idKey };
  if (!(await ctx.db.transaction((tx) => handOver(tx, room, to)))) return undefined;
  return enterSeen(ctx, { ...looked, room: { ...room, owner_id: ctx.caller.id, host_pending: 0 } }, request);
}
