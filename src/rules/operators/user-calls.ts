/** Looking users up, and signing one out everywhere. */
import type { AdminInputOf } from '../../contract/admin';
import { endSessionsOf } from '../../data/accounts/session-ends';
import { notesOf } from '../../data/operators/notes';
import { type OperatorsRoom, readOperatorsRooms, scanOpenRooms } from '../../data/operators/room-lists-for-operators';
import {
  countUsers,
  findOperatorsUser,
  listUsers,
  type OperatorsUser,
  roomsOfUser,
  searchUsersByName,
  searchUsersExactly,
  sessionsOf,
} from '../../data/operators/user-lists-for-operators';
import { listReports, reportsOfAuthor } from '../../data/reports/reports';
import { listSanctions } from '../../data/sanctions/sanction-lists';
import { type Broadcast, listBroadcasts } from '../../data/statistics/broadcasts';
import { type ChangeContext, cutoffsOf, type ReadContext } from './change-context';
import { namesFor } from './list-names';
import { presentNote } from './note-calls';
import { pageResult, readPage, totalOf } from './pages';
import { presentReport, presentSanction, presentUser, utc } from './present';
import { noSuchUser } from './refusal';

/** Lists inside the page of a user. */
const MAX_INSIDE = 100;

export async function users(input: AdminInputOf<'users'>, ctx: ReadContext) {
  return input.search === undefined ? newestUsers(input, ctx) : searchedUsers(input.search, input, ctx);
}

async function newestUsers(input: AdminInputOf<'users'>, ctx: ReadContext) {
  const page = readPage<[number]>(ctx, { of: 'users', ...input });
  const range = { tenant: ctx.tenant.id, before: page.after?.[0], limit: page.limit + 1 };
  const rows = await listUsers(ctx.db, range);
  return {
    ...pageResult(page, rows, {
      present: (row) => presentUser(ctx, row),
      place: (row) => [row.id],
    }),
    ...(await totalOf(input.count, (most) => countUsers(ctx.db, ctx.tenant.id, most))),
  };
}

/** First who has exactly this id, user name, phone or mail; then whose display name begins so. */
async function searchedUsers(text: string, input: AdminInputOf<'users'>, ctx: ReadContext) {
  const { db, tenant } = ctx;
  const page = readPage<[string, number]>(ctx, { of: ['users', text], ...input });
  const id = await ctx.services.userIds.numberOf(db, tenant.id, text);
  const byId = id === undefined ? undefined : await findOperatorsUser(db, tenant.id, id);
  const exactly = [...(byId ? [byId] : []), ...(await searchUsersExactly(db, tenant.id, text))];
  const known = new Set(exactly.map((row) => row.id));
  const search = { tenant: tenant.id, text, after: page.after, limit: page.limit + known.size + 1 };
  const named = await searchUsersByName(db, search);
  const first = page.after ? [] : [...new Map(exactly.map((row) => [row.id, row])).values()];
  const rows = [...first, ...named.filter((row) => !known.has(row.id))];
  const place = (row: OperatorsUser): [string, number] => (known.has(row.id) ? ['', 0] : [row.name, row.id]);
  return pageResult(page, rows, { present: (row) => presentUser(ctx, row), place });
}

export async function user(input: AdminInputOf<'user'>, ctx: ReadContext) {
  const { db, now } = ctx;
  const tenant = ctx.tenant.id;
  const id = await ctx.services.userIds.numberOf(db, tenant, input.userId);
  const found = id === undefined ? undefined : await findOperatorsUser(db, tenant, id);
  if (!found) throw noSuchUser();
  const filter = { tenant, userId: found.id, now };
  const page = { after: undefined, limit: MAX_INSIDE };
  const sanctions = [
    ...(await listSanctions(db, { ...filter, active: true }, page)),
    ...(await listSanctions(db, { ...filter, active: false }, page)),
  ];
  const about = await listReports(db, { tenant, targetUser: found.id }, { before: undefined, limit: MAX_INSIDE });
  const by = await reportsOfAuthor(db, found.id);
  const sessions = await sessionsOf(db, found.id);
  const broadcasts = await listBroadcasts(db, { tenant, ownerId: found.id, limit: MAX_INSIDE });
  const live = await scanOpenRooms(
    db,
    { tenant, orderBy: 'newest', ownerId: found.id },
    { after: undefined, limit: MAX_INSIDE },
  );
  const onAir = await readOperatorsRooms(
    db,
    live.map((row) => row.id),
    cutoffsOf(ctx),
  );
  const here = await roomsOfUser(db, found.id, cutoffsOf(ctx));
  const notes = await notesOf(db, found.id);
  const made = [...about, ...by];
  const names = await namesFor(ctx, {
    users: [found.id, ...sanctions.map((row) => row.by_user), ...made.flatMap((row) => [row.by_user, row.target_user])],
    rooms: [...sanctions, ...made].map((row) => row.room_id),
  });
  return {
    ...presentUser(ctx, found),
    rooms: here.map((row) => ({
      roomId: row.room_id,
      title: row.title,
      role: row.role,
      joinedUtc: utc(row.joined_at),
    })),
    notes: notes.map(presentNote),
    sessions: sessions.map((session) => ({
      createUtc: utc(session.created_at),
      expireUtc: utc(session.expires_at),
      address: session.address,
    })),
    broadcasts: [...onAir.map(presentLive), ...broadcasts.map(presentBroadcast)],
    sanctions: sanctions.map((row) => presentSanction(row, names)),
    reports: made.map((row) => presentReport(row, names)),
  };
}

const presentLive = (row: OperatorsRoom) => ({
  roomId: row.room_id,
  broadcastNo: row.broadcast_no,
  title: row.title,
  category: row.category,
  startUtc: utc(row.created_at),
  endUtc: '',
});

const presentBroadcast = (row: Broadcast) => ({
  roomId: row.room_id,
  broadcastNo: row.broadcast_no,
  title: row.title,
  category: row.category,
  startUtc: utc(row.started_at),
  endUtc: utc(row.ended_at),
});

export async function signOutUser(input: AdminInputOf<'signOutUser'>, ctx: ChangeContext) {
  const id = await ctx.services.userIds.numberOf(ctx.tx, ctx.tenant.id, input.userId);
  if (id === undefined || !(await findOperatorsUser(ctx.tx, ctx.tenant.id, id))) throw noSuchUser();
  const sessions = await endSessionsOf(ctx.tx, id, ctx.now);
  return { audit: { userId: input.userId, reason: input.reason, after: { sessions } }, answer: () => ({ sessions }) };
}
