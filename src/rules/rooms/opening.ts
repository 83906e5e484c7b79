/**
 * Going live: the room is claimed in the database, IM makes the group, then the room becomes visible. Nobody sees a room
 * without its group, and where IM fails nothing is left half made.
 */
import { randomBytes } from 'node:crypto';
import { ApiError, DatabaseError, ERROR_CODES } from '../../base/errors';
import { enterComingLife } from '../../data/members';
import { enqueue, isInFlight } from '../../data/outbox';
import { claimPublicId, releasePublicId } from '../../data/public-ids';
import { abandonOpening, createClosedRoom, markOpening, openRoom, type RoomPlace } from '../../data/rooms';
import { ImError } from '../../tencent/im';
import { tokenInvalid } from '../accounts/caller';
import type { CallerContext } from '../context';
import { beginAttendance } from '../presence/presence';

/** A call on the former life is over, also at the vendor's, within a few seconds; the app waits for 10 s in all. */
const FORMER_LIFE_MS = 4_000;
const FORMER_LIFE_POLL_MS = 50;
/** Long enough for the owner to try again first. */
const DOUBTFUL_GROUP_MS = 60_000;
/** After these, IM may have made the group all the same. */
const DOUBTFUL: ReadonlySet<number> = new Set([ERROR_CODES.ServiceUnavailable, ERROR_CODES.ServiceResponseInvalid]);

export interface Wish {
  roomId: string;
  role: string;
  category: string | undefined;
  title: string | undefined;
}

/** What an IM fault is for the caller. */
export function toApiError(error: unknown): unknown {
  if (!(error instanceof ImError)) return error;
  switch (error.failure) {
    case 'unreachable':
      return new ApiError('ServiceUnavailable', 'the IM service cannot be reached, please try again', { cause: error });
    case 'nonsense':
      return new ApiError('ServiceResponseInvalid', 'the IM service gave an answer that makes no sense', {
        cause: error,
      });
    case 'misconfigured':
      return new ApiError('SystemError', 'Invalid TRTC config, please check .env file', { cause: error });
    case 'refused':
      return new ApiError('ServiceUnknownError', `the IM service refused (${error.code})`, { cause: error });
  }
}

/** A room of the caller's that is not open, and what it takes to undo the claim on it. */
interface Claimed {
  id: number;
  liveNo: number;
  roomId: string;
  category: string;
  title: string;
  idWasFree: boolean;
  /** Names this attempt. */
  openingKey: string;
}

/** Takes the id and the room for the caller; undefined where somebody was faster. */
async function claimRoom(ctx: CallerContext, roomId: string, place: RoomPlace): Promise<Claimed | undefined> {
  const { caller, db } = ctx;
  const now = ctx.services.clock();
  const openingKey = randomBytes(12).toString('base64url');
  const key = { tenant: caller.tenant.id, roomId };
  const { room } = place;
  if (room) {
    await markOpening(db, room.id, { by: caller.session, now, key: openingKey });
    return { ...room, liveNo: room.live_no, roomId, idWasFree: false, openingKey };
  }
  const idWasFree = place.owner === undefined;
  if (idWasFree && !(await claimPublicId(db, { tenant: key.tenant, publicId: roomId, ownerId: caller.id, now })))
    return;
  try {
    const id = await createClosedRoom(db, { ...key, by: caller.session, now, openingKey });
    return { id, liveNo: 0, roomId, category: '', title: '', idWasFree, openingKey };
  } catch (error) {
    // The same owner at the same moment, on a second phone.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return;
    throw error;
  }
}

/**
 * Gives back what the claim took; the id too, where it was free before. Where nobody knows whether IM has made the group,
 * it is dissolved a little later, unless the owner has opened the room by then.
 */
async function abandon(ctx: CallerContext, room: Claimed, groupIsDoubtful: boolean): Promise<void> {
  const { tenant } = ctx.caller;
  const now = ctx.services.clock();
  await ctx.db.transaction(async (tx) => {
    const outcome = await abandonOpening(tx, room.id, room.openingKey);
    if (outcome === 'lost') return;
    if (outcome === 'removed' && room.idWasFree) await releasePublicId(tx, tenant.id, room.roomId);
    if (!groupIsDoubtful) return;
    const life = { roomPk: room.id, liveNo: room.liveNo, dueAt: now + DOUBTFUL_GROUP_MS };
    await enqueue(tx, { kind: 'im_destroy_group', tenant: tenant.id, target: room.roomId, ...life, now });
  });
}

/**
 * Work on the room's former life may be on its way to IM or TRTC. It began before our mark was to be seen, so it is waited
 * for; whatever begins later sees the mark and leaves the room alone (rules/outbox/outbox.ts).
 */
async function waitForFormerLife(ctx: CallerContext, roomId: string): Promise<void> {
  const started = performance.now();
  for (;;) {
    const target = { tenant: ctx.caller.tenant.id, id: roomId, now: ctx.services.clock() };
    if (!(await isInFlight(ctx.db, target))) return;
    if (performance.now() - started > FORMER_LIFE_MS) {
      throw new ApiError('ServiceUnavailable', 'the room is still being closed, please try again');
    }
    await ctx.budget.outside(() => new Promise((resolve) => setTimeout(resolve, FORMER_LIFE_POLL_MS)));
  }
}

export async function makeImGroup(ctx: CallerContext, roomId: string, title: string): Promise<void> {
  const { caller } = ctx;
  const { im, log } = ctx.services;
  if (!im) return;
  const group = { groupId: roomId, owner: caller.publicId, name: title };
  const create = (budgetMs: number) => im.createGroup(caller.tenant, group, { budgetMs });
  await ctx.budget.outside(create).catch((error: unknown) => {
    const code = error instanceof ImError ? error.code : 0;
    log('im_create_group_failed', { tenant: caller.tenant.id, roomId, code, reason: String(error) });
    throw toApiError(error);
  });
}

/**
 * Opens the room for the caller and puts the caller in. Each step can be repeated and shows nothing by itself; the last
 * one makes all of it visible. False where somebody was faster: look again.
 */
export async function goLive(ctx: CallerContext, wish: Wish, place: RoomPlace): Promise<boolean> {
  const room = await claimRoom(ctx, wish.roomId, place);
  if (!room) return false;
  // The platform's rule: an audience never makes a group, or the anchor cannot take it later.
  const withGroup = wish.role !== 'audience' && ctx.services.im !== null;
  let calledIm = false;
  try {
    await waitForFormerLife(ctx, wish.roomId);
    calledIm = withGroup;
    if (withGroup) await makeImGroup(ctx, wish.roomId, wish.title ?? room.title);
  } catch (error) {
    const { code } = error instanceof ApiError ? error : { code: 0 };
    await abandon(ctx, room, calledIm && DOUBTFUL.has(code));
    throw error;
  }
  const now = ctx.services.clock();
  await enterComingLife(
    ctx.db,
    { id: room.id, liveNo: room.liveNo + 1 },
    { by: ctx.caller.session, role: wish.role, now },
  );
  if (!(await beginAttendance(ctx.db, ctx))) {
    await abandon(ctx, room, withGroup);
    throw tokenInvalid();
  }
  return openRoom(ctx.db, {
    id: room.id,
    liveNo: room.liveNo,
    by: ctx.caller.session,
    openingKey: room.openingKey,
    category: wish.category ?? room.category,
    title: wish.title ?? '',
    imGroup: withGroup,
    now,
  });
}
