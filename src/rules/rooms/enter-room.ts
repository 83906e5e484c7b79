/** enter_room: enters a live room, or opens one for its owner. Idempotent. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import type { Executor } from '../../data/engine/database';
import { type Entry, enterLiveRoom, enterLiveRoomIn, type Joined } from '../../data/rooms/entering';
import { newLeaseHolder } from '../../data/rooms/room-states';
import {
  handOver,
  lookUpRoomId,
  noteReturn,
  type Room,
  type RoomIdLookup,
  updateRoomTexts,
} from '../../data/rooms/rooms';
import { type CallerContext, type UnprovedCallerContext, withSession } from '../context';
import { entryTimes } from '../presence/presence';
import { reviewed } from '../review/profile-texts';
import { muteOnEntry } from '../sanctions/mute-on-entry';
import { endedRefusal, kickRefusal, whyNoSession } from '../sanctions/refuse';
import { isHeard, tellJoined } from '../webhooks/events';
import { checkAppId, checkRoomId, checkStrictEntry, notYours, slotFor, strictly } from './checks';
import { AUDIENCE, decideEntry, type EnterRoomRequest, isAnchor, isAudience, roleOf } from './entry-decision';
import { newRoomId } from './generate-roomid';
import { makeImGroup } from './im-group';
import { goLive } from './open';

/** The caller's entry, now. */
function entryOf(
  { caller, services, clientAddress }: UnprovedCallerContext,
  wanted: Pick<Entry, 'roomId' | 'role' | 'seen' | 'announce'>,
): Entry {
  const address = clientAddress ?? '';
  return { ...wanted, tenant: caller.tenant.id, session: caller.session, address, times: entryTimes(services) };
}

