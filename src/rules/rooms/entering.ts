/** enter_room: joins an open room, or opens one for whom it belongs to. Repeatable: entering again is entering once. */

import { ApiError, type ErrorName } from '../../base/errors';
import type { InputOf } from '../../contract';
import { enterMember, roomsOfMember } from '../../data/members';
import { generateRoomId, publicId } from '../../data/public-ids';
import { countsAreStale, refreshCounts } from '../../data/room-lists';
import { findPlace, markImGroup, type Room, type RoomPlace, updateRoomTexts } from '../../data/rooms';
import { proveSession } from '../../data/sessions';
import { tokenInvalid } from '../accounts/caller';
import { type CallerContext, type UnprovedCallerContext, withSession } from '../context';
import { beginAttendance, onlineCutoffs } from '../presence/presence';
import { checkAppId, checkRoomId } from './ids';
import { goLive, makeImGroup, type Wish } from './opening';

/** An opening takes as long as IM does; whoever comes in between waits for it this long (ms), asking this often. */
const OPENING_MS = 5_000;
const OPENING_POLL_MS = 50;
const ROUNDS = OPENING_MS / OPENING_POLL_MS;
/** Between taking an id and making its room there is one statement. */
const CLAIM_MS = 1_000;

function refuse(name: ErrorName, text: string): never {
  throw new ApiError(name, text);
}

const noSuchRoom = () => refuse('RoomNotExists', 'the room does not exist or has ended');

async function checkStrictEntry(ctx: UnprovedCallerContext, roomId: string): Promise<void> {
  if (!ctx.services.config.strictEntry) return;
  if (!(await proveSession(ctx.db, ctx.caller.session))) throw tokenInvalid();
  const rooms = await roomsOfMember(ctx.db, ctx.caller.id, onlineCutoffs(ctx.services.config.presence, ctx.now));
  if (rooms.includes(roomId)) refuse('RoomsUserExists', 'you are already in this room');
  if (rooms.length > 0) refuse('UserAlreadyInRooms', 'you are already in another room');
}

/** The owner coming back to the own, open room: texts that are given change, and a missing IM group is made. */
async function returnAsOwner(ctx: CallerContext, room: Room, wish: Wish): Promise<void> {
  const texts = {
    ...(wish.category !== undefined && wish.category !== room.category && { category: wish.category }),
    ...(wish.title !== undefined && wish.title !== room.title && { title: wish.title }),
  };
  if (room.im_group === 0 && wish.role !== 'audience' && ctx.services.im) {
    await makeImGroup(ctx, room.room_id, wish.title ?? room.title);
    await markImGroup(ctx.db, room.id);
  }
  if (Object.keys(texts).length === 0) return;
  const key = { tenant: room.tenant, roomId: room.room_id, by: ctx.caller.session, now: ctx.now };
  await updateRoomTexts(ctx.db, key, texts);
}

/** False where the room ended in this moment. */
async function join(ctx: CallerContext, room: Room, wish: Wish): Promise<boolean> {
  if (room.owner_id === ctx.caller.id) await returnAsOwner(ctx, room, wish);
  if (!(await enterMember(ctx.db, room, { by: ctx.caller.session, role: wish.role, now: ctx.now }))) return false;
  if (!(await beginAttendance(ctx.db, ctx))) throw tokenInvalid();
  const cutoffs = onlineCutoffs(ctx.services.config.presence, ctx.services.clock());
  if (countsAreStale(room, cutoffs.now)) await refreshCounts(ctx.db, { id: room.id, liveNo: room.live_no }, cutoffs);
  return true;
}

