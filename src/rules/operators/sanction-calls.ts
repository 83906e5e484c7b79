/** Bans, kicks and mutes, and lifting them. */

import type { AdminInputOf } from '../../contract/admin';
import type { Pending } from '../../contract/admin/endpoint';
import { endSessionsOf } from '../../data/accounts/session-ends';
import { lastAddressOf } from '../../data/accounts/sessions';
import { findOperatorsRoom } from '../../data/operators/room-lists-for-operators';
import { findRoom, openRoomsOf, type Room } from '../../data/rooms/rooms';
import { countSanctions, listSanctions } from '../../data/sanctions/sanction-lists';
import { membershipsOf, removeMemberEverywhere } from '../../data/sanctions/sanctioned-members';
import {
  addSanction,
  findSanction,
  isInForce,
  liftSanction as lift,
  lockUser,
  type SanctionRow,
  storeBan,
} from '../../data/sanctions/sanctions';
import {
  type Acting,
  common,
  type Imposed,
  imposeKick,
  imposeMute,
  memberOf,
  publishSanction,
  syncIm,
  untilOf,
} from '../sanctions/impose';
import { canRemove, kickFromIm, removeFromRoom } from '../sanctions/vendors';
import { type ChangeContext, cutoffsOf, type ReadContext, wantedUser } from './change-context';
import { namesFor } from './list-names';
import { endByOperator, liveRoom } from './live-room-calls';
import { pageResult, readPage, totalOf } from './pages';
import { kindOf, presentSanction } from './present';
import { absent, conflict, noSuchRoom, noSuchUser } from './refusal';

/** Rooms of one owner: more are never open (data/rooms/rooms.ts, open_slot), except for rooms opened before there was a limit. */
const MAX_ROOMS = 1_000;

/** An operator decides. */
function acting({ tx, services, tenant, now, operator }: ChangeContext): Acting {
  return { tx, services, tenant: tenant.id, now, by: operator.name };
}

/** The user's number, with their row locked: no entry or sign-in comes between this and the commit. */
async function lockedUser(ctx: ChangeContext, userId: string): Promise<number> {
  const id = await ctx.services.userIds.numberOf(ctx.tx, ctx.tenant.id, userId);
  if (id === undefined || !(await lockUser(ctx.tx, { tenant: ctx.tenant.id, id }))) throw noSuchUser();
  return id;
}

export async function kickUser(input: AdminInputOf<'kickUser'>, ctx: ChangeContext) {
  const { roomId, userId, reason, seconds } = input;
  const id = await lockedUser(ctx, userId);
  const room = await (seconds === undefined ? liveRoom(ctx, roomId) : knownRoom(ctx, roomId));
  if (room.owner_id === id) throw conflict('this is the owner of the room; end it, or ban them');
  return outcome(input, await imposeKick(acting(ctx), { user: { id, userId }, room, reason, seconds }));
}

/** A room that was opened at least once. */
async function knownRoom(ctx: ChangeContext, roomId: string): Promise<Room> {
  const room = await findRoom(ctx.tx, { tenant: ctx.tenant.id, roomId });
  if (!room || room.broadcast_no === 0) throw noSuchRoom();
  return room;
}

function outcome(
  input: { userId: string; reason: string; roomId?: string; seconds?: number },
  { sanctionId, work }: Imposed,
) {
  const { userId, roomId, reason, seconds } = input;
  const after = { sanctionId: String(sanctionId), ...(seconds !== undefined && { seconds }) };
  const answer = (pending: Pending) => ({ sanctionId: String(sanctionId), pending });
  return { audit: { userId, roomId, reason, after }, work, answer };
}

export async function muteUser(input: AdminInputOf<'muteUser'>, ctx: ChangeContext) {
  const { roomId, userId, reason, seconds } = input;
  const id = await lockedUser(ctx, userId);
  const room = roomId === undefined ? undefined : await knownRoom(ctx, roomId);
  return outcome(input, await imposeMute(acting(ctx), { user: { id, userId }, room, reason, seconds }));
}

