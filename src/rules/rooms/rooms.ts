/** The rules of /base/v1/rooms, but for entering, which has a file of its own. */

import { ApiError } from '../../base/errors';
import { PreparedJson } from '../../base/prepared-json';
import type { InputOf } from '../../contract';
import { formatUtc } from '../../contract/fields';
import type { RoomData } from '../../contract/rooms';
import { publicId } from '../../data/accounts/public-ids';
import type { LiveSession } from '../../data/accounts/sessions';
import type { Executor } from '../../data/engine/database';
import { leavePresentBroadcast } from '../../data/rooms/leaving';
import { type ListedMember, readMemberPage } from '../../data/rooms/member-lists';
import { leaveRoom as leaveMembers, setRole } from '../../data/rooms/members';
import { type ListedRoom, listRooms, readRoom } from '../../data/rooms/room-lists';
import { findRoom, findRoomInSession, type RoomTexts, updateRoomTexts } from '../../data/rooms/rooms';
import { tokenInvalid } from '../accounts/caller';
import type { RecentCallerContext, UnprovedCallerContext } from '../context';
import { flush } from '../outbox/outbox';
import { type OwnerSeen, onlineCutoffs, ownerSign, touchOwnerWhoReads } from '../presence/presence';
import { endedRefusal } from '../sanctions/refuse';
import { isSampled, tellOfMember } from '../webhooks/members';
import { endBroadcast } from './end';
import { isAnchor } from './entry-decision';
import { noSuchRoom } from './errors';
import { checkAppId, checkRoomId } from './ids';
import { newRoomId } from './limits';

const DEFAULT_LIST_LIMIT = 10;

function presentRoom(room: ListedRoom, now: number): RoomData {
  const owner = publicId(room.tenant, room.owner_id);
  return {
    roomId: room.room_id,
    category: room.category,
    title: room.title,
    ownBy: owner,
    createBy: owner,
    updateBy: publicId(room.tenant, room.updated_by),
    createUtc: formatUtc(room.created_at),
    updateUtc: formatUtc(room.updated_at),
    cover: room.cover,
    subject: room.subject,
    description: room.description,
    removed: room.status === 1 ? 0 : 1,
    status: room.status === 1 && (room.owner_alive_until ?? 0) > now ? 1 : 0,
    star: room.star,
    nnUsers: room.nn_users,
    totalJoined: room.total_joined,
  };
}

/** The same for everybody of a tenant, so it is shared with those who ask at the same moment. */
export async function queryRoom(
  input: InputOf<'queryRoom'>,
  ctx: RecentCallerContext,
): Promise<RoomData[] | PreparedJson> {
  const { caller, services } = ctx;
  checkAppId(caller.tenant, input.appId, 'RoomQueryParams');
  // An empty list asks for no room at all, not for every room.
  if (input.roomIds && input.roomIds.length === 0) return [];
  const filter = {
    tenant: caller.tenant.id,
    category: input.category,
    roomIds: input.roomIds,
    startAt: input.startUtc,
    endAt: input.endUtc,
    orderBy: input.orderBy === 'totalJoined' ? ('total_joined' as const) : ('created_at' as const),
    offset: input.offset ?? 0,
    limit: input.limit ?? services.config.queryRoomDefaultLimit,
  };
  const { tenant } = filter;
  const list = await services.answers.get(JSON.stringify(filter), {
    now: ctx.now,
    load: async () => {
      const cutoffs = onlineCutoffs(services.config.presence, ctx.now);
      const rooms = await services.roomCounts.refreshed(ctx.db, await listRooms(ctx.db, filter, cutoffs), cutoffs);
      const data = new PreparedJson(rooms.map((room) => presentRoom(room, ctx.now)));
      return { data, names: rooms.map((room) => ({ tenant, roomId: room.room_id })) };
    },
    // Where people count, those who enter a room that is not in it may bring it in.
    shows: ({ names }) => (filter.orderBy === 'total_joined' ? { anyOf: tenant } : names),
  });
  return list.data;
}

