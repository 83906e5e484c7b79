/** query_room and room_detail: rooms as every caller sees them. Answers are shared between callers (rules/answer-cache.ts). */

import { ApiError } from '../../base/errors';
import { PreparedJson } from '../../base/prepared-json';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { formatUtc } from '../../contract/fields';
import type { RoomData } from '../../contract/rooms';
import { type ListedRoom, listRooms, type RoomQuery, readRoom } from '../../data/rooms/room-lists';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom } from '../../data/rooms/rooms';
import type { RecentCallerContext } from '../context';
import { type OwnerSeen, onlineCutoffs, ownerSeen, touchOwnerWhoReads } from '../presence/presence';
import { endedRefusal } from '../sanctions/refuse';
import { checkAppId, noSuchRoom } from './checks';

const ORDERS: ReadonlyMap<string, RoomQuery['orderBy']> = new Map([
  ['totalJoined', 'total_joined'],
  ['star', 'star'],
]);

function presentRoom(room: ListedRoom, now: number, userId: (number: number) => string): RoomData {
  const owner = userId(room.owner_id);
  return {
    roomId: room.room_id,
    category: room.category,
    title: room.title,
    ownBy: owner,
    createBy: owner,
    updateBy: userId(room.updated_by),
    createUtc: formatUtc(room.created_at),
    updateUtc: formatUtc(room.updated_at),
    cover: room.cover,
    subject: room.subject,
    description: room.description,
    removed: isLiveRoom(room) ? 0 : 1,
    status: isLiveRoom(room) && (room.kept_open === 1 || (room.owner_alive_until ?? 0) > now) ? 1 : 0,
    star: room.star,
    nnUsers: room.nn_users,
    totalJoined: room.total_joined,
    ...customOf(room),
  };
}

/** The ids of the users that the rooms name. */
function namesIn({ caller, db, services }: RecentCallerContext, rooms: readonly ListedRoom[]) {
  const numbers = rooms.flatMap(({ owner_id, updated_by }) => [owner_id, updated_by]);
  return services.userIds.ofAll(db, caller.tenant.id, numbers);
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
      const rooms = await services.caches.roomCounts.refreshed(
        ctx.db,
        await listRooms(ctx.db, filter, cutoffs),
        cutoffs,
      );
      const userId = await namesIn(ctx, rooms);
      const data = new PreparedJson(rooms.map((room) => presentRoom(room, ctx.now, userId)));
      return { data, names: rooms.map((room) => ({ tenant, roomId: room.room_id })) };
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
    const [room = found] = await services.caches.roomCounts.refreshed(db, [found], cutoffs);
    const userId = await namesIn(ctx, [room]);
    return { owner: ownerSeen(room), data: new PreparedJson(presentRoom(room, now, userId)) };
  };
  const name = `room ${key.tenant} ${key.roomId}`;
  const shared = services.caches.answers.get(name, { now, load, shows: () => [key] });
  const { owner, data } = await shared.catch(async (error: unknown) => {
    throw await forOwner(ctx, input.roomId, error);
  });
  await touchOwnerWhoReads(ctx, owner);
  return data;
}