export async function banUser(input: AdminInputOf<'banUser'>, ctx: ChangeContext) {
  const { userId, reason, seconds, withAddress } = input;
  const { tx, services } = ctx;
  const id = await lockedUser(ctx, userId);
  const by = acting(ctx);
  const ban = { ...common(by, reason), kind: 'ban' as const, until: untilOf(ctx, seconds) };
  const address = withAddress ? await lastAddressOf(tx, id) : '';
  const sanctionId = await addSanction(tx, { ...ban, userId: id, address });
  await publishSanction(by, 'sanction.created', { ...ban, sanctionId, userId });
  await storeBan(tx, id, ctx.now);
  await endSessionsOf(tx, id, ctx.now);
  const work: number[] = await kickFromIm(tx, services, { tenant: ctx.tenant.id, userId, now: ctx.now });
  for (const room of canRemove(services) ? await membershipsOf(tx, id) : []) {
    if (room.owner_id !== id) work.push(...(await removeFromRoom(tx, services, memberOf(by, userId, room))));
  }
  await removeMemberEverywhere(tx, id);
  const endedRooms: string[] = [];
  for (const room of await openRoomsOf(tx, id, MAX_ROOMS)) {
    work.push(...(await endByOperator(ctx, room, reason)));
    endedRooms.push(room.room_id);
  }
  const { audit } = outcome(input, { sanctionId, work });
  const answer = (pending: Pending) => ({ sanctionId: String(sanctionId), endedRooms, pending });
  return { audit, work, answer };
}

export async function liftSanction(input: AdminInputOf<'liftSanction'>, ctx: ChangeContext) {
  const { tx, now } = ctx;
  const tenant = ctx.tenant.id;
  const found = await findSanction(tx, tenant, Number(input.sanctionId));
  if (!found) throw absent('there is no such sanction');
  await lockUser(tx, { tenant, id: found.user_id });
  const lifted = isInForce(found, now) && (await lift(tx, found.id, { tenant, name: ctx.operator.name, now }));
  if (!lifted) throw conflict('this sanction is over already');
  if (found.kind === 'ban') await storeBan(tx, found.user_id, now);
  const userId = await ctx.services.userIds.of(tx, tenant, found.user_id);
  const room = found.room_id === null ? undefined : await findRoom(tx, { tenant, roomId: found.room_id });
  const work = found.kind === 'ban' ? [] : await syncIm(acting(ctx), { id: found.user_id, userId }, room);
  const { id: sanctionId, until_at: until } = found;
  const kind = kindOf(found);
  await publishSanction(acting(ctx), 'sanction.lifted', {
    sanctionId,
    kind,
    userId,
    reason: input.reason,
    until,
    room,
  });
  const before = { sanctionId: String(found.id), kind };
  return {
    audit: { userId, roomId: found.room_id ?? '', reason: input.reason, before },
    work,
    answer: () => undefined,
  };
}

export async function sanctions(input: AdminInputOf<'sanctions'>, ctx: ReadContext) {
  const { userId, roomId, kind, active = true, count } = input;
  const tenant = ctx.tenant.id;
  const page = readPage<[number, number]>(ctx, { of: ['sanctions', userId, roomId, kind, active], ...input });
  const found = roomId === undefined ? undefined : await roomNumber(ctx, roomId);
  const filter = {
    tenant,
    userId: await wantedUser(ctx, userId, -1),
    roomPk: roomId === undefined ? undefined : (found ?? -1),
    kind,
    active,
    now: ctx.now,
  };
  const rows = await listSanctions(ctx.db, filter, { after: page.after, limit: page.limit + 1 });
  const place = (row: SanctionRow): [number, number] => [row.until_at, row.id];
  const names = await namesFor(ctx, {
    users: rows.flatMap((row) => [row.user_id, row.by_user]),
    rooms: rows.map((row) => row.room_id),
  });
  return {
    ...pageResult(page, rows, { present: (row) => presentSanction(row, names), place }),
    ...(await totalOf(count, (most) => countSanctions(ctx.db, filter, most))),
  };
}

async function roomNumber(ctx: ReadContext, roomId: string): Promise<number | undefined> {
  return (await findOperatorsRoom(ctx.db, { tenant: ctx.tenant.id, roomId }, cutoffsOf(ctx)))?.id;
}
