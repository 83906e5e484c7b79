/** The texts for users who may not sign in, enter or continue: the reason and the end. */
import { ApiError, type ErrorName, type Refusal } from '../../base/errors';
import { DEFAULT_WORDING, refusalText } from '../../contract/refusal-texts';
import type { Executor } from '../../data/engine/database';
import { lastAppeal } from '../../data/reports/appeals';
import { banInForce, type SanctionRow, sanctionsInRoom } from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import { findBroadcast } from '../../data/statistics/broadcasts';
import { type Context, type RecentCallerContext, tokenInvalid, type UnprovedCallerContext } from '../context';

function until({ until_at, broadcast_no }: SanctionRow): Refusal['until'] {
  if (broadcast_no > 0) return 'broadcast';
  return until_at >= FOREVER ? 'permanent' : until_at;
}

function refuse(name: ErrorName, refusal: Refusal): ApiError {
  return new ApiError(name, refusalText(refusal, DEFAULT_WORDING), { refusal });
}

/** Adds the verdict on the last appeal, if there is one. */
async function refusalOf(
  db: Pick<Executor, 'query'>,
  kind: 'account' | 'address' | 'room',
  row: SanctionRow,
): Promise<ApiError> {
  const appeal = await lastAppeal(db, row.id);
  return refuse('SystemVerifyError', {
    kind,
    until: until(row),
    reason: row.reason,
    appeal: appeal?.verdict === 'upheld' ? appeal.reason : undefined,
    // The ban of an address is none of this user's sanctions.
    sanctionId: kind === 'address' ? '' : String(row.id),
  });
}

/**
 * The ban of an account, or of the address it is used from; undefined if there is none. `now`: the time with which the
 * statement that refused compared. With a later one a ban that has just ended is not found, and its reason is lost.
 */
export async function banRefusal(
  ctx: Context,
  who: { tenant: string; userId: number; now: number },
  db: Pick<Executor, 'query'> = ctx.db,
): Promise<ApiError | undefined> {
  const address = ctx.clientAddress ?? '';
  const row = await banInForce(db, { ...who, address });
  if (!row) return undefined;
  return refusalOf(db, row.user_id === who.userId ? 'account' : 'address', row);
}

/** Why a caller with a good token has no session: banned, else signed out. */
export async function whyNoSession(ctx: UnprovedCallerContext, now = ctx.now): Promise<ApiError> {
  const { id, tenant } = ctx.caller;
  return (await banRefusal(ctx, { tenant: tenant.id, userId: id, now })) ?? tokenInvalid();
}

/** The kick that keeps the caller out of this room; undefined if there is none. */
export async function kickInForce(
  ctx: RecentCallerContext | UnprovedCallerContext,
  { roomPk, now }: { roomPk: number; now: number },
): Promise<ApiError | undefined> {
  const rows = await sanctionsInRoom(ctx.db, { userId: ctx.caller.id, roomPk, now });
  const row = rows.find(({ kind }) => kind === 'kick');
  return row && refusalOf(ctx.db, 'room', row);
}

/** Why this room does not let the caller in. */
export async function kickRefusal(ctx: UnprovedCallerContext, at: { roomPk: number; now: number }): Promise<ApiError> {
  // Lifted in this moment: they may try again.
  return (await kickInForce(ctx, at)) ?? new ApiError('SystemVerifyError', 'please try again');
}

interface EndedRoom {
  room_id: string;
  owner_id: number;
  broadcast_no: number;
}

/** The room is not live. Its owner learns whether an operator ended it. */
export async function endedRefusal(
  ctx: UnprovedCallerContext,
  room: EndedRoom | undefined,
  db: Pick<Executor, 'query'> = ctx.db,
): Promise<ApiError> {
  const gone = new ApiError('RoomNotExists', 'the room does not exist or has ended');
  if (!room || room.owner_id !== ctx.caller.id || room.broadcast_no === 0) return gone;
  const key = { tenant: ctx.caller.tenant.id, roomId: room.room_id, broadcastNo: room.broadcast_no };
  const last = await findBroadcast(db, key);
  if (last?.ended_by !== 'operator') return gone;
  return refuse('RoomNotExists', { kind: 'broadcast', until: 'broadcast', reason: last.reason, sanctionId: '' });
}
