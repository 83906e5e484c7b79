/** What the calls of operators answer with. Times are UTC texts, '' where there is none. */

export interface Page<T> {
  items: T[];
  cursor: string;
}

export interface LiveRoom {
  roomId: string;
  title: string;
  category: string;
  cover: string;
  ownBy: string;
  ownerName: string;
  startUtc: string;
  viewers: number;
  joined: number;
  reports: number;
  warned: boolean;
  broadcastNo: number;
}

export interface Sanction {
  sanctionId: string;
  kind: 'ban' | 'mute' | 'kick';
  userId: string;
  address: string;
  roomId: string;
  reason: string;
  by: string;
  createUtc: string;
  untilUtc: string;
  untilBroadcastEnds: boolean;
  liftedUtc: string;
  liftedBy: string;
}

export interface Report {
  reportId: string;
  roomId: string;
  broadcastNo: number;
  byUserId: string;
  targetUserId: string;
  reason: string;
  description: string;
  createUtc: string;
  state: 'open' | 'done';
  verdict: 'dismissed' | 'upheld' | '';
  resolvedBy: string;
}

export interface RoomDetail {
  room: LiveRoom;
  members: { userId: string; name: string; role: string; joinedUtc: string }[];
  timeline: { atUtc: string; kind: string; userId: string; text: string }[];
  sanctions: Sanction[];
  reports: Report[];
}

export interface User {
  userId: string;
  name: string;
  username: string;
  createUtc: string;
  lastSeenUtc: string;
  banned: boolean;
}

export interface UserDetail extends User {
  sessions: { createUtc: string; expireUtc: string; address: string }[];
  broadcasts: {
    roomId: string;
    broadcastNo: number;
    title: string;
    category: string;
    startUtc: string;
    endUtc: string;
  }[];
  sanctions: Sanction[];
  reports: Report[];
}

export interface Broadcast {
  roomId: string;
  broadcastNo: number;
  ownBy: string;
  title: string;
  category: string;
  startUtc: string;
  endUtc: string;
  endedBy: string;
  reason: string;
  peak: number;
  joined: number;
}

export const SERIES = ['rooms', 'viewers', 'online', 'signUps'] as const;
export type SeriesName = (typeof SERIES)[number];

export interface Statistics {
  step: string;
  atUtc: string[];
  series: Record<SeriesName, (number | null)[]>;
  peaks: Record<SeriesName, { value: number; atUtc: string } | null>;
}

export interface AuditEntry {
  auditId: string;
  atUtc: string;
  operator: string;
  action: string;
  roomId: string;
  userId: string;
  reason: string;
  before: unknown;
  after: unknown;
  requestId: string;
  address: string;
}

export interface Webhook {
  webhookId: string;
  url: string;
  description?: string;
  events: string[];
  enabled: boolean;
  lastStatus: number | string;
  failingSinceUtc: string;
}

export interface Delivery {
  deliveryId: string;
  eventId: string;
  event: string;
  atUtc: string;
  attempts: number;
  state: string;
  lastStatus: number | string;
  nextUtc: string;
}

export const SCOPES = ['read', 'moderate', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Operator {
  name: string;
  scope: Scope;
  tenant: string;
  createUtc: string;
  lastUsedUtc: string;
}
