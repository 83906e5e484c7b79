/** Hosts and admins send people out of their rooms, silence them, and take both back. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { formatUtc } from '../../contract/fields';
import { BLOCK_KINDS } from '../../contract/hosts';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom, type Room } from '../../data/rooms/rooms';
import {
  type BlockedRow,
  listBlocked as listSanctions,
  type RoomSanctionRow,
  sanctionsHere,
} from '../../data/sanctions/sanction-lists';
import { liftSanction } from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import type { CallerContext, RecentCallerContext } from '../context';
import { noSuchRoom } from '../rooms/checks';
import { type Acting, imposeKick, imposeMute, publishSanction, syncIm } from '../sanctions/impose';
import { act, authorize, type Done, type Target, targetOf } from './acting';

const DEFAULT_LIMIT = 20;

type Kind = (typeof BLOCK_KINDS)[number];

interface InRoom {
  room: Room;
  target: Target;
  kind: Kind;
}

const here = (acting: Acting, { room, target, kind }: InRoom) =>
  sanctionsHere(acting.tx, { roomPk: room.id, userId: target.id, kind, now: acting.now });

const ofRoom = (rows: readonly RoomSanctionRow[]) => rows.filter((row) => row.by_user > 0);

async function liftAll({ tx, tenant, by, now }: Acting, rows: readonly RoomSanctionRow[]): Promise<void> {
  for (const { id } of rows) await liftSanction(tx, id, { tenant, name: by, now });
}

/** A sanction of the room's own people replaces an earlier one; those of operators stay. */
async function replaceEarlier(acting: Acting, of: InRoom): Promise<void> {
  const earlier = ofRoom(await here(acting, of));
  await liftAll(acting, earlier);
}

export async function kickUser(input: InputOf<'kickUser'>, ctx: CallerContext): Promise<undefined> {
  const { roomId, targetUserId, reason = '', seconds } = input;
  const target = await targetOf(ctx, targetUserId);
  const { room: seen, role } = await authorize(ctx, roomId, { need: 'run', target });
  await act(ctx, { action: 'kick_user', room: seen, role, target, reason }, async (acting): Promise<Done> => {
    // The state once the user's row is locked: an entry has come before, or finds the sanction.
    const room = await findRoom(acting.tx, { tenant: acting.tenant, roomId });
    if (!room || (seconds === undefined && !isLiveRoom(room))) throw noSuchRoom();
    await replaceEarlier(acting, { room, target, kind: 'kick' });
    const { sanctionId, work } = await imposeKick(acting, { user: target, room, reason, seconds });
    return { after: { sanctionId: String(sanctionId), ...(seconds !== undefined && { seconds }) }, work };
  });
}

export async function muteUser(input: InputOf<'muteUser'>, ctx: CallerContext): Promise<undefined> {
  const { roomId, targetUserId, reason = '', seconds } = input;
  const target = await targetOf(ctx, targetUserId);
  const { room, role } = await authorize(ctx, roomId, { need: 'run', target });
  await act(ctx, { action: 'mute_user', room, role, target, reason }, async (acting): Promise<Done> => {
    await replaceEarlier(acting, { room, target, kind: 'mute' });
    const { sanctionId, work } = await imposeMute(acting, { user: target, room, reason, seconds });
    return { after: { sanctionId: String(sanctionId), seconds }, work };
  });
}

/** Lifts the sanctions of the room's host and admins; throws 98 if one of an operator stays in force. */
async function lift(acting: Acting, of: InRoom): Promise<Done> {
  const { room, target, kind } = of;
  const rows = await here(acting, of);
  const own = ofRoom(rows);
  if (own.length < rows.length) throw new ApiError('SystemVerifyError', 'an operator decided this');
  await liftAll(acting, own);
  for (const { id: sanctionId, reason, until_at: until } of own) {
    await publishSanction(acting, 'sanction.lifted', { sanctionId, kind, userId: target.userId, reason, until, room });
  }
  if (own.length === 0) return { after: undefined };
  return { after: { sanctionId: String(own[0]?.id ?? '') }, work: await syncIm(acting, target, room) };
}

async function takeBack(
  ctx: CallerContext,
  kind: Kind,
  { roomId, targetUserId }: InputOf<'unmuteUser'>,
): Promise<void> {
  const target = await targetOf(ctx, targetUserId);
  const { room, role } = await authorize(ctx, roomId, { need: 'run', target });
  const action = kind === 'kick' ? 'unblock_user' : 'unmute_user';
  await act(ctx, { action, room, role, target }, (acting) => lift(acting, { room, target, kind }));
}

export async function unmuteUser(input: InputOf<'unmuteUser'>, ctx: CallerContext): Promise<undefined> {
  await takeBack(ctx, 'mute', input);
}

export async function unblockUser(input: InputOf<'unblockUser'>, ctx: CallerContext): Promise<undefined> {
  await takeBack(ctx, 'kick', input);
}

function present(row: BlockedRow, userId: (number: number) => string) {
  return {
    userId: userId(row.user_id),
    name: row.name ?? '',
    avatar: row.avatar ?? '',
    kind: row.kind === 'kick' ? ('kick' as const) : ('mute' as const),
    reason: row.reason,
    byUserId: userId(row.by_user),
    createUtc: formatUtc(row.created_at),
    untilUtc: row.until_at < FOREVER ? formatUtc(row.until_at) : '',
  };
}

export async function listBlocked(input: InputOf<'listBlocked'>, ctx: RecentCallerContext) {
  const { roomId, kind, limit = DEFAULT_LIMIT, offset = 0 } = input;
  const { room } = await authorize(ctx, roomId, { need: 'run' });
  const kinds = kind === undefined ? BLOCK_KINDS : [kind];
  const rows = await listSanctions(ctx.db, { roomPk: room.id, kinds, now: ctx.now }, { limit, offset });
  const numbers = rows.flatMap(({ user_id, by_user }) => [user_id, by_user]);
  const userId = await ctx.services.userIds.ofAll(ctx.db, ctx.caller.tenant.id, numbers);
  return rows.map((row) => present(row, userId));
}
