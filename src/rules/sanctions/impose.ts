/**
 * Kicking and muting, the same for operators and for those who run a room: the row, the webhooks, and the work for IM and
 * TRTC. Who may do it is decided before. The user's row must be locked (lockUser): no entry comes between this and the commit.
 */

import { formatUtc } from '../../contract/fields';
import type { SanctionKind } from '../../contract/kinds';
import type { Executor } from '../../data/engine/database';
import { isLiveRoom } from '../../data/rooms/room-states';
import type { Room } from '../../data/rooms/rooms';
import { membershipsOf, removeMember } from '../../data/sanctions/sanctioned-members';
import { addSanction } from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import type { Services } from '../context';
import { emit } from '../webhooks/events';
import { muteInRoom, notifyRoom, removeFromRoom } from './vendors';

/** Who decides, and the transaction that it is done in. */
export interface Acting {
  tx: Executor;
  services: Services;
  tenant: string;
  now: number;
  /** Name of the operator, or `host` or `admin`. */
  by: string;
  /** The host or admin; undefined for an operator. */
  byUser?: { id: number; userId: string } | undefined;
}

export interface Sanctioned {
  id: number;
  /** Public ids. */
  userId: string;
}

export interface Imposed {
  sanctionId: number;
  /** Ids of the outbox. */
  work: number[];
}

/** The end of something that lasts `seconds` from now on; 0 = permanently. */
export function untilOf({ now }: Pick<Acting, 'now'>, seconds: number): number {
  return seconds === 0 ? FOREVER : now + seconds * 1000;
}

/** The stored fields of every sanction. */
export function common({ tenant, services, by, byUser, now }: Acting, reason: string) {
  return { tenant, reason, by, now, hashes: services.secrets.personHashes, ...(byUser && { byUser: byUser.id }) };
}

/** One user in one room, for the work of IM and TRTC. */
export function memberOf(
  { tenant, now }: Pick<Acting, 'tenant' | 'now'>,
  userId: string,
  room: Pick<Room, 'id' | 'broadcast_no' | 'room_id'>,
) {
  return { tenant, roomId: room.room_id, userId, room: { id: room.id, broadcastNo: room.broadcast_no }, now };
}

/** Webhooks get it, in order with what else happened in the room if it is about one. */
export async function publishSanction(
  acting: Acting,
  type: 'sanction.created' | 'sanction.lifted',
  about: {
    sanctionId: number;
    kind: SanctionKind;
    userId: string;
    reason: string;
    until: number;
    room?: Room | undefined;
  },
): Promise<void> {
  const { sanctionId, kind, userId, reason, until, room } = about;
  const untilUtc = until < FOREVER ? formatUtc(until) : '';
  const by = { by: acting.by, byUserId: acting.byUser?.userId ?? '' };
  const data = { sanctionId: String(sanctionId), kind, userId, reason, untilUtc, ...by };
  const place = room && { id: room.id, roomId: room.room_id, broadcastNo: room.broadcast_no };
  await emit(acting.tx, acting.services, { type, tenant: acting.tenant, ...(place && { room: place }), data });
}

/** Out of the room, and not back in: `seconds` undefined = until this broadcast ends; 0 = permanently. */
export async function imposeKick(
  acting: Acting,
  kick: { user: Sanctioned; room: Room; reason: string; seconds: number | undefined },
): Promise<Imposed> {
  const { tx, services } = acting;
  const { user, room, reason, seconds } = kick;
  const until = seconds === undefined ? FOREVER : untilOf(acting, seconds);
  const place = { id: room.id, broadcastNo: seconds === undefined ? room.broadcast_no : 0 };
  const row = { ...common(acting, reason), kind: 'kick' as const, userId: user.id, room: place, until };
  const sanctionId = await addSanction(tx, row);
  const { userId } = user;
  await publishSanction(acting, 'sanction.created', { sanctionId, kind: 'kick', userId, reason, until, room });
  await removeMember(tx, { id: room.id, broadcastNo: room.broadcast_no, userId: user.id });
  const member = memberOf(acting, userId, room);
  const notice = { liveRoom: 'user_kicked', roomId: room.room_id, userId } as const;
  const isLive = isLiveRoom(room);
  const work = [
    ...(await removeFromRoom(tx, services, member)),
    ...(isLive ? await muteInRoom(tx, services, member) : []),
    ...(isLive ? await notifyRoom(tx, services, { ...member, notice }) : []),
  ];
  return { sanctionId, work };
}

/** Silent in one room, or without `room` in all of them. */
export async function imposeMute(
  acting: Acting,
  mute: { user: Sanctioned; room: Room | undefined; reason: string; seconds: number },
): Promise<Imposed> {
  const { user, room, reason, seconds } = mute;
  const place = room ? { room: { id: room.id, broadcastNo: 0 } } : {};
  const until = untilOf(acting, seconds);
  const row = { ...common(acting, reason), kind: 'mute' as const, userId: user.id, until, ...place };
  const sanctionId = await addSanction(acting.tx, row);
  const about = { sanctionId, kind: 'mute' as const, userId: user.userId, reason, until, room };
  await publishSanction(acting, 'sanction.created', about);
  return { sanctionId, work: await syncIm(acting, user, room) };
}

/** Queues IM's part of the user's sanctions, in one room or in all of the user's rooms. */
export async function syncIm(
  acting: Acting,
  user: Sanctioned,
  room: Pick<Room, 'id' | 'broadcast_no' | 'room_id' | 'status'> | undefined,
): Promise<number[]> {
  const { tx, services } = acting;
  const rooms = room ? [room].filter(isLiveRoom) : await membershipsOf(tx, user.id);
  const work: number[] = [];
  for (const one of rooms) work.push(...(await muteInRoom(tx, services, memberOf(acting, user.userId, one))));
  return work;
}