/** Throws unless the caller may open this closed or unknown room; whose id it is decides. */
function checkMayOpen(ctx: CallerContext, place: RoomPlace, wish: Wish & { roleGiven: boolean }): void {
  const { caller } = ctx;
  const audience = wish.roleGiven && wish.role === 'audience';
  const owner = place.room?.owner_id ?? place.owner;
  if (owner === undefined) return;
  if (owner !== caller.id) {
    const wantsToOwn = (wish.role === 'anchor' || !wish.roleGiven) && (place.room?.live_no ?? 0) === 0;
    if (wantsToOwn) refuse('SystemVerifyError', 'this roomId belongs to somebody else');
    noSuchRoom();
  }
  const ended = (place.room?.live_no ?? 0) > 0;
  if (audience && (ended || wish.roomId === publicId(caller.tenant.id, caller.id))) noSuchRoom();
}

/**
 * Somebody else is between taking the id and making the room visible. The owner does not wait for a call of their own that
 * may be long dead, unless that call has just been faster (`lost`): two phones would take turns for ever.
 */
function isBeingOpened(place: RoomPlace, ctx: CallerContext, attempt: { roomId: string; lost: boolean }): boolean {
  const { room, owner, claimedAt } = place;
  const { roomId, lost } = attempt;
  if (owner === undefined || (!lost && (room?.owner_id ?? owner) === ctx.caller.id)) return false;
  // A user's own id was taken by signing up; it says nothing about a room.
  if (!room) return roomId !== publicId(ctx.caller.tenant.id, owner) && claimedAt > ctx.services.clock() - CLAIM_MS;
  return room.status === 0 && room.opening_at > ctx.services.clock() - OPENING_MS;
}

function roleIn(place: RoomPlace, ctx: CallerContext, wish: Wish & { roleGiven: boolean }): string {
  if (wish.roleGiven) return wish.role;
  const owner = place.room?.owner_id ?? place.owner;
  return owner === undefined || owner === ctx.caller.id ? 'anchor' : 'audience';
}

/** Joins, opens or waits, until one of them has worked; gives the caller's role. */
async function enterOrOpen(asked: UnprovedCallerContext, wish: Wish & { roleGiven: boolean }): Promise<string> {
  const key = { tenant: asked.caller.tenant.id, roomId: wish.roomId };
  let lost = false;
  for (let round = 0; round < ROUNDS; round += 1) {
    const place = await findPlace(asked.db, key, asked.caller.session);
    if (!place.session) throw tokenInvalid();
    const ctx = withSession(asked, place.session);
    const role = roleIn(place, ctx, wish);
    if (place.room?.status === 1) {
      if (await join(ctx, place.room, { ...wish, role })) return role;
    } else if (isBeingOpened(place, ctx, { roomId: wish.roomId, lost })) {
      await ctx.budget.outside(() => new Promise((resolve) => setTimeout(resolve, OPENING_POLL_MS)));
    } else {
      checkMayOpen(ctx, place, { ...wish, role });
      checkRoomId(ctx, wish.roomId, wish.category ?? place.room?.category);
      if (await goLive(ctx, { ...wish, role }, place)) return role;
      lost = true;
    }
  }
  return refuse('ServiceUnavailable', 'the room is being opened, please try again');
}

/** For a caller who leaves the id to the server. Writes, so the session is asked for before. */
async function newRoomId({ caller, db, now }: UnprovedCallerContext): Promise<string> {
  const session = await proveSession(db, caller.session);
  if (!session) throw tokenInvalid();
  return generateRoomId(db, session, { tenant: caller.tenant.id, now });
}

/** Finding the room tells whether the session is still there: one round trip less for the busiest call of all. */
export async function enterRoom(input: InputOf<'enterRoom'>, ctx: UnprovedCallerContext) {
  const { caller } = ctx;
  checkAppId(caller.tenant, input.appId, 'RoomCreateParams');
  if (input.roomId !== undefined) checkRoomId(ctx, input.roomId, input.category);
  const roomId = input.roomId ?? (await newRoomId(ctx));
  await checkStrictEntry(ctx, roomId);
  const wish = { roomId, role: input.role ?? '', category: input.category, title: input.title };
  const role = await enterOrOpen(ctx, { ...wish, roleGiven: input.role !== undefined });
  return { roomId, role };
}
