/** Ending, warning and watching live rooms. */

import { randomBytes } from 'node:crypto';
import type { AdminInputOf } from '../../contract/admin';
import { noteWarning } from '../../data/operators/room-lists-for-operators';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom, type Room } from '../../data/rooms/rooms';
import { endBroadcast } from '../rooms/end';
import { notifyRoom } from '../sanctions/vendors';
import { type ChangeContext, contextOf, type Outcome } from './change-context';
import { utc } from './present';
import { conflict, noSuchRoom } from './refusal';

/** A live room. */
export async function liveRoom(ctx: ChangeContext, roomId: string): Promise<Room> {
  const room = await findRoom(ctx.tx, { tenant: ctx.tenant.id, roomId });
  if (!isLiveRoom(room)) throw noSuchRoom();
  return room;
}

export async function endRoom(input: AdminInputOf<'endRoom'>, ctx: ChangeContext) {
  const { roomId, reason, banOwnerSeconds } = input;
  const room = await liveRoom(ctx, roomId);
  const owner = await ctx.services.userIds.of(ctx.tx, ctx.tenant.id, room.owner_id);
  const ban: Outcome<unknown> | undefined =
    banOwnerSeconds === undefined
      ? undefined
      : await ctx.perform('banUser', { userId: owner, reason, seconds: banOwnerSeconds });
  // A ban has already ended it.
  const work = await endByOperator(ctx, room, reason);
  return {
    audit: { roomId, userId: owner, reason, before: { title: room.title, broadcastNo: room.broadcast_no } },
    work: [...work, ...(ban?.work ?? [])],
    answer: (pending: ('im' | 'trtc')[]) => ({ pending }),
  };
}

/** Ends this broadcast, saying who and why; gives the work for IM and TRTC. */
export async function endByOperator(ctx: ChangeContext, room: Room, reason: string): Promise<number[]> {
  const ending = { ...room, by: room.owner_id, endedBy: 'operator' as const, reason };
  return (await endBroadcast(ctx.tx, contextOf(ctx), ending)).work;
}

export async function warnRoom(input: AdminInputOf<'warnRoom'>, ctx: ChangeContext) {
  const { roomId, text } = input;
  const room = await liveRoom(ctx, roomId);
  await noteWarning(ctx.tx, { id: room.id, broadcastNo: room.broadcast_no });
  const work = await notifyRoom(ctx.tx, ctx.services, {
    tenant: ctx.tenant.id,
    roomId,
    room: { id: room.id, broadcastNo: room.broadcast_no },
    now: ctx.now,
    notice: { liveRoom: 'room_warned', roomId, text },
  });
  const userId = await ctx.services.userIds.of(ctx.tx, ctx.tenant.id, room.owner_id);
  return {
    audit: { roomId, userId, reason: text },
    work,
    answer: (pending: ('im' | 'trtc')[]) => ({ pending }),
  };
}

/** How long an operator's UserSig is valid: a look into a room, not a shift (seconds). */
const WATCH_SECONDS = 3_600;

/** A viewer for the operator. Its id belongs to no user, so it is in no list, and callbacks about it have no effect. */
export async function watchRoom({ roomId }: AdminInputOf<'watchRoom'>, ctx: ChangeContext) {
  const { services, tenant, now } = ctx;
  const { config, vendors } = services;
  const room = await liveRoom(ctx, roomId);
  const template = config.operatorsWatchUrl;
  if (template === '' && config.demo) {
    throw conflict('no video in demo mode: set TRTC_TIM_APPID and TRTC_TIM_SECRET, or OPERATORS_WATCH_URL');
  }
  const userId = `operator-${randomBytes(6).toString('hex')}`;
  const viewer =
    template === ''
      ? { url: '', userId, userSig: vendors.signer.sign(tenant, userId, WATCH_SECONDS) }
      : { url: template.replaceAll('{roomId}', encodeURIComponent(roomId)), userId: '', userSig: '' };
  const expireUtc = utc(now + WATCH_SECONDS * 1_000);
  return {
    audit: {
      roomId,
      userId: await services.userIds.of(ctx.tx, tenant.id, room.owner_id),
      before: { title: room.title },
    },
    answer: () => ({ roomId, sdkAppId: tenant.sdkAppId, expireUtc, ...viewer }),
  };
}
