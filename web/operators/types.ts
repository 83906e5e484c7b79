/** What the calls of operators answer with: as the contract says, and beside it what it does not have yet. */
import type { AdminCalls } from '../../client/src/admin';

export interface Page<T> {
  items: T[];
  cursor: string;
}

type Data<N extends keyof AdminCalls> = AdminCalls[N]['data'];
type Item<N extends keyof AdminCalls> = Data<N> extends { items: (infer T)[] } ? T : never;

export type LiveRoom = Item<'rooms'>;
export type RoomDetail = Data<'room'>;
export type User = Item<'users'>;
export type UserDetail = Data<'user'>;
export type Sanction = Item<'sanctions'>;
export type Report = RoomDetail['reports'][number];
export type AuditEntry = Item<'audit'>;
export type Operator = Item<'operators'>;
export type Scope = Operator['scope'];

export const SCOPES: readonly Scope[] = ['read', 'moderate', 'manage'];

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
