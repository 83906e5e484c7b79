/** enter_room: enters a live room, or opens one for its owner. Idempotent. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { lookUpRoomId } from '../../data/rooms/rooms';
import { type UnprovedCallerContext, withSession } from '../context';
import { reviewed } from '../review/profile-texts';
import { endedRefusal, kickRefusal, whyNoSession } from '../sanctions/refuse';
import { enterSeen, enterUnseen, takeOver } from './enter-live-room';
import { decideEntry, type EnterRoomRequest } from './entry-decision';
import { notYours } from './errors';
import { checkAppId, checkRoomId } from './ids';
import { newLeaseHolder } from './lifecycle';
import { newRoomId } from './limits';
import { goLive } from './open';
import { checkStrictEntry } from './strict-entry';

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
    checkRoomId(ctx, request.roomId, request.category ?? room?.category);
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
async function generatedId(ctx: UnprovedCallerContext): Promise<string> {
  const id = await newRoomId(ctx);
  if (id === undefined) throw await whyNoSession(ctx);
  return id;
}

export async function enterRoom(input: InputOf<'enterRoom'>, ctx: UnprovedCallerContext) {
  const { category, role } = input;
  checkAppId(ctx.caller.tenant, input.appId, 'RoomCreateParams');
  if (input.roomId !== undefined) checkRoomId(ctx, input.roomId, category);
  const author = { tenant: ctx.caller.tenant.id, userId: ctx.caller.id };
  const title = await reviewed(ctx, author, { field: 'title', text: input.title });
  const roomId = input.roomId ?? (await generatedId(ctx));
  const custom = ctx.caller.tenant.customByApps ? input.custom : undefined;
  const request = { roomId, role, category, title, custom };
  return { roomId, role: (await enterUnseen(ctx, request)) ?? (await enterOrOpen(ctx, request)) };
}
