/** enter_room: joins an open room, or opens one for whom it belongs to. Repeatable: entering again is entering once. */
import { ApiError, type ErrorName } from '../../errors';
import { generateRoomId, ownerOfPublicId, publicId } from '../../repositories/accounts';
import { enterMember, roomsOfMember } from '../../repositories/members';
import { countsAreStale, refreshCounts } from '../../repositories/room-lists';
import { findRoom, markImGroup, type Room, updateRoomTexts } from '../../repositories/rooms';
import type { InputOf } from '../../contract';
import type { CallerContext } from '../context';
import { beginAttendance, momentOf } from '../presence/presence';
import { checkAppId, checkRoomId } from './ids';
import { goLive, makeImGroup, type Wish } from './opening';

/** An opening takes as long as IM does; whoever comes in between waits for it this long (ms), asking this often. */
const OPENING_MS = 5_000;
const OPENING_POLL_MS = 50;
const ROUNDS = 100;

function refuse(name: ErrorName, text: string): never {
  throw new ApiError(name, text);
}

const noSuchRoom = () => refuse('RoomNotExists', 'the room does not exist or has ended');

async function checkStrictEntry(ctx: CallerContext, roomId: string): Promise<void> {
  if (!ctx.services.config.strictEntry) return;
  const rooms = await roomsOfMember(ctx.db, ctx.caller.id);
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
  const key = { tenant: room.tenant, roomId: room.room_id, ownerId: ctx.caller.id, now: ctx.now };
  await updateRoomTexts(ctx.db, key, texts);
}

/** False where the room ended in this moment. */
async function join(ctx: CallerContext, room: Room, wish: Wish): Promise<boolean> {
  if (room.owner_id === ctx.caller.id) await returnAsOwner(ctx, room, wish);
  if (!(await enterMember(ctx.db, room, { userId: ctx.caller.id, role: wish.role, now: ctx.now }))) return false;
  await beginAttendance(ctx.db, ctx);
  const moment = momentOf(ctx.services.config.presence, ctx.services.clock());
  if (countsAreStale(room, moment.now)) await refreshCounts(ctx.db, { id: room.id, liveNo: room.live_no }, moment);
  return true;
}

/** Whether the caller may open this closed or unknown room; whose id it is decides. */
async function checkMayOpen(ctx: CallerContext, room: Room | undefined, wish: Wish & { roleGiven: boolean }) {
  const { caller } = ctx;
  const audience = wish.role === 'audience' && wish.roleGiven;
  if (room && room.live_no > 0) {
    if (room.owner_id !== caller.id || audience) noSuchRoom();
    return { idWasFree: false };
  }
  const owner = room?.owner_id ?? (await ownerOfPublicId(ctx.db, caller.tenant.id, wish.roomId));
  if (owner === undefined) return { idWasFree: true };
  if (owner !== caller.id) {
    if (wish.role === 'anchor' || !wish.roleGiven) refuse('SystemVerifyError', 'this roomId belongs to somebody else');
    noSuchRoom();
  }
  if (audience && wish.roomId === publicId(caller.tenant.id, caller.id)) noSuchRoom();
  return { idWasFree: false };
}

/** Somebody is between claiming the room and making it visible. */
function isBeingOpened(room: Room | undefined, callerId: number, now: number): boolean {
  return room !== undefined && room.status === 0 && room.owner_id !== callerId && room.opening_at > now - OPENING_MS;
}

async function enterOrOpen(ctx: CallerContext, wish: Wish & { roleGiven: boolean }): Promise<string> {
  const key = { tenant: ctx.caller.tenant.id, roomId: wish.roomId };
  const started = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) {
    const room = await findRoom(ctx.db, key);
    const role = wish.roleGiven ? wish.role : room && room.owner_id !== ctx.caller.id ? 'audience' : 'anchor';
    if (room?.status === 1) {
      if (await join(ctx, room, { ...wish, role })) return role;
      continue;
    }
    if (isBeingOpened(room, ctx.caller.id, ctx.now) && performance.now() - started < OPENING_MS) {
      await new Promise((resolve) => setTimeout(resolve, OPENING_POLL_MS));
      continue;
    }
    const { idWasFree } = await checkMayOpen(ctx, room, { ...wish, role });
    checkRoomId(ctx.caller.tenant, wish.roomId, wish.category ?? room?.category);
    if (await goLive(ctx, { ...wish, role }, idWasFree)) return role;
  }
  return refuse('ServiceUnavailable', 'the room is being opened, please try again');
}

export async function enterRoom(input: InputOf<'enterRoom'>, ctx: CallerContext) {
  const { caller, now } = ctx;
  checkAppId(caller.tenant, input.appId, 'RoomCreateParams');
  if (input.roomId !== undefined) checkRoomId(caller.tenant, input.roomId, input.category);
  const roomId = input.roomId ?? (await generateRoomId(ctx.db, { tenant: caller.tenant.id, id: caller.id, now }));
  await checkStrictEntry(ctx, roomId);
  const wish = { roomId, role: input.role ?? '', category: input.category, title: input.title };
  const role = await enterOrOpen(ctx, { ...wish, roleGiven: input.role !== undefined });
  return { roomId, role };
}
