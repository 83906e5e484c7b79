/**
 * Makes IM dissolve the group of an ended broadcast, and TRTC its room. A lease blocks the room (room-states.ts), so that
 * its owner cannot open it between the look and the call.
 */
import type { Tenant } from '../../config/config';
import type { OutboxItem } from '../../data/outbox/outbox';
import { MOVES } from '../../data/rooms/room-moves';
import { moveRoom, newLeaseHolder, stateOf } from '../../data/rooms/room-states';
import { findRoom } from '../../data/rooms/rooms';
import { findBroadcast } from '../../data/statistics/broadcasts';
import type { Context, Services, Vendors } from '../context';
import { faultReason } from '../fault-reason';
import type { Notice } from '../sanctions/vendors';
import { dismissalPayload, ownerInDoubt } from './im-group';

/** IM gives up on a request after 3 s (https://cloud.tencent.com/document/api/269/1519); some more for clocks. */
const DOUBT_MS = 4_000;
/** There is no statement between lease and call; a worker that was paused for longer must not call. */
const SLACK_MS = 1_000;
/** Later than this after the end (ms), the group may be a new one, made by the host's app. */
const AT_ONCE_MS = 2_500;
/** Allowed difference to the vendor's clock (ms). */
const CLOCKS_MS = 5_000;

/** The places where a room is dissolved, as payload and log name them. */
const CALLS = { im: 'im_destroy_group', trtc: 'trtc_dismiss' } as const;
type Place = keyof typeof CALLS;

export interface Dismissal {
  item: OutboxItem;
  tenant: Tenant;
  budgetMs: number;
  /** Logs the failure; false if a retry cannot help. */
  isWorthRetrying: (call: string, error: unknown) => boolean;
}

/**
 * The places where it is still to be done, and when: `at_once`: by a process that can; `soon`: not now, for a reason that is no
 * failure; `after_failure`: less and less often.
 */
export interface DismissalResult {
  left: string;
  again: 'at_once' | 'soon' | 'after_failure';
}

const DONE: DismissalResult = { left: '', again: 'at_once' };

/** The places still to do; a place whose key only the scheduled function has is left to it. */
function placesOf({ trtc }: Vendors, payload: string): { here: Place[]; elsewhere: Place[] } {
  const places = payload.split(',').filter((place): place is Place => Object.hasOwn(CALLS, place));
  const isElsewhere = (place: Place) => place === 'trtc' && trtc !== null && trtc.readyElsewhere && !trtc.ready();
  return { here: places.filter((place) => !isElsewhere(place)), elsewhere: places.filter(isElsewhere) };
}

export function canDismissHere(services: Services, { payload }: Pick<OutboxItem, 'payload'>): boolean {
  const { here, elsewhere } = placesOf(services.vendors, payload);
  return here.length > 0 || elsewhere.length === 0;
}

/**
 * Whether the group is not that of the ended broadcast: the owner's app made it afterwards, for the next one; or it was in
 * doubt, and belongs to another user than it was made for. Work without an owner comes from the end of a broadcast, or
 * was queued by 1.1.0: the id may have another owner since.
 */
async function isAnotherGroup(ctx: Context, { item, tenant, budgetMs }: Dismissal): Promise<boolean> {
  if (ctx.services.clock() - item.created_at <= AT_ONCE_MS) return false;
  const group = await ctx.services.vendors.im?.findGroup(tenant, item.target, { budgetMs });
  if (!group) return false;
  if (group.createdAt > item.created_at + CLOCKS_MS) return true;
  const owner = ownerInDoubt(item.payload);
  if (owner === undefined) return false;
  const room = await findRoom(ctx.db, { tenant: item.tenant, roomId: item.target });
  if (!room) return false;
  const users = [room.owner_id, owner];
  const userId = await ctx.services.userIds.ofAll(ctx.db, item.tenant, users);
  return !['', tenant.imAdmin, ...users.map(userId)].includes(group.owner);
}

