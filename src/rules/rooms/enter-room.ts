/** enter_room: joins an open room, or opens one for whom it belongs to. Repeatable: entering again is entering once. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { type Joined, type Joining, joinRoom, joinRooms, type TimedJoining } from '../../data/rooms/joining';
import {
  handOver,
  lookUpRoomId,
  noteReturn,
  type Room,
  type RoomIdLookup,
  updateRoomTexts,
} from '../../data/rooms/rooms';
import { tokenInvalid } from '../accounts/caller';
import { type CallerContext, type UnprovedCallerContext, withSession } from '../context';
import { joiningTimes } from '../presence/presence';
import { muteOnEntry } from '../sanctions/mute-on-entry';
import { endedRefusal, kickRefusal, whyNoSession } from '../sanctions/refuse';
import { isSampled, tellOfMember } from '../webhooks/members';
import { enterAtOnce } from './entries';
import { decideEntry, type EnterRoomRequest, isAudience, roleOf } from './entry-decision';
import { notYours } from './errors';
import { checkAppId, checkRoomId } from './ids';
import { newLeaseHolder } from './lifecycle';
import { newRoomId, slotFor } from './limits';
import { goLive, makeImGroup } from './open';
import { checkStrictEntry, entering } from './strict-entry';

/** Opening takes as long as IM does, and closing too; whoever comes in between waits so long (ms). */
const WAIT_MS = 5_000;
/** The pauses between looks double from the first to the longest (ms): a wait costs few statements. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Somebody was faster so often: nothing gets this far by chance. */
const MAX_LOOKS = 30;

/** The owner coming back to the own, open room: texts that are given change, and a missing IM group is made. */
async function returnAsOwner(ctx: CallerContext, room: Room, request: EnterRoomRequest): Promise<void> {
  const { session } = ctx.caller;
  const hosts = !isAudience(request);
  const needsGroup = hosts && room.im_group === 0 && ctx.services.im !== null;
  if (needsGroup) await makeImGroup(ctx, room.room_id, request.title ?? room.title);
  if (needsGroup || (hosts && room.session_id !== session.id)) {
    await noteReturn(ctx.db, session, { id: room.id, imGroup: needsGroup });
  }
  const { category, title } = request;
  const texts = {
    ...(category !== undefined && category !== room.category && { category }),
    ...(title !== undefined && title !== room.title && { title }),
  };
  if (Object.keys(texts).length === 0) return;
  const key = { tenant: room.tenant, roomId: room.room_id, by: session, now: ctx.now };
  await updateRoomTexts(ctx.db, key, texts);
}

/** One call of a user after the other, so in no batch with others. */
async function joinStrictly(ctx: CallerContext, joining: Joining & { room: Room }): Promise<Joined | undefined> {
  const times = joiningTimes(ctx.services);
  const [joined] = await entering(ctx, joining.room.room_id, (db) => joinRooms(db, [joining], times));
  return joined;
}

/** What webhooks hear of it; undefined: none of them listens to this member. */
async function joinedEvent(ctx: CallerContext, room: Room, role: string): Promise<TimedJoining['tell']> {
  const { caller, services } = ctx;
  const member = { tenant: caller.tenant.id, roomId: room.room_id, userId: caller.publicId };
  if (!isSampled(services.config, member)) return undefined;
  if (!(await services.subscriptions.anybody(ctx.db, member.tenant, 'member.joined'))) return undefined;
  return (tx) => tellOfMember(tx, services, { type: 'member.joined', ...member, room, role });
}

async function joinTogether(ctx: CallerContext, joining: Joining & { room: Room }): Promise<Joined> {
  const tell = await joinedEvent(ctx, joining.room, joining.role);
  return joinRoom(ctx.db, { ...joining, times: joiningTimes(ctx.services), ...(tell && { tell }) });
}