/** What everybody sees of a room that exists, and what its owner's app says by asking for it. */
interface Shared {
  owner: OwnerSeen;
  data: PreparedJson;
}

function seenOwner({ owner_id, owner_alive_until, owner_seen_at }: OwnerSeen): OwnerSeen {
  return { owner_id, owner_alive_until, owner_seen_at };
}

/** Its owner is told where an operator ended the room; everybody else that it is not there. */
async function tellOwner(ctx: RecentCallerContext, roomId: string, error: unknown): Promise<unknown> {
  if (!(error instanceof ApiError) || error.name !== 'RoomNotExists') return error;
  return endedRefusal(ctx, await findRoom(ctx.db, { tenant: ctx.caller.tenant.id, roomId }));
}

/** The same for everybody: shared with those who ask within the second, and read together with other rooms. */
export async function roomDetail(input: InputOf<'roomDetail'>, ctx: RecentCallerContext): Promise<PreparedJson> {
  const { caller, db, services, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const load = async (): Promise<Shared> => {
    const cutoffs = onlineCutoffs(services.config.presence, now);
    const found = await readRoom(db, { ...key, cutoffs });
    if (found?.status !== 1) throw noSuchRoom();
    const [room = found] = await services.roomCounts.refreshed(db, [found], cutoffs);
    return { owner: seenOwner(room), data: new PreparedJson(presentRoom(room, now)) };
  };
  const name = `room ${key.tenant} ${key.roomId}`;
  const shared = services.answers.get(name, { now, load, shows: () => [key] });
  const { owner, data } = await shared.catch(async (error: unknown) => {
    throw await tellOwner(ctx, input.roomId, error);
  });
  await touchOwnerWhoReads(ctx, owner);
  return data;
}

/** Category and title change nothing about the id; they were checked, so that a mistake shows here and not later. */
export async function generateRoomid(_input: InputOf<'generateRoomid'>, ctx: UnprovedCallerContext) {
  const roomId = await newRoomId(ctx);
  if (roomId === undefined) throw tokenInvalid();
  return { roomId };
}

function presentMember(tenant: string, member: ListedMember) {
  const userId = publicId(tenant, member.user_id);
  return { userId, apaasUserId: userId, name: member.name, avatar: member.avatar, role: member.role };
}

/** The same for everybody, as a room is. */
export async function listUsers(input: InputOf<'listUsers'>, ctx: RecentCallerContext): Promise<PreparedJson> {
  const { caller, db, services, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const limit = input.limit ?? DEFAULT_LIST_LIMIT;
  const load = async (): Promise<Shared> => {
    const cutoffs = onlineCutoffs(services.config.presence, now);
    const page = await readMemberPage(db, { ...key, limit, cutoffs });
    if (!page) throw noSuchRoom();
    const members = page.members.map((member) => presentMember(key.tenant, member));
    return { owner: seenOwner(page), data: new PreparedJson(members) };
  };
  const name = `users ${key.tenant} ${key.roomId} ${limit}`;
  const { owner, data } = await services.answers.get(name, { now, load, shows: () => [key] });
  await touchOwnerWhoReads(ctx, owner);
  return data;
}

/** Fine too where the caller was never there or the room is gone. Leaving proves the session; else it is asked for. */
export async function leaveRoom(input: InputOf<'leaveRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller, db, services } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const member = { ...key, userId: caller.publicId };
  const isHeard =
    isSampled(services.config, member) && (await services.subscriptions.anybody(db, key.tenant, 'member.left'));
  const { session } = caller;
  const left = isHeard ? await leaveAndTell(ctx, key) : await leavePresentBroadcast(db, { ...key, session });
  if (!left && !(await services.sessions.prove(db, session))) throw tokenInvalid();
}

function leaveAndTell(ctx: UnprovedCallerContext, key: { tenant: string; roomId: string }) {
  const { caller, db, services } = ctx;
  return db.transaction(async (tx) => {
    const session = await leaveMembers(tx, key, caller.session);
    const room = session && (await findRoom(tx, key));
    if (room) await tellOfMember(tx, services, { type: 'member.left', ...key, userId: caller.publicId, room });
    return session;
  });
}

export async function destroyRoom(input: InputOf<'destroyRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const found = await findRoomInSession(ctx.db, key, caller.session);
  if (!found) throw tokenInvalid();
  const { room } = found;
  if (!room || room.broadcast_no === 0) throw noSuchRoom();
  if (room.owner_id !== caller.id) throw new ApiError('SystemVerifyError', 'only the owner may end a room');
  if (room.status !== 1) return;
  const { items } = await ctx.db.transaction((tx) =>
    endBroadcast(tx, ctx, { ...room, by: caller.id, endedBy: 'owner' }),
  );
  await flush(ctx, items);
}

/** Why an update found nothing to change. */
async function whyNotUpdated(ctx: UnprovedCallerContext, roomId: string, roleOnly: boolean): Promise<ApiError> {
  const found = await findRoomInSession(ctx.db, { tenant: ctx.caller.tenant.id, roomId }, ctx.caller.session);
  if (!found) return tokenInvalid();
  const { room } = found;
  if (room?.status !== 1) return endedRefusal(ctx, room);
  return new ApiError('SystemVerifyError', roleOnly ? 'you are not in this room' : 'only the owner may change a room');
}

/** One of the changes found nothing to change; inside a transaction it takes the other one back. */
class NothingChanged extends Error {
  readonly roleOnly: boolean;

  constructor(roleOnly: boolean) {
    super('nothing changed');
    this.roleOnly = roleOnly;
  }
}

interface Changes {
  roomId: string;
  texts: RoomTexts | undefined;
  role: string | undefined;
}

/** An anchor is who owns the room. */
async function checkIsOwner(db: Executor, { caller }: UnprovedCallerContext, roomId: string): Promise<void> {
  const found = await findRoomInSession(db, { tenant: caller.tenant.id, roomId }, caller.session);
  if (!found) throw tokenInvalid();
  const { room } = found;
  if (room?.status === 1 && room.owner_id !== caller.id) {
    throw new ApiError('SystemVerifyError', 'only the owner is the anchor of a room');
  }
}

/** Each change asks for the session; undefined where there is none to make. */
async function change(db: Executor, ctx: UnprovedCallerContext, { roomId, texts, role }: Changes) {
  const { caller, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId };
  if (role !== undefined && isAnchor(role)) await checkIsOwner(db, ctx, roomId);
  let session: LiveSession | undefined;
  if (texts) {
    session = await updateRoomTexts(db, { ...key, by: caller.session, now, seen: ownerSign(ctx) }, texts);
    if (!session) throw new NothingChanged(false);
  }
  if (role !== undefined) {
    session = await setRole(db, { ...key, by: caller.session, role });
    if (!session) throw new NothingChanged(true);
  }
  return session;
}

export async function updateRoom(input: InputOf<'updateRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller, db } = ctx;
  const { appId, roomId, role, ...given } = input;
  checkAppId(caller.tenant, appId, 'RoomCreateParams');
  if (given.category !== undefined) checkRoomId(ctx, roomId, given.category);
  const texts: RoomTexts | undefined = Object.keys(given).length > 0 ? given : undefined;
  const changes = { roomId, texts, role };
  const both = texts !== undefined && role !== undefined;
  let session: LiveSession | undefined;
  try {
    session = await (both ? db.transaction((tx) => change(tx, ctx, changes)) : change(db, ctx, changes));
  } catch (error) {
    throw error instanceof NothingChanged ? await whyNotUpdated(ctx, roomId, error.roleOnly) : error;
  }
  if (session) return;
  const found = await findRoomInSession(db, { tenant: caller.tenant.id, roomId }, caller.session);
  if (!found) throw tokenInvalid();
  if (found.room?.status !== 1) throw noSuchRoom();
}
