/** A viewer complains of a room, or of somebody in it: once in a broadcast, however often they say so. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import type { Executor } from '../../data/engine/database';
import { lockUser } from '../../data/presence/signs-of-life';
import { userNumber } from '../../data/public-ids';
import { addReport, lookUpReport, type NewReport, reportsBy } from '../../data/reports';
import { tokenInvalid } from '../accounts/caller';
import type { UnprovedCallerContext } from '../context';
import { noSuchRoom } from '../rooms/errors';
import { emit } from '../webhooks/events';

const HOUR_MS = 3_600_000;

function checkRate({ services }: UnprovedCallerContext, made: number): void {
  const { reportsPerHour } = services.config;
  if (reportsPerHour === 0 || made < reportsPerHour) return;
  throw new ApiError('UserQueryLimit', 'you have reported a lot, please wait a while');
}

/** What may be reported, or why not; undefined where it was reported before. */
async function check(ctx: UnprovedCallerContext, input: InputOf<'reportRoom'>): Promise<NewReport | undefined> {
  const { caller, db, now } = ctx;
  const { targetRoomId: roomId, targetUserId, reason, description = '' } = input;
  const tenant = caller.tenant.id;
  const targetUser = targetUserId === undefined ? 0 : (userNumber(tenant, targetUserId) ?? 0);
  const by = { session: caller.session, since: now - HOUR_MS };
  const found = await lookUpReport(db, by, { tenant, roomId, targetUser });
  if (!found.session) throw tokenInvalid();
  if (!found.room) throw noSuchRoom();
  if (targetUserId !== undefined && !found.targetExists) throw new ApiError('UserNotExists', 'there is no such user');
  checkRate(ctx, found.recent);
  if (found.isReported) return undefined;
  const { id: roomPk, broadcastNo } = found.room;
  return { tenant, roomPk, broadcastNo, by: found.session, targetUser, reason, description, now };
}

/** Of many at once, each sees those before it: the person's row is locked until the commit. */
async function checkRateOfMany(tx: Executor, ctx: UnprovedCallerContext): Promise<void> {
  const { caller, now, services } = ctx;
  if (services.config.reportsPerHour === 0) return;
  if (!(await lockUser(tx, caller.id))) throw tokenInvalid();
  checkRate(ctx, await reportsBy(tx, caller.id, now - HOUR_MS));
}

export async function reportRoom(input: InputOf<'reportRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { caller, db, services } = ctx;
  const report = await check(ctx, input);
  if (!report) return;
  const { tenant, reason, description } = report;
  const isHeard = await services.subscriptions.anybody(db, tenant, 'report.created');
  if (!isHeard && services.config.reportsPerHour === 0) {
    await addReport(db, report);
    return;
  }
  const room = { id: report.roomPk, roomId: input.targetRoomId, broadcastNo: report.broadcastNo };
  await db.transaction(async (tx) => {
    await checkRateOfMany(tx, ctx);
    const reportId = await addReport(tx, report);
    if (reportId === undefined) return;
    const who = { byUserId: caller.publicId, targetUserId: input.targetUserId ?? '' };
    const data = { reportId: String(reportId), ...who, reason, description };
    await emit(tx, services, { type: 'report.created', tenant, room, data });
  });
}
