/** A viewer reports a room or one of its users; counted once per broadcast. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { addReport, lookUpReport, type NewReport } from '../../data/reports/reports';
import { tokenInvalid, type UnprovedCallerContext } from '../context';
import { noSuchRoom } from '../rooms/checks';
import { emit } from '../webhooks/events';

const HOUR_MS = 3_600_000;

/** The reported room and user; throws why not; undefined if it was reported before. */
async function check(ctx: UnprovedCallerContext, input: InputOf<'reportRoom'>): Promise<NewReport | undefined> {
  const { caller, db, now, services } = ctx;
  const { targetRoomId: roomId, targetUserId, reason, description = '' } = input;
  const tenant = caller.tenant.id;
  const target = targetUserId === undefined ? 0 : await services.userIds.numberOf(db, tenant, targetUserId);
  const targetUser = target ?? 0;
  const since = now - HOUR_MS;
  const found = await lookUpReport(db, { session: caller.session, since }, { tenant, roomId, targetUser });
  if (!found.session) throw tokenInvalid();
  if (!found.room) throw noSuchRoom();
  if (targetUserId !== undefined && !found.targetExists) throw new ApiError('UserNotExists', 'there is no such user');
  const max = ctx.services.config.reportsPerHour;
  if (max > 0 && found.recent >= max) {
    throw new ApiError('UserQueryLimit', 'you have reported a lot, please wait a while');
  }
  if (found.isReported) return undefined;
  const { id: roomPk, broadcastNo } = found.room;
  const report = { tenant, roomPk, broadcastNo, by: found.session, targetUser, reason, description, now };
  return max > 0 ? { ...report, unless: { since, max } } : report;
}

/** Adds the report and its event in one transaction; false if it was not added. */
async function add(ctx: UnprovedCallerContext, roomId: string, targetUserId: string, report: NewReport) {
  const { caller, db, services } = ctx;
  const { tenant, reason, description } = report;
  const webhooks = await services.caches.subscriptions.wanting(db, tenant, 'report.created');
  if (webhooks.length === 0) return (await addReport(db, report)) !== undefined;
  const room = { id: report.roomPk, roomId, broadcastNo: report.broadcastNo };
  return db.transaction(async (tx) => {
    const reportId = await addReport(tx, report);
    if (reportId === undefined) return false;
    const data = { reportId: String(reportId), byUserId: caller.publicId, targetUserId, reason, description };
    await emit(tx, services, { type: 'report.created', tenant, room, data });
    return true;
  });
}

export async function reportRoom(input: InputOf<'reportRoom'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const report = await check(ctx, input);
  if (!report) return;
  const added = await add(ctx, input.targetRoomId, input.targetUserId ?? '', report);
  // Others of theirs came in between: why not, the same look says.
  if (!added) await check(ctx, input);
}
