/**
 * Outbox items of sanctions for IM and TRTC. Each kind reads the current state when it runs, not
 * the state of the decision: a late, repeated or reordered item never affects a user whose sanction was lifted.
 */

import type { Tenant } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { enqueue, type OutboxItem } from '../../data/outbox/outbox';
import { noteSaid, type Subject, wasSaid } from '../../data/outbox/said';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom } from '../../data/rooms/rooms';
import { isInForce, sanctionsInRoom, userBan } from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import { MUTE_FOREVER } from '../../vendors/tencent/im';
import type { Context, Services } from '../context';

export interface Notice {
  /** What happened: room_ended, room_warned or user_kicked. */
  liveRoom: 'room_ended' | 'room_warned' | 'user_kicked';
  roomId: string;
  userId?: string;
  text?: string;
}

interface Target {
  tenant: string;
  /** Public ids. */
  roomId: string;
  userId: string;
  room: { id: number; broadcastNo: number };
  now: number;
}

/** Notifies all members of the room by IM. */
export async function notifyRoom(
  tx: Executor,
  services: Services,
  target: Omit<Target, 'userId'> & { notice: Notice },
): Promise<number[]> {
  if (!services.vendors.im) return [];
  const { tenant, roomId, room, now, notice } = target;
  const payload = JSON.stringify(notice);
  return [await enqueue(tx, { kind: 'im_notify', tenant, target: roomId, ...where(room), payload, now })];
}

/** IM lets the user speak in the room, or not, as their sanctions are then. */
export async function muteInRoom(
  tx: Executor,
  services: Services,
  target: Target & { dueAt?: number },
): Promise<number[]> {
  if (!services.vendors.im) return [];
  const { tenant, roomId, userId, room, now, dueAt = now } = target;
  return [await enqueue(tx, { kind: 'im_mute', tenant, target: roomId, ...where(room), payload: userId, now, dueAt })];
}

export function muteSubject(of: { tenant: string; roomPk: number; broadcastNo: number; userId: string }): Subject {
  return { kind: 'mute', tenant: of.tenant, name: `${of.roomPk} ${of.broadcastNo} ${of.userId}` };
}

/** End of the time in which the user must not speak in the room (ms); 0: they may. A user who must not be in it must not speak there. */
export async function silentUntil(db: Executor, of: { userId: number; roomPk: number; now: number }): Promise<number> {
  const sanctions = await sanctionsInRoom(db, of);
  return Math.max(0, ...sanctions.map((row) => row.until_at));
}

/** Whether TRTC can send users out of rooms. */
export function canRemove({ vendors: { trtc } }: Services): boolean {
  return trtc !== null && (trtc.ready() || trtc.readyElsewhere);
}

/** TRTC sends the user out of the room. */
export async function removeFromRoom(tx: Executor, services: Services, target: Target): Promise<number[]> {
  if (!canRemove(services)) return [];
  const { tenant, roomId, userId, room, now } = target;
  return [await enqueue(tx, { kind: 'trtc_remove', tenant, target: roomId, ...where(room), payload: userId, now })];
}

/** IM ends the user's connections. */
export async function kickFromIm(
  tx: Executor,
  services: Services,
  user: { tenant: string; userId: string; now: number },
): Promise<number[]> {
  if (!services.vendors.im) return [];
  const { tenant, userId, now } = user;
  return [await enqueue(tx, { kind: 'im_kick', tenant, target: userId, now })];
}

const where = ({ id, broadcastNo }: Target['room']) => ({ roomPk: id, broadcastNo: broadcastNo });

export interface SanctionWork {
  item: OutboxItem;
  tenant: Tenant;
  budgetMs: number;
}

/** Whether the broadcast of the item is still live. */
async function isOnAir(ctx: Context, { item }: SanctionWork): Promise<boolean> {
  const room = await findRoom(ctx.db, { tenant: item.tenant, roomId: item.target });
  return isLiveRoom(room) && room.broadcast_no === item.broadcast_no;
}

async function notify(ctx: Context, work: SanctionWork): Promise<void> {
  const { item, tenant, budgetMs } = work;
  if (await isOnAir(ctx, work))
    await ctx.services.vendors.im?.notifyGroup(tenant, { groupId: item.target, content: item.payload }, { budgetMs });
}

async function mute(ctx: Context, work: SanctionWork): Promise<void> {
  const { item, tenant, budgetMs } = work;
  const id = await ctx.services.userIds.numberOf(ctx.db, tenant.id, item.payload);
  if (id === undefined || !(await isOnAir(ctx, work))) return;
  const now = ctx.services.clock();
  const until = await silentUntil(ctx.db, { userId: id, roomPk: item.room_pk, now });
  const subject = muteSubject({ ...item, roomPk: item.room_pk, broadcastNo: item.broadcast_no, userId: item.payload });
  if (await wasSaid(ctx.db, subject, String(until))) return;
  const seconds = until >= FOREVER ? MUTE_FOREVER : Math.max(0, (until - now) / 1000);
  await ctx.services.vendors.im?.muteMember(
    tenant,
    { groupId: item.target, userId: item.payload, seconds },
    { budgetMs },
  );
  await noteSaid(ctx.db, subject, { value: String(until), now });
}

async function kick(ctx: Context, { item, tenant, budgetMs }: SanctionWork): Promise<void> {
  const id = await ctx.services.userIds.numberOf(ctx.db, tenant.id, item.target);
  const ban = id === undefined ? undefined : await userBan(ctx.db, id, ctx.services.clock());
  if (ban) await ctx.services.vendors.im?.kickUser(tenant, item.target, { budgetMs });
}

async function remove(ctx: Context, { item, tenant, budgetMs }: SanctionWork): Promise<void> {
  const id = await ctx.services.userIds.numberOf(ctx.db, tenant.id, item.payload);
  const now = ctx.services.clock();
  if (id === undefined) return;
  const sanctions = await sanctionsInRoom(ctx.db, { userId: id, roomPk: item.room_pk, now });
  const isKeptOut = sanctions.some((row) => row.kind !== 'mute' && isInForce(row, now));
  const member = { roomId: item.target, userId: item.payload };
  if (isKeptOut) await ctx.services.vendors.trtc?.removeUser(tenant.sdkAppId, member, { budgetMs });
}

const WORK = { im_notify: notify, im_mute: mute, im_kick: kick, trtc_remove: remove } as const;
export type SanctionWorkKind = keyof typeof WORK;

export async function doSanctionWork(ctx: Context, kind: SanctionWorkKind, work: SanctionWork): Promise<void> {
  await ctx.budget.outside(() => WORK[kind](ctx, work));
}