/** The role of a viewer, the most frequent caller; undefined if the room has to be read. */
async function enterUnseen(ctx: UnprovedCallerContext, request: EnterRoomRequest): Promise<string | undefined> {
  const { roomId, title, role = AUDIENCE } = request;
  const { tenant, publicId } = ctx.caller;
  // An audience opens no room.
  const mayHost = roomId === publicId || (request.role === undefined ? title !== undefined : isAnchor(role));
  if (ctx.services.config.strictEntry || mayHost) return undefined;
  if (await isHeard(ctx, 'member.joined', { tenant: tenant.id, roomId, userId: publicId })) return undefined;
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
async function enterSeen(ctx: CallerContext, looked: Looked, request: EnterRoomRequest) {
  const { caller, services } = ctx;
  const { room, sanctions } = looked;
  const isOwner = room.owner_id === caller.id;
  if (isOwner) await returnAsOwner(ctx, room, request);
  const role = roleOf(request, isOwner);
  const who = { tenant: room.tenant, roomId: room.room_id, userId: caller.publicId, user: caller.id, room, role };
  const all = (tx: Executor, joined: readonly Joined[], now: number) => tellJoined(tx, services, { joined, now });
  const seen = { broadcastNo: room.broadcast_no, sanctionNo: sanctions.no };
  const announced = (await isHeard(ctx, 'member.joined', who)) && { announce: { who, all } };
  const entry = entryOf(ctx, { roomId: room.room_id, role, seen, ...announced });
  const enter = (on: Executor) => (on === ctx.db ? enterLiveRoom(ctx.db, entry) : enterLiveRoomIn(on, entry));
  if (!(await strictly(ctx, entry.roomId, enter))) return undefined;
  if (sanctions.muted) await muteOnEntry(ctx, room);
  return role;
}

/** The caller becomes the host of a room that an audience opened while its id belonged to no user. */
async function takeOver(ctx: CallerContext, looked: Looked, request: EnterRoomRequest) {
  const { room, idKey } = looked;
  const to = { by: ctx.caller.session, slot: slotFor(ctx, looked), sanctionNo: looked.sanctions.no, idKey };
  if (!(await ctx.db.transaction((tx) => handOver(tx, room, to)))) return undefined;
  return enterSeen(ctx, { ...looked, room: { ...room, owner_id: ctx.caller.id, host_pending: 0 } }, request);
}

/** Opening and closing wait for IM; a request in between waits this long (ms). */
const WAIT_MS = 5_000;
/** The pauses between looks double from the first to the longest (ms): a wait costs few statements. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Looks after which the request gives up: other requests were faster each time. */
const MAX_LOOKS = 30;

interface Attempt {
  request: EnterRoomRequest;
  /** Names the lease under which this call may open the room. */
  holder: string;
}

/** One read and its result: the caller's role, or another read, immediately or after a pause. */
async function tryToEnter(
  asked: UnprovedCallerContext,
  attempt: Attempt,
): Promise<{ role: string } | 'again' | 'wait'> {
  const { request, holder } = attempt;
  const { caller } = asked;
  const { userIds } = asked.services;
  const key = {
    tenant: caller.tenant.id,
    roomId: request.roomId,
    idKey: userIds.key(caller.tenant.id, request.roomId),
  };
  const by = { session: caller.session, address: asked.clientAddress ?? '', now: asked.services.clock() };
  const lookup = await lookUpRoomId(asked.db, key, by);
  if (!lookup.session || lookup.sanctions.banned) throw await whyNoSession(asked, by.now);
  const ctx = withSession(asked, lookup.session);
  await checkStrictEntry(ctx.db, ctx, request.roomId);
  const { room } = lookup;
  const ownId = key.idKey === userIds.key(caller.tenant.id, caller.publicId);
  const who = { id: caller.id, ownId, now: ctx.services.clock(), holder };
  const decision = decideEntry(lookup, request, who);
  if (decision === 'wait') return 'wait';
  if (decision === 'no_such_room') throw await endedRefusal(asked, room);
  if (room && lookup.sanctions.keptOut) throw await kickRefusal(asked, { roomPk: room.id, now: by.now });
  if (decision === 'not_yours') throw notYours();
  let role: string | undefined;
  if (decision === 'open') {
    if (request.category === undefined && room) checkRoomId(ctx, request.roomId, room.category);
    role = await goLive(ctx, { lookup, request, holder });
  } else if (room) {
    role = await (decision === 'join' ? enterSeen : takeOver)(ctx, { ...lookup, room }, request);
  }
  return role === undefined ? 'again' : { role };
}

async function enterOrOpen(ctx: UnprovedCallerContext, request: EnterRoomRequest): Promise<string> {
  const attempt = { request, holder: newLeaseHolder() };
  let pause = FIRST_PAUSE_MS;
  let waited = 0;
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const result = await tryToEnter(ctx, attempt);
    if (typeof result === 'object') return result.role;
    if (result === 'again') continue;
    if (waited >= WAIT_MS || ctx.budget.leftForOthers() < pause) break;
    const ms = Math.min(pause, WAIT_MS - waited);
    await ctx.budget.outside(() => new Promise((resolve) => setTimeout(resolve, ms)));
    waited += ms;
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  throw new ApiError('ServiceUnavailable', 'the room is being opened or closed, please try again');
}

/** Generates the id if the request has none. */
async function generatedId(ctx: UnprovedCallerContext, category: string | undefined): Promise<string> {
  const id = await newRoomId(ctx);
  if (id === undefined) throw await whyNoSession(ctx);
  checkRoomId(ctx, id, category);
  return id;
}

export async function enterRoom(input: InputOf<'enterRoom'>, ctx: UnprovedCallerContext) {
  const { category, role } = input;
  const { id: userId, tenant } = ctx.caller;
  checkAppId(tenant, input.appId, 'RoomCreateParams');
  if (input.roomId !== undefined) checkRoomId(ctx, input.roomId, category);
  const text = input.title;
  const title = text && (await reviewed(ctx, { tenant: tenant.id, userId }, { field: 'title', text }));
  const roomId = input.roomId ?? (await generatedId(ctx, category));
  const custom = tenant.customByApps ? input.custom : undefined;
  const request = { roomId, role, category, title, custom };
  return { roomId, role: (await enterUnseen(ctx, request)) ?? (await enterOrOpen(ctx, request)) };
}