/** Notifies the group of the reason if an operator ended the room. Best effort: if it fails, the host gets the reason with the next response about the room (sanctions/refuse.ts). */
async function tellWhyEnded(ctx: Context, { item, tenant, budgetMs }: Dismissal): Promise<void> {
  const { target: roomId, broadcast_no: broadcastNo } = item;
  const last = await findBroadcast(ctx.db, { tenant: tenant.id, roomId, broadcastNo });
  if (last?.ended_by !== 'operator') return;
  const notice: Notice = { liveRoom: 'room_ended', roomId, text: last.reason };
  // Half of the time, so that the group is dissolved in any case.
  const sent = ctx.services.vendors.im?.notifyGroup(
    tenant,
    { groupId: roomId, content: JSON.stringify(notice) },
    { budgetMs: budgetMs / 2 },
  );
  await sent?.catch((error: unknown) => {
    ctx.services.log('im_notify_failed', { tenant: tenant.id, roomId, reason: faultReason(error) });
  });
}

async function dissolve(ctx: Context, place: Place, dismissal: Dismissal): Promise<void> {
  const { item, tenant, budgetMs } = dismissal;
  const { im, trtc } = ctx.services.vendors;
  if (place === 'trtc') return trtc?.dismissRoom(tenant.sdkAppId, item.target, { budgetMs });
  if (await isAnotherGroup(ctx, dismissal)) return;
  await tellWhyEnded(ctx, dismissal);
  await im?.destroyGroup(tenant, item.target, { budgetMs });
}

/** Calls all places in parallel; returns those that failed and need a retry. */
async function dissolveAll(ctx: Context, places: readonly Place[], dismissal: Dismissal): Promise<Place[]> {
  const calls = places.map((place) => dissolve(ctx, place, dismissal));
  const results = await ctx.budget.outside(() => Promise.allSettled(calls));
  return places.filter((place, index) => {
    const result = results[index];
    return result?.status === 'rejected' && dismissal.isWorthRetrying(CALLS[place], result.reason);
  });
}

interface DismissalLease {
  id: number;
  broadcastNo: number;
  holder: string;
}

/** Blocks the ended room until `until`; undefined if it is not closed, or was live again since. */
async function holdForDismissal(
  ctx: Context,
  { id, broadcastNo }: { id: number; broadcastNo: number },
  until: number,
): Promise<DismissalLease | undefined> {
  const lease = { id, broadcastNo, holder: newLeaseHolder() };
  return (await moveRoom(ctx.db, MOVES.dismiss, { ...lease, now: ctx.services.clock(), until })) ? lease : undefined;
}

/** Ends the dismissal; if IM or TRTC may still carry it out, the room stays blocked until `doubtUntil`. */
async function endDismissal(ctx: Context, lease: DismissalLease, doubtUntil: number): Promise<void> {
  const now = ctx.services.clock();
  const mayStillHappen = doubtUntil > now;
  const move = mayStillHappen ? MOVES.holdOff : MOVES.release;
  await moveRoom(ctx.db, move, { ...lease, now, until: mayStillHappen ? doubtUntil : 0 });
}

/** The lease on the room, or the result of the dismissal without one. */
async function hold(ctx: Context, dismissal: Dismissal): Promise<DismissalLease | DismissalResult | undefined> {
  const { item, budgetMs } = dismissal;
  const until = ctx.services.clock() + SLACK_MS + budgetMs + DOUBT_MS;
  const lease = await holdForDismissal(ctx, { id: item.room_pk, broadcastNo: item.broadcast_no }, until);
  if (lease) return lease;
  const room = await findRoom(ctx.db, { tenant: item.tenant, roomId: item.target });
  // Queued by an older version, whose never-live rooms had no row left. No lease to take; nothing to protect.
  if (!room) return undefined;
  // Live again: the group belongs to the current broadcast. Ended again: that end dissolves it.
  const isOver = stateOf(room) !== 'live' && room.broadcast_no === item.broadcast_no;
  return isOver ? { left: item.payload, again: 'soon' } : DONE;
}

export async function dismissRoom(ctx: Context, dismissal: Dismissal): Promise<DismissalResult> {
  const { payload } = dismissal.item;
  const started = performance.now();
  const held = await hold(ctx, dismissal);
  if (held && 'again' in held) return held;
  if (performance.now() - started > SLACK_MS) return { left: payload, again: 'soon' };
  const { here, elsewhere } = placesOf(ctx.services.vendors, payload);
  const failed = await dissolveAll(ctx, here, dismissal);
  if (held) await endDismissal(ctx, held, failed.length > 0 ? ctx.services.clock() + DOUBT_MS : 0);
  const left = dismissalPayload([...failed, ...elsewhere], ownerInDoubt(payload));
  return { left, again: failed.length > 0 ? 'after_failure' : 'at_once' };
}
