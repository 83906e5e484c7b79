/** Keeping somebody out or silent, and letting them back. */

import type { AdminInputOf } from '../../contract/admin';
import type { Pending } from '../../contract/admin/endpoint';
import type { SanctionKind } from '../../contract/admin/items';
import { publicId, userNumber } from '../../data/accounts/public-ids';
import { endSessionsOf, lastAddressOf } from '../../data/accounts/sessions';
import { findOperatorsRoom } from '../../data/operators/room-lists-for-operators';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom, openRoomsOf, type Room } from '../../data/rooms/rooms';
import { membershipsOf, removeMember, removeMemberEverywhere } from '../../data/sanctions/sanctioned-members';
import {
  addSanction,
  findSanction,
  isInForce,
  liftSanction as lift,
  listSanctions,
  lockUser,
  type SanctionRow,
  storeBan,
} from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import { kickFromIm, muteInRoom, notifyRoom, removeFromRoom } from '../sanctions/vendors';
import { emit } from '../webhooks/events';
import type { ChangeContext, ReadContext } from './change-context';
import { cutoffsOf } from './cutoffs';
import { endByOperator, liveRoom } from './live-room-calls';
import { pageResult, readPage } from './pages';
import { kindOf, presentSanction, utc } from './present';
import { absent, conflict, noSuchRoom, noSuchUser } from './refusal';

/** Of one owner: more are never open (data/rooms/rooms.ts, open_slot), but for rooms of before there was a limit. */
const MAX_ROOMS = 1_000;

const untilOf = (ctx: ChangeContext, seconds: number) => (seconds === 0 ? FOREVER : ctx.now + seconds * 1000);

/** The user's number, with their row locked: no entry or sign-in comes between this and the commit. */
async function lockedUser(ctx: ChangeContext, userId: string): Promise<number> {
  const id = userNumber(ctx.tenant.id, userId);
  if (id === undefined || !(await lockUser(ctx.tx, { tenant: ctx.tenant.id, id }))) throw noSuchUser();
  return id;
}

const common = (ctx: ChangeContext, reason: string) => ({
  tenant: ctx.tenant.id,
  reason,
  by: ctx.operator.name,
  now: ctx.now,
});

/** One user in one room, for the work of IM and TRTC. */
function memberOf(ctx: ChangeContext, userId: string, room: Pick<Room, 'id' | 'broadcast_no' | 'room_id'>) {
  const { id, broadcast_no: broadcastNo, room_id: roomId } = room;
  return { tenant: ctx.tenant.id, roomId, userId, room: { id, broadcastNo }, now: ctx.now };
}

export async function kickUser(input: AdminInputOf<'kickUser'>, ctx: ChangeContext) {
  const { roomId, userId, reason, seconds } = input;
  const { tx, services } = ctx;
  const id = await lockedUser(ctx, userId);
  const room = await (seconds === undefined ? liveRoom(ctx, roomId) : knownRoom(ctx, roomId));
  if (room.owner_id === id) throw conflict('this is the owner of the room; end it, or ban them');
  const until = seconds === undefined ? FOREVER : untilOf(ctx, seconds);
  const place = { id: room.id, broadcastNo: seconds === undefined ? room.broadcast_no : 0 };
  const sanctionId = await addSanction(tx, { ...common(ctx, reason), kind: 'kick', userId: id, room: place, until });
  await tell(ctx, 'sanction.created', { sanctionId, kind: 'kick', userId, reason, until, room });
  await removeMember(tx, { id: room.id, broadcastNo: room.broadcast_no, userId: id });
  const member = memberOf(ctx, userId, room);
  const notice = { liveRoom: 'user_kicked', roomId, userId } as const;
  const work = [
    ...(await removeFromRoom(tx, services, member)),
    ...(isLiveRoom(room) ? await muteInRoom(tx, services, member) : []),
    ...(isLiveRoom(room) ? await notifyRoom(tx, services, { ...member, notice }) : []),
  ];
  return outcome(input, {
    sanctionId,
    work,
    answer: (pending: Pending) => ({ sanctionId: String(sanctionId), pending }),
  });
}

/** Webhooks hear of it, in order with what else happened in the room, where it is about one. */
async function tell(
  ctx: ChangeContext,
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
  const data = { sanctionId: String(sanctionId), kind, userId, reason, untilUtc: utc(until), by: ctx.operator.name };
  const place = room && { id: room.id, roomId: room.room_id, broadcastNo: room.broadcast_no };
  await emit(ctx.tx, ctx.services, { type, tenant: ctx.tenant.id, ...(place && { room: place }), data });
}

/** A room that was opened at least once. */
async function knownRoom(ctx: ChangeContext, roomId: string): Promise<Room> {
  const room = await findRoom(ctx.tx, { tenant: ctx.tenant.id, roomId });
  if (!room || room.broadcast_no === 0) throw noSuchRoom();
  return room;
}

function outcome<D>(
  input: { userId: string; reason: string; roomId?: string; seconds?: number },
  done: { sanctionId: number; work: number[]; answer: (pending: Pending) => D },
) {
  const { userId, roomId, reason, seconds } = input;
  const after = { sanctionId: String(done.sanctionId), ...(seconds !== undefined && { seconds }) };
  return { audit: { userId, roomId, reason, after }, work: done.work, answer: done.answer };
}

