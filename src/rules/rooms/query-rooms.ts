/** query_room and room_detail: rooms as every caller sees them. Answers are shared between callers (rules/answer-cache.ts). */

import { ApiError } from '../../base/errors';
import { PreparedJson } from '../../base/prepared-json';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { formatUtc } from '../../contract/fields';
import type { RoomData } from '../../contract/rooms';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { type ListedRoom, listRooms, type RoomQuery, readRoom } from '../../data/rooms/room-lists';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom } from '../../data/rooms/rooms';
import type { RecentCallerContext } from '../context';
import { type OwnerSeen, onlineCutoffs, touchOwnerWhoReads } from '../presence/presence';
import { endedRefusal } from '../sanctions/refuse';
import { checkAppId, noSuchRoom } from './checks';

const ORDERS: ReadonlyMap<string, RoomQuery['orderBy']> = new Map([
  ['totalJoined', 'total_joined'],
  ['star', 'star'],
]);

/** Rooms are shown while they are live. */
function presentRoom(room: ListedRoom, now: number, userId: (number: number) => string): RoomData {
  const owner = userId(room.owner_id);
  return {
    roomId: room.room_id,
    category: room.category,
    title: room.title,
    ownBy: owner,
    createBy: owner,
    updateBy: room.updated_by === room.owner_id ? owner : userId(room.updated_by),
    createUtc: formatUtc(room.created_at),
    updateUtc: formatUtc(room.updated_at),
    cover: room.cover,
    subject: room.subject,
    description: room.description,
    removed: 0,
    status: room.kept_open === 1 || (room.owner_alive_until ?? 0) > now ? 1 : 0,
    star: room.star,
    nnUsers: room.nn_users,
    totalJoined: room.total_joined,
    ...customOf(room),
  };
}

/** The rooms in their order, with counts that may be shown, and the ids of the users that they name. */
async function present(
  { caller, db, services, now }: RecentCallerContext,
  rooms: readonly ListedRoom[],
  cutoffs: OnlineCutoffs,
): Promise<RoomData[]> {
  await services.caches.roomCounts.refresh(db, rooms, cutoffs);
  const numbers: number[] = [];
  for (const { owner_id, updated_by } of rooms) numbers.push(owner_id, updated_by);
  const userId = await services.userIds.ofAll(db, caller.tenant.id, numbers);
  const shown: RoomData[] = [];
  for (const room of rooms) shown.push(presentRoom(room, now, userId));
  return shown;
}

/** The same for every caller of a tenant. */
export async function queryRoom(
  input: InputOf<'queryRoom'>,
  ctx: RecentCallerContext,
): Promise<RoomData[] | PreparedJson> {
  const { caller, services } = ctx;
  checkAppId(caller.tenant, input.appId, 'RoomQueryParams');
  // An empty list asks for no room, not for all of them.
  if (input.roomIds && input.roomIds.length === 0) return [];
  const filter = {
    tenant: caller.tenant.id,
    category: input.category,
    roomIds: input.roomIds,
    startAt: input.startUtc,
    endAt: input.endUtc,
    orderBy: ORDERS.get(input.orderBy ?? '') ?? 'created_at',
    offset: input.offset ?? 0,
    limit: input.limit ?? services.config.queryRoomDefaultLimit,
  };
  const { tenant } = filter;
  const list = await services.caches.answers.get(JSON.stringify(filter), {
    now: ctx.now,
    load: async () => {
      const cutoffs = onlineCutoffs(services.config.presence, ctx.now);
      const rooms = await present(ctx, await listRooms(ctx.db, filter, cutoffs), cutoffs);
      return { data: new PreparedJson(rooms), names: rooms.map(({ roomId }) => ({ tenant, roomId })) };
    },
    // Ordered by people, the list may change if a user enters a room that is not in it.
    shows: ({ names }) => (filter.orderBy === 'total_joined' ? { anyOf: tenant } : names),
  });
  return list.data;
}

/** The owner learns that an operator ended the room; other callers, that there is no such room. */
async function forOwner(ctx: RecentCallerContext, roomId: string, error: unknown): Promise<unknown> {
  if (!(error instanceof ApiError) || error.name !== 'RoomNotExists') return error;
  return endedRefusal(ctx, await findRoom(ctx.db, { tenant: ctx.caller.tenant.id, roomId }));
}

/** The same for every caller, and read in one statement with other rooms that are asked for at the same time. */
export async function roomDetail(input: InputOf<'roomDetail'>, ctx: RecentCallerContext): Promise<PreparedJson> {
  const { caller, db, services, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const load = async (): Promise<{ owner: OwnerSeen; data: PreparedJson }> => {
    const cutoffs = onlineCutoffs(services.config.presence, now);
    const found = await readRoom(db, { ...key, cutoffs });
    if (!isLiveRoom(found)) throw noSuchRoom();
    const [room] = await present(ctx, [found], cutoffs);
    return { owner: found, data: new PreparedJson(room) };
  };
  const name = `room ${key.tenant} ${key.roomId}`;
  const shared = services.caches.answers.get(name, { now, load, shows: () => [key] });
  const { owner, data } = await shared.catch(async (error: unknown) => {
    throw await forOwner(ctx, input.roomId, error);
  });
  await touchOwnerWhoReads(ctx, owner);
  return data;
}
