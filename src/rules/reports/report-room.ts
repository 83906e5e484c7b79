/** A viewer complains of a room, or of somebody in it: once in a broadcast, however often they say so. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { findUser } from '../../data/accounts';
import type { Executor } from '../../data/engine/database';
import { lockUser } from '../../data/presence/signs-of-life';
import { userNumber } from '../../data/public-ids';
import { addReport, reportsBy } from '../../data/reports';
import { findRoom } from '../../data/rooms';
import { tokenInvalid } from '../accounts/caller';
import type { CallerContext } from '../context';
import { noSuchRoom } from '../rooms/errors';
import { emit } from '../webhooks/events';

const HOUR_MS = 3_600_000;

async function targetOf(ctx: CallerContext, targetUserId: string | undefined): Promise<number> {
  if (targetUserId === undefined) return 0;
  const tenant = ctx.caller.tenant.id;
  const id = userNumber(tenant, targetUserId);
  if (id === undefined || !(await findUser(ctx.db, tenant, id))) {
    throw new ApiError('UserNotExists', 'there is no such user');
  }
  return id;
}

/** Of many at once, each sees those before it: the person's row is locked until the commit. */
async function checkRate(tx: Executor, { caller, now, services }: CallerContext): Promise<void> {
  const { reportsPerHour } = services.config;
  if (reportsPerHour === 0) return;
  if (!(await lockUser(tx, caller.id))) throw tokenInvalid();
  if ((await reportsBy(tx, caller.id, now - HOUR_MS)) < reportsPerHour) return;
  throw new ApiError('UserQueryLimit', 'you have reported a lot, please wait a while');
}

export async function reportRoom(input: InputOf<'reportRoom'>, ctx: CallerContext): Promise<undefined> {
  const { caller, db, now } = ctx;
  const tenant = caller.tenant.id;
  const room = await findRoom(db, { tenant, roomId: input.targetRoomId });
  if (room?.status !== 1) throw noSuchRoom();
  const targetUser = await targetOf(ctx, input.targetUserId);
  const { reason, description = '' } = input;
  const report = {
    tenant,
    roomPk: room.id,
    broadcastNo: room.broadcast_no,
    byUser: caller.id,
    targetUser,
    reason,
    description,
    now,
  };
  const place = { id: room.id, roomId: room.room_id, broadcastNo: room.broadcast_no };
  await db.transaction(async (tx) => {
    await checkRate(tx, ctx);
    const reportId = await addReport(tx, report);
    if (reportId === undefined) return;
    const who = { byUserId: caller.publicId, targetUserId: input.targetUserId ?? '' };
    const data = { reportId: String(reportId), ...who, reason, description };
    await emit(tx, ctx.services, { type: 'report.created', tenant, room: place, data });
  });
}
