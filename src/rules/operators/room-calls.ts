/** Live rooms, and ending or warning them. */

import type { AdminInputOf } from '../../contract/admin';
import type { AuditRow } from '../../data/operators/audit';
import { listAudit } from '../../data/operators/audit';
import {
  countOpenRooms,
  findOperatorsRoom,
  firstMembers,
  type OpenRoomFilter,
  type OperatorsRoom,
  readOperatorsRooms,
  type ScannedRoom,
  scanOpenRooms,
} from '../../data/operators/room-lists-for-operators';
import { listReports } from '../../data/reports/reports';
import { isLiveRoom } from '../../data/rooms/room-states';
import { listSanctions } from '../../data/sanctions/sanction-lists';
import { type Broadcast, findBroadcast } from '../../data/statistics/broadcasts';
import { cutoffsOf, type ReadContext, wantedUser } from './change-context';
import { namesFor } from './list-names';
import { pageResult, readPage, totalOf } from './pages';
import { presentReport, presentRoom, presentSanction, utc } from './present';
import { noSuchRoom } from './refusal';

export { endRoom, warnRoom, watchRoom } from './live-room-calls';

/** Rooms that one search reads; its cursor continues from there. */
const SEARCHED_AT_ONCE = 3_000;
/** Lists inside the page of a room. */
const MAX_INSIDE = 100;

const placeOf = (row: ScannedRoom): [number, string] => [row.place, row.room_id];

export async function rooms(input: AdminInputOf<'rooms'>, ctx: ReadContext) {
  const { orderBy = 'viewers', category, ownBy, search, count } = input;
  const tenant = ctx.tenant.id;
  const page = readPage<[number, string]>(ctx, { of: ['rooms', orderBy, category, ownBy, search], ...input });
  const ownerId = await wantedUser(ctx, ownBy, 0);
  const filter = { tenant, orderBy, category, ownerId };
  const found = search === undefined ? await next(ctx, filter, page) : await searched(ctx, filter, { ...page, search });
  const rows = await readOperatorsRooms(ctx.db, found.ids, cutoffsOf(ctx));
  const counted = count === true && search === undefined;
  return {
    items: rows.map((row) => presentRoom(ctx, row)),
    cursor: found.cursor,
    ...(await totalOf(counted, (most) => countOpenRooms(ctx.db, filter, most))),
  };
}

type RoomPage = ReturnType<typeof readPage<[number, string]>>;

async function next(ctx: ReadContext, filter: OpenRoomFilter, page: RoomPage) {
  const scanned = await scanOpenRooms(ctx.db, filter, { after: page.after, limit: page.limit + 1 });
  const { items: ids, cursor } = pageResult(page, scanned, { present: (row) => row.id, place: placeOf });
  return { ids, cursor };
}

/** First the room, and the rooms of the owner, that are called exactly so; then titles, a few thousand rooms at a time. */
async function searched(ctx: ReadContext, filter: OpenRoomFilter, page: RoomPage & { search: string }) {
  const { search, after, limit } = page;
  const ownerId = await ctx.services.userIds.numberOf(ctx.db, filter.tenant, search);
  const named = after ? [] : await namedExactly(ctx, { ...filter, ownerId }, search);
  const scanned = await scanOpenRooms(ctx.db, filter, { after, limit: SEARCHED_AT_ONCE });
  const wanted = search.toLowerCase();
  const isExact = (row: ScannedRoom) => row.room_id === search || row.owner_id === ownerId;
  const hits = scanned.filter((row) => !isExact(row) && row.title.toLowerCase().includes(wanted));
  const shown = hits.slice(0, Math.max(0, limit - named.length));
  const last =
    hits.length > shown.length ? shown.at(-1) : scanned.length === SEARCHED_AT_ONCE ? scanned.at(-1) : undefined;
  const { cursor } = pageResult({ ...page, limit: 1 }, last ? [last, last] : [], { present: () => 0, place: placeOf });
  return { ids: [...named, ...shown.map((row) => row.id)], cursor };
}

async function namedExactly(ctx: ReadContext, filter: OpenRoomFilter, search: string): Promise<number[]> {
  const { tenant, category, ownerId } = filter;
  const room = await findOperatorsRoom(ctx.db, { tenant, roomId: search }, cutoffsOf(ctx));
  const page = { after: undefined, limit: MAX_INSIDE };
  const owned = ownerId === undefined ? [] : await scanOpenRooms(ctx.db, filter, page);
  const fits = isLiveRoom(room) && (category === undefined || room.category === category);
  return [...new Set([...(fits ? [room.id] : []), ...owned.map((row) => row.id)])];
}

interface Moment {
  at: number;
  kind: string;
  userId: string;
  text: string;
}

const told = (row: AuditRow): Moment => ({ at: row.at, kind: row.action, userId: row.user_id, text: row.reason });

export async function room(input: AdminInputOf<'room'>, ctx: ReadContext) {
  const { db, now } = ctx;
  const tenant = ctx.tenant.id;
  const key = { tenant, roomId: input.roomId };
  const found = await findOperatorsRoom(db, key, cutoffsOf(ctx));
  if (!found) throw noSuchRoom();
  const live = isLiveRoom(found);
  const last = live ? undefined : await findBroadcast(db, { ...key, broadcastNo: found.broadcast_no });
  const members = live ? await firstMembers(db, { id: found.id, broadcastNo: found.broadcast_no }, cutoffsOf(ctx)) : [];
  const audit = await listAudit(db, key, { after: undefined, limit: MAX_INSIDE });
  const reports = await listReports(db, { tenant, roomPk: found.id }, { before: undefined, limit: MAX_INSIDE });
  const inForce = { tenant, roomPk: found.id, active: true, now };
  const sanctions = await listSanctions(db, inForce, { after: undefined, limit: MAX_INSIDE });
  const people = [...members.map((row) => row.user_id), ...reports.map((row) => row.by_user), found.owner_id];
  const userId = await ctx.services.userIds.ofAll(db, tenant, people);
  const moments: Moment[] = [
    ...lifeOf(userId(found.owner_id), found, last),
    ...audit.map(told),
    ...reports.map((row) => ({ at: row.created_at, kind: 'report', userId: userId(row.by_user), text: row.reason })),
  ];
  const names = await namesFor(ctx, {
    users: [
      ...sanctions.flatMap((row) => [row.user_id, row.by_user]),
      ...reports.flatMap((row) => [row.by_user, row.target_user]),
    ],
    userIds: moments.map((moment) => moment.userId),
    rooms: [found.room_id],
  });
  return {
    room: presentRoom(ctx, found, last?.ended_at),
    members: members.map((row) => ({
      userId: userId(row.user_id),
      name: row.name ?? '',
      role: row.role,
      joinedUtc: utc(row.joined_at),
    })),
    timeline: moments
      .sort((a, b) => a.at - b.at)
      .map(({ at, kind, userId: id, text }) => ({
        atUtc: utc(at),
        kind,
        userId: id,
        userName: names.userOf(id),
        text,
      })),
    sanctions: sanctions.map((row) => presentSanction(row, names)),
    reports: reports.map((row) => presentReport(row, names)),
  };
}

/** Beginning and end of the present or last broadcast. */
function lifeOf(userId: string, found: OperatorsRoom, last: Broadcast | undefined): Moment[] {
  const opened = { at: found.created_at, kind: 'opened', userId, text: found.title };
  if (isLiveRoom(found)) return [opened];
  return [opened, ...(last ? [{ at: last.ended_at, kind: 'ended', userId: '', text: last.ended_by }] : [])];
}
