/** Items in the lists of the operators' API. Times are UTC texts, '' if there is none; ids are the apps' ids. */
import { SANCTION_KINDS } from '../kinds';
import { int, v } from './endpoint';

export const SANCTION = v.strictObject({
  sanctionId: v.string(),
  kind: v.picklist(SANCTION_KINDS),
  userId: v.string(),
  userName: v.string(),
  address: v.string(),
  roomId: v.string(),
  roomTitle: v.string(),
  reason: v.string(),
  by: v.string(),
  byUserId: v.string(),
  createUtc: v.string(),
  untilUtc: v.string(),
  untilBroadcastEnds: v.boolean(),
  liftedUtc: v.string(),
  liftedBy: v.string(),
});
export type SanctionData = v.InferOutput<typeof SANCTION>;

export const SANCTION_EXAMPLE: SanctionData = {
  sanctionId: '7',
  kind: 'ban',
  userId: '2',
  userName: 'Bob',
  address: '',
  roomId: '',
  roomTitle: '',
  reason: 'spam',
  by: 'alice',
  byUserId: '',
  createUtc: '2026-11-23 12:00:00',
  untilUtc: '2026-12-01 00:00:00',
  untilBroadcastEnds: false,
  liftedUtc: '',
  liftedBy: '',
};

export const VERDICTS = ['dismissed', 'upheld'] as const;

export const REPORT = v.strictObject({
  reportId: v.string(),
  roomId: v.string(),
  roomTitle: v.string(),
  broadcastNo: int,
  byUserId: v.string(),
  byName: v.string(),
  targetUserId: v.string(),
  targetName: v.string(),
  reason: v.string(),
  description: v.string(),
  createUtc: v.string(),
  state: v.picklist(['open', 'done']),
  verdict: v.picklist([...VERDICTS, '']),
  resolvedBy: v.string(),
});
export type ReportData = v.InferOutput<typeof REPORT>;

export const REPORT_EXAMPLE: ReportData = {
  reportId: '3',
  roomId: '1',
  roomTitle: 'A live room',
  broadcastNo: 4,
  byUserId: '2',
  byName: 'Bob',
  targetUserId: '1',
  targetName: 'Alice',
  reason: 'fraud',
  description: 'asks for money',
  createUtc: '2026-11-23 12:00:00',
  state: 'open',
  verdict: '',
  resolvedBy: '',
};

/** `hostAway`: live, but without activity of the host for the time-out of hosts. */
export const ROOM_STATES = ['live', 'hostAway', 'ended'] as const;

export const LIVE_ROOM = v.strictObject({
  roomId: v.string(),
  title: v.string(),
  category: v.string(),
  cover: v.string(),
  ownBy: v.string(),
  ownerName: v.string(),
  state: v.picklist(ROOM_STATES),
  startUtc: v.string(),
  endUtc: v.string(),
  viewers: int,
  joined: int,
  reports: int,
  warned: v.boolean(),
  broadcastNo: int,
});
export type LiveRoomData = v.InferOutput<typeof LIVE_ROOM>;

export const LIVE_ROOM_EXAMPLE: LiveRoomData = {
  roomId: '1',
  title: 'A live room',
  category: 'mlvb-show-live',
  cover: '',
  ownBy: '1',
  ownerName: 'Alice',
  state: 'live',
  startUtc: '2026-11-23 12:00:00',
  endUtc: '',
  viewers: 12,
  joined: 40,
  reports: 1,
  warned: false,
  broadcastNo: 4,
};

export const AUDIT_ENTRY = v.strictObject({
  auditId: v.string(),
  atUtc: v.string(),
  operator: v.string(),
  action: v.string(),
  roomId: v.string(),
  roomTitle: v.string(),
  userId: v.string(),
  userName: v.string(),
  reason: v.string(),
  before: v.string(),
  after: v.string(),
  requestId: v.string(),
  address: v.string(),
});
export type AuditData = v.InferOutput<typeof AUDIT_ENTRY>;

export const AUDIT_EXAMPLE: AuditData = {
  auditId: '12',
  atUtc: '2026-11-23 12:00:00',
  operator: 'alice',
  action: 'kick_user',
  roomId: '1',
  roomTitle: 'A live room',
  userId: '2',
  userName: 'Bob',
  reason: 'spam',
  before: '',
  after: '{"sanctionId":"7"}',
  requestId: '0f1e2d3c',
  address: '203.0.113.7',
};