/** Gives the caller's role; undefined where the room ended in this moment. */
async function join(
  ctx: CallerContext,
  { room, sanctions }: RoomIdLookup & { room: Room },
  request: EnterRoomRequest,
): Promise<string | undefined> {
  const isOwner = room.owner_id === ctx.caller.id;
  const role = roleOf(request, isOwner);
  if (isOwner) await returnAsOwner(ctx, room, request);
  const joining = { room, by: ctx.caller.session, role, sanctionNo: sanctions.no };
  const joined = await (ctx.services.config.strictEntry ? joinStrictly(ctx, joining) : joinTogether(ctx, joining));
  if (!joined?.hasAccount) throw tokenInvalid();
  if (joined.inRoom && sanctions.muted) await muteOnEntry(ctx, room);
  return joined.inRoom ? role : undefined;
}

/** The host of a room that an audience opened while its id was nobody's. */
async function takeOver(ctx: CallerContext, lookup: RoomIdLookup & { room: Room }, request: EnterRoomRequest) {
  const { room } = lookup;
  const to = { by: ctx.caller.session, slot: slotFor(ctx, lookup), sanctionNo: lookup.sanctions.no };
  const taken = await ctx.db.transaction((tx) => handOver(tx, room, to));
  const own = { ...room, owner_id: ctx.caller.id, host_pending: 0 };
  return taken ? join(ctx, { ...lookup, room: own }, request) : undefined;
}

interface Attempt {
  request: EnterRoomRequest;
  /** Names the lease under which this call may open the room. */
  holder: string;
}

/** One look and what follows from it: the caller's role, or that it is to be looked again, at once or after a pause. */
async function tryToEnter(
  asked: UnprovedCallerContext,
  attempt: Attempt,
): Promise<{ role: string } | 'again' | 'wait'> {
  const { request, holder } = attempt;
  const { caller } = asked;
  const key = { tenant: caller.tenant.id, roomId: request.roomId };
  const by = { session: caller.session, address: asked.clientAddress ?? '', now: asked.services.clock() };
  const lookup = await lookUpRoomId(asked.db, key, by);
  if (!lookup.session || lookup.sanctions.banned) throw await whyNoSession(asked);
  const ctx = withSession(asked, lookup.session);
  await checkStrictEntry(ctx.db, ctx, request.roomId);
  const { room } = lookup;
  const who = { id: caller.id, publicId: caller.publicId, now: ctx.services.clock(), holder };
  const decision = decideEntry(lookup, request, who);
  if (decision === 'wait') return 'wait';
  if (decision === 'no_such_room') throw await endedRefusal(asked, room);
  if (room && lookup.sanctions.keptOut) throw await kickRefusal(asked, room.id);
  if (decision === 'not_yours') throw notYours();
  let role: string | undefined;
  if (decision === 'open') {
    checkRoomId(ctx, request.roomId, request.category ?? room?.category);
    role = await goLive(ctx, { lookup, request, holder });
  } else if (room) {
    role = await (decision === 'join'
      ? join(ctx, { ...lookup, room }, request)
      : takeOver(ctx, { ...lookup, room }, request));
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

/** For a caller who leaves the id to the server. */
async function generatedId(ctx: UnprovedCallerContext): Promise<string> {
  const id = await newRoomId(ctx);
  if (id === undefined) throw await whyNoSession(ctx);
  return id;
}

/** Whoever joins a room, the busiest call of all, needs no look at it before; everybody else does. */
export async function enterRoom(input: InputOf<'enterRoom'>, ctx: UnprovedCallerContext) {
  const { category, title, role } = input;
  checkAppId(ctx.caller.tenant, input.appId, 'RoomCreateParams');
  if (input.roomId !== undefined) checkRoomId(ctx, input.roomId, category);
  const roomId = input.roomId ?? (await generatedId(ctx));
  const request = { roomId, role, category, title };
  return { roomId, role: (await enterAtOnce(ctx, request)) ?? (await enterOrOpen(ctx, request)) };
}