export async function muteUser(input: AdminInputOf<'muteUser'>, ctx: ChangeContext) {
  const { roomId, userId, reason, seconds } = input;
  const id = await lockedUser(ctx, userId);
  const room = roomId === undefined ? undefined : await knownRoom(ctx, roomId);
  const place = room ? { room: { id: room.id, broadcastNo: 0 } } : {};
  const sanction = {
    ...common(ctx, reason),
    kind: 'mute' as const,
    userId: id,
    until: untilOf(ctx, seconds),
    ...place,
  };
  const sanctionId = await addSanction(ctx.tx, sanction);
  await tell(ctx, 'sanction.created', { ...sanction, sanctionId, userId, room });
  const work = await tellIm(ctx, { id, userId }, room);
  return outcome(input, {
    sanctionId,
    work,
    answer: (pending: Pending) => ({ sanctionId: String(sanctionId), pending }),
  });
}

/** IM is told of the user's sanctions in one room, or in all rooms that they are in. */
async function tellIm(
  ctx: ChangeContext,
  user: { id: number; userId: string },
  room: Pick<Room, 'id' | 'broadcast_no' | 'room_id' | 'status'> | undefined,
): Promise<number[]> {
  const rooms = room ? [room].filter(isLiveRoom) : await membershipsOf(ctx.tx, user.id);
  const work: number[] = [];
  for (const one of rooms) work.push(...(await muteInRoom(ctx.tx, ctx.services, memberOf(ctx, user.userId, one))));
  return work;
}

export async function banUser(input: AdminInputOf<'banUser'>, ctx: ChangeContext) {
  const { userId, reason, seconds, withAddress } = input;
  const { tx, services } = ctx;
  const id = await lockedUser(ctx, userId);
  const ban = { ...common(ctx, reason), kind: 'ban' as const, until: untilOf(ctx, seconds) };
  const address = withAddress ? await lastAddressOf(tx, id) : '';
  const sanctionId = await addSanction(tx, { ...ban, userId: id, address });
  await tell(ctx, 'sanction.created', { ...ban, sanctionId, userId });
  await storeBan(tx, id, ctx.now);
  await endSessionsOf(tx, id, ctx.now);
  const work: number[] = await kickFromIm(tx, services, { tenant: ctx.tenant.id, userId, now: ctx.now });
  for (const room of await membershipsOf(tx, id)) {
    if (room.owner_id !== id) work.push(...(await removeFromRoom(tx, services, memberOf(ctx, userId, room))));
  }
  await removeMemberEverywhere(tx, id);
  const endedRooms: string[] = [];
  for (const room of await openRoomsOf(tx, id, MAX_ROOMS)) {
    work.push(...(await endByOperator(ctx, room, reason)));
    endedRooms.push(room.room_id);
  }
  const answer = (pending: Pending) => ({ sanctionId: String(sanctionId), endedRooms, pending });
  return outcome(input, { sanctionId, work, answer });
}

export async function liftSanction(input: AdminInputOf<'liftSanction'>, ctx: ChangeContext) {
  const { tx, now } = ctx;
  const tenant = ctx.tenant.id;
  const found = await findSanction(tx, tenant, Number(input.sanctionId));
  if (!found) throw absent('there is no such sanction');
  await lockUser(tx, { tenant, id: found.user_id });
  const lifted = isInForce(found, now) && (await lift(tx, found.id, { name: ctx.operator.name, now }));
  if (!lifted) throw conflict('this sanction is over already');
  if (found.kind === 'ban') await storeBan(tx, found.user_id, now);
  const userId = publicId(tenant, found.user_id);
  const room = found.room_id === null ? undefined : await findRoom(tx, { tenant, roomId: found.room_id });
  const work = found.kind === 'ban' ? [] : await tellIm(ctx, { id: found.user_id, userId }, room);
  const { id: sanctionId, until_at: until } = found;
  const kind = kindOf(found);
  await tell(ctx, 'sanction.lifted', { sanctionId, kind, userId, reason: input.reason, until, room });
  const before = { sanctionId: String(found.id), kind };
  return {
    audit: { userId, roomId: found.room_id ?? '', reason: input.reason, before },
    work,
    answer: () => undefined,
  };
}

export async function sanctions(input: AdminInputOf<'sanctions'>, ctx: ReadContext) {
  const { userId, roomId, kind, active = true } = input;
  const tenant = ctx.tenant.id;
  const page = readPage<[number, number]>(ctx, { of: ['sanctions', userId, roomId, kind, active], ...input });
  const found = roomId === undefined ? undefined : await roomNumber(ctx, roomId);
  const filter = {
    tenant,
    userId: userId === undefined ? undefined : (userNumber(tenant, userId) ?? -1),
    roomPk: roomId === undefined ? undefined : (found ?? -1),
    kind,
    active,
    now: ctx.now,
  };
  const rows = await listSanctions(ctx.db, filter, { after: page.after, limit: page.limit + 1 });
  const place = (row: SanctionRow): [number, number] => [row.until_at, row.id];
  return pageResult(page, rows, { present: (row) => presentSanction(tenant, row), place });
}

async function roomNumber(ctx: ReadContext, roomId: string): Promise<number | undefined> {
  return (await findOperatorsRoom(ctx.db, { tenant: ctx.tenant.id, roomId }, cutoffsOf(ctx)))?.id;
}
