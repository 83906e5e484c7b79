/** Rows as operators see them: ids of the apps, times as UTC texts. */
import type { LiveRoomData, ReportData, SanctionData } from '../../contract/admin/items';
import { VERDICTS } from '../../contract/admin/items';
import { formatUtc } from '../../contract/fields';
import { SANCTION_KINDS, type SanctionKind } from '../../contract/kinds';
import type { OperatorsRoom } from '../../data/operators/room-lists-for-operators';
import type { OperatorsUser } from '../../data/operators/user-lists-for-operators';
import type { ReportRow } from '../../data/reports/reports';
import type { SanctionRow } from '../../data/sanctions/sanctions';
import { FOREVER } from '../../data/schema';
import type { ReadContext } from './change-context';
import type { Names } from './list-names';

type Shown = Pick<ReadContext, 'services' | 'tenant' | 'now'>;

/** '' = never, or permanently. */
export function utc(time: number | null): string {
  return time !== null && time > 0 && time < FOREVER ? formatUtc(time) : '';
}

/** The column has one of them. */
export function kindOf(row: SanctionRow): SanctionKind {
  return SANCTION_KINDS.find((kind) => kind === row.kind) ?? 'ban';
}

export function presentSanction(row: SanctionRow, names: Names): SanctionData {
  return {
    sanctionId: String(row.id),
    kind: kindOf(row),
    userId: names.id(row.user_id),
    userName: names.user(row.user_id),
    address: row.address,
    roomId: row.room_id ?? '',
    roomTitle: names.room(row.room_id ?? ''),
    reason: row.reason,
    by: row.by_name,
    byUserId: names.id(row.by_user),
    createUtc: utc(row.created_at),
    untilUtc: utc(row.until_at),
    untilBroadcastEnds: row.broadcast_no > 0,
    liftedUtc: utc(row.lifted_at),
    liftedBy: row.lifted_by,
  };
}

export function presentReport(row: ReportRow, names: Names): ReportData {
  return {
    reportId: String(row.id),
    roomId: row.room_id ?? '',
    roomTitle: names.room(row.room_id ?? ''),
    broadcastNo: row.broadcast_no,
    byUserId: names.id(row.by_user),
    byName: names.user(row.by_user),
    targetUserId: names.id(row.target_user),
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
export function presentRoom({ services, tenant }: Shown, row: OperatorsRoom, endedAt = 0): LiveRoomData {
  return {
    roomId: row.room_id,
    title: row.title,
    category: row.category,
    cover: row.cover,
    ownBy: services.userIds.from(tenant.id, { id: row.owner_id, username: row.owner_username ?? '' }),
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

export function presentUser({ services, tenant, now }: Shown, row: OperatorsUser) {
  return {
    userId: services.userIds.from(tenant.id, row),
    name: row.name,
    username: row.username,
    createUtc: utc(row.created_at),
    lastSeenUtc: utc(row.seen_at),
    banned: row.banned_until > now,
    online: (row.alive_until ?? 0) > now,
  };
}
