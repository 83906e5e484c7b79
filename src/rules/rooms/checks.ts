/**
 * Checks before a call may act on a room: its id and application are the tenant's, the account has not used up what
 * all share, and with ROOM_STRICT_ENTRY the user is in one room at most. With the errors that several rules answer.
 */
import { ApiError, type ErrorName } from '../../base/errors';
import type { Tenant } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { lockPresence } from '../../data/presence/signs-of-life';
import { roomsOfMember } from '../../data/rooms/members';
import type { RoomIdLookup } from '../../data/rooms/rooms';
import { takeOfDay } from '../accounts/throttles';
import { type CallerContext, tokenInvalid, type UnprovedCallerContext } from '../context';
import { onlineCutoffs } from '../presence/presence';

export function noSuchRoom(): ApiError {
  return new ApiError('RoomNotExists', 'the room does not exist or has ended');
}

export function notYours(cause?: unknown): ApiError {
  return new ApiError('SystemVerifyError', 'this roomId belongs to another user', { cause });
}

/** The Android app reads the ids of this category as Java ints; one bad id crashes its viewers' list. */
const INT_IDS_CATEGORY = 'mlvb-show-live';

/** appId may be absent, "0" or the tenant's own; a room belongs to the application of its tenant. */
export function checkAppId(tenant: Tenant, appId: string | undefined, invalid: ErrorName): void {
  if (appId === undefined || Number(appId) === 0 || Number(appId) === tenant.sdkAppId) return;
  throw new ApiError(invalid, 'appId is not the sdkAppId of this service');
}

/** Checks a room id that is to be opened: its form, and that it is one of the caller's tenant. */
export function checkRoomId(ctx: UnprovedCallerContext, roomId: string, category: string | undefined): void {
  const { id, sdkAppId, userIds } = ctx.caller.tenant;
  // Its ids have no prefix, its application is its own, and an app that expects numbers only cannot be signed in here.
  if (userIds === 'username') return;
  if (id !== '' && !roomId.startsWith(`${id}-`)) {
    throw new ApiError('RoomCreateParams', `roomId must begin with ${id}-`);
  }
  // Tenants of one application share its IM groups: a room with another tenant's id would end that tenant's group.
  for (const other of ctx.services.config.tenants) {
    const isOther = other.sdkAppId === sdkAppId && other.id !== id && other.id !== '';
    if (isOther && roomId.startsWith(`${other.id}-`)) throw notYours();
  }
  const int32 = /^[1-9]\d{0,9}$/.test(roomId) && Number(roomId) <= 2_147_483_647;
  if (id === '' && category === INT_IDS_CATEGORY && !int32) {
    throw new ApiError('RoomCreateParams', 'roomId must be a number from 1 to 2147483647 in this category');
  }
}

/** Broadcasts of an account in a day below which other processes need not know of them. */
const SUSPICIOUS_OPENINGS = 10;

/**
 * The slot among the caller's open rooms for the new room; null if there is no limit. No two rooms of
 * an owner share a slot (a unique index), so that concurrent openings stay below the limit.
 */
export function slotFor(ctx: CallerContext, { room, ownSlots }: RoomIdLookup): number | null {
  const { roomsPerOwner } = ctx.services.config;
  if (roomsPerOwner === 0) return null;
  if (room?.owner_id === ctx.caller.id && room.open_slot !== null) return room.open_slot;
  if (ownSlots.length < roomsPerOwner) {
    let slot = 1;
    while (ownSlots.includes(slot)) slot += 1;
    return slot;
  }
  throw new ApiError('UserQueryLimit', `you have ${ownSlots.length} rooms open already, please end one first`);
}

/** Going live makes work for IM and TRTC, which all accounts share. Each process counts the minute for itself. */
export async function limitOpenings(ctx: CallerContext): Promise<void> {
  const { caller, services, now } = ctx;
  const { roomOpeningsPerMinute: max, roomOpeningsPerDay: most } = services.config;
  const { openings, openingsOfDay: counts } = services.throttles;
  if (max > 0 && openings.add(String(caller.id), now) > max) {
    throw new ApiError('UserQueryLimit', 'too many broadcasts started; try again in a minute');
  }
  // Each is a broadcast for the statistics, and may be a new room.
  const counted = { counts, key: `openings of ${caller.id}`, suspicious: SUSPICIOUS_OPENINGS };
  if (most > 0 && !(await takeOfDay(ctx, { ...counted, most }))) {
    throw new ApiError('UserQueryLimit', 'too many broadcasts started today');
  }
}

/** ROOM_STRICT_ENTRY: a user is in one room at most, and once. The shipped apps need it off. */
export async function checkStrictEntry(db: Executor, ctx: UnprovedCallerContext, roomId: string): Promise<void> {
  const { config } = ctx.services;
  if (!config.strictEntry) return;
  const rooms = await roomsOfMember(db, ctx.caller.id, onlineCutoffs(config.presence, ctx.now));
  if (rooms.includes(roomId)) throw new ApiError('RoomsUserExists', 'you are already in this room');
  if (rooms.length > 0) throw new ApiError('UserAlreadyInRooms', 'you are already in another room');
}

/** Runs the statements that put the caller into a room. Under strict entry, calls of one user run one after the other. */
export function strictly<T>(
  ctx: UnprovedCallerContext,
  roomId: string,
  enter: (db: Executor) => Promise<T>,
): Promise<T> {
  if (!ctx.services.config.strictEntry) return enter(ctx.db);
  return ctx.db.transaction(async (tx) => {
    if (!(await lockPresence(tx, ctx.caller.id))) throw tokenInvalid();
    await checkStrictEntry(tx, ctx, roomId);
    return enter(tx);
  });
}
