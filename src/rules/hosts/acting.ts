/**
 * A call of a host or admin: checks the permission, then runs one transaction with the change, its audit row
 * and the outbox items for IM and TRTC. It uses the same tables as operators' actions.
 */
import { ApiError } from '../../base/errors';
import type { Executor } from '../../data/engine/database';
import { findRoomRoles } from '../../data/hosts/room-roles';
import { appendAudit } from '../../data/operators/audit';
import type { Room } from '../../data/rooms/rooms';
import { lockUser } from '../../data/sanctions/sanctions';
import { takeOfDay } from '../accounts/throttles';
import type { CallerContext, RecentCallerContext } from '../context';
import { flush } from '../outbox/outbox';
import { noSuchRoom } from '../rooms/checks';
import type { Acting } from '../sanctions/impose';
import { kickInForce } from '../sanctions/refuse';
import { decideAuthority, type Need, type RoomRole, roleIn } from './authority';

/** Calls of one account a minute: each may be work for IM and TRTC, which all accounts share. */
export const ACTS_PER_MINUTE = 60;
/** Each is a row of the audit, and may be a sanction. */
export const ACTS_PER_DAY = 2_000;
const SUSPICIOUS_ACTS = 200;

export interface Place {
  room: Room;
  role: Exclude<RoomRole, 'audience'>;
}

export interface Target {
  /** 0: no user can have this id. */
  id: number;
  userId: string;
}

const REFUSED = {
  not_yours: 'only the owner and the admins of a room may do this',
  self: 'you cannot do this to yourself',
  protected: 'an admin cannot do this to the owner or to another admin',
} as const;

const noSuchUser = () => new ApiError('UserNotExists', 'there is no such user');

export async function targetOf({ caller, db, services }: RecentCallerContext, targetUserId: string): Promise<Target> {
  return { id: (await services.userIds.numberOf(db, caller.tenant.id, targetUserId)) ?? 0, userId: targetUserId };
}

/** Throws 2004 or 98 unless the caller may. */
export async function authorize(
  ctx: RecentCallerContext,
  roomId: string,
  { need, target }: { need: Need; target?: Target },
): Promise<Place> {
  const { caller, db } = ctx;
  const who = { caller: caller.id, target: target?.id ?? 0 };
  const found = await findRoomRoles(db, { tenant: caller.tenant.id, roomId }, who);
  if (!found) throw noSuchRoom();
  const { room } = found;
  const role = roleIn(room, { id: caller.id, isAdmin: found.callerIsAdmin });
  const other = target && { id: target.id, role: roleIn(room, { id: target.id, isAdmin: found.targetIsAdmin }) };
  const decision = decideAuthority(need, { id: caller.id, role }, other);
  if (decision !== 'allowed') throw new ApiError('SystemVerifyError', REFUSED[decision]);
  if (role === 'audience') throw new ApiError('SystemVerifyError', REFUSED.not_yours);
  // An admin who may not enter the room may not run it either.
  const kicked = role === 'admin' && (await kickInForce(ctx, { roomPk: room.id, now: ctx.now }));
  if (kicked) throw kicked;
  return { room, role };
}

/** The audit entry: `action` is the name of the call. */
export interface Act {
  action: string;
  room: Room;
  role: Place['role'];
  target?: Target;
  reason?: string;
}

export interface Done {
  /** Small values for the audit. undefined: nothing changed, and nothing is written down. */
  after: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Ids of the outbox. */
  work?: readonly number[];
}

/** Throws 209 if the caller exceeds the limit. */
async function limitActs(ctx: RecentCallerContext): Promise<void> {
  const { hostActs, hostActsOfDay: counts } = ctx.services.throttles;
  const user = String(ctx.caller.id);
  if (hostActs.add(user, ctx.now) > ACTS_PER_MINUTE) {
    throw new ApiError('UserQueryLimit', 'you did this a lot of times, please wait a minute');
  }
  const counted = { counts, key: `host acts of ${user}`, suspicious: SUSPICIOUS_ACTS };
  if (!(await takeOfDay(ctx, { ...counted, most: ACTS_PER_DAY }))) {
    throw new ApiError('UserQueryLimit', 'you did this too many times today');
  }
}

async function writeDown(tx: Executor, ctx: CallerContext, act: Act, after: Done['after']): Promise<void> {
  const { action, room, role, target, reason = '' } = act;
  const { caller, now, clientAddress } = ctx;
  await appendAudit(tx, {
    tenant: caller.tenant.id,
    at: now,
    operator: role === 'owner' ? 'host' : 'admin',
    action,
    room_id: room.room_id,
    user_id: target?.userId ?? '',
    reason,
    before_text: '',
    after_text: JSON.stringify({ ...after, byUserId: caller.publicId }),
    request_id: '',
    address: clientAddress ?? '',
  });
}

/** Runs `work` in a transaction with the target's row locked; throws 206 if there is no such user. */
export async function act(ctx: CallerContext, given: Act, work: (acting: Acting) => Promise<Done>): Promise<void> {
  const { caller, db, services, now } = ctx;
  const { role, target } = given;
  await limitActs(ctx);
  const tenant = caller.tenant.id;
  const done = await db.transaction(async (tx) => {
    if (target && !(await lockUser(tx, { tenant, id: target.id }))) throw noSuchUser();
    const byUser = { id: caller.id, userId: caller.publicId };
    const result = await work({ tx, services, tenant, now, by: role === 'owner' ? 'host' : 'admin', byUser });
    if (result.after) await writeDown(tx, ctx, given, result.after);
    return result;
  });
  await flush(ctx, done.work ?? []);
}
