/** Rows as operators see them: ids of the apps, times as UTC texts. */
import type { LiveRoomData, ReportData, SanctionData, SanctionKind } from '../../contract/admin/items';
import { SANCTION_KINDS, VERDICTS } from '../../contract/admin/items';
import { formatUtc } from '../../contract/fields';
import { publicId } from '../../data/accounts/public-ids';
import type { OperatorsRoom } from '../../data/operators/room-lists-for-operators';
import type { OperatorsUser } from '../../data/operators/user-lists-for-operators';
import type { ReportRow } from '../../data/reports/reports';
import type { SanctionRow } from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import type { Names } from './list-names';

/** '' = never, or permanently. */
export function utc(time: number | null): string {
  return time !== null && time > 0 && time < FOREVER ? formatUtc(time) : '';
}

export function userIdOf(tenant: string, id: number): string {
  return id > 0 ? publicId(tenant, id) : '';
}

/** The column has one of them. */
export function kindOf(row: SanctionRow): SanctionKind {
  return SANCTION_KINDS.find((kind) => kind === row.kind) ?? 'ban';
}

export function presentSanction(tenant: string, row: SanctionRow, names: Names): SanctionData {
  return {
    sanctionId: String(row.id),
    kind: kindOf(row),
    userId: userIdOf(tenant, row.user_id),
    userName: names.user(row.user_id),
    address: row.address,
    roomId: row.room_id ?? '',
    roomTitle: names.room(row.room_id ?? ''),
    reason: row.reason,
    by: row.by_name,
    byUserId: userIdOf(tenant, row.by_user),
    createUtc: utc(row.created_at),
    untilUtc: utc(row.until_at),
    untilBroadcastEnds: row.broadcast_no > 0,
    liftedUtc: utc(row.lifted_at),
    liftedBy: row.lifted_by,
  };
}

export function presentReport(tenant: string, row: ReportRow, names: Names): ReportData {
  return {
    reportId: String(row.id),
    roomId: row.room_id ?? '',
    roomTitle: names.room(row.room_id ?? ''),
    broadcastNo: row.broadcast_no,
    byUserId: userIdOf(tenant, row.by_user),
    byName: names.user(row.by_user),
    targetUserId: userIdOf(tenant, row.target_user),
    targetName: names.user(row.target_user),
    reason: row.reason,
    description: row.description,
    createUtc: utc(row.created_at),
    state: row.done === 1 ? 'done' : 'open',
    verdict: VERDICTS.find((verdict) => verdict === row.verdict) ?? '',
    resolvedBy: row.resolved_by,
  };
}

/** `endedAt`: of the last broadcast of a room that is not live (ms since 1970). */
export function presentRoom(tenant: string, row: OperatorsRoom, endedAt = 0): LiveRoomData {
  return {
    roomId: row.room_id,
    title: row.title,
    category: row.category,
    cover: row.cover,
    ownBy: publicId(tenant, row.owner_id),
    ownerName: row.owner_name ?? '',
    state: row.status !== 1 ? 'ended' : row.host_here > 0 ? 'live' : 'hostAway',
    startUtc: utc(row.created_at),
    endUtc: utc(endedAt),
    viewers: row.viewers,
    joined: row.joined,
    reports: row.reports,
    warned: row.warned_no === row.broadcast_no,
    broadcastNo: row.broadcast_no,
  };
}

export function presentUser(tenant: string, row: OperatorsUser, now: number) {
  return {
    userId: publicId(tenant, row.id),
    name: row.name,
    username: row.username,
    createUtc: utc(row.created_at),
    lastSeenUtc: utc(row.seen_at),
    banned: row.banned_until > now,
    online: (row.alive_until ?? 0) > now,
  };
}
