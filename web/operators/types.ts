/** The data of operators' calls, as the contract says. */
import type { AdminCalls } from '../../client/src/admin';

export interface Page<T> {
  items: T[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
}

type Data<N extends keyof AdminCalls> = AdminCalls[N]['data'];
type Item<N extends keyof AdminCalls> = Data<N> extends { items: (infer T)[] } ? T : never;

/** A text of the service in both languages. */
export type Detail = Data<'decideHeld'>['failed'][number]['detail'];

export type Me = Data<'me'>;
export type Overview = Data<'overview'>;
export type LiveRoom = Item<'rooms'>;
export type RoomDetail = Data<'room'>;
export type User = Item<'users'>;
export type UserDetail = Data<'user'>;
export type Sanction = Item<'sanctions'>;
export type Report = RoomDetail['reports'][number];
export type AuditEntry = Item<'audit'>;
export type Operator = Item<'operators'>;
export type Scope = Operator['scope'];

export const SCOPES: readonly Scope[] = ['read', 'moderate', 'service', 'manage'];

export type Broadcast = Item<'broadcasts'>;
export type Statistics = Data<'statistics'>;

/** Those that are plotted. */
export const SERIES = [
  'rooms',
  'viewers',
  'online',
  'signIns',
  'signUps',
  'entries',
] as const satisfies readonly (keyof Statistics['series'])[];
export type SeriesName = (typeof SERIES)[number];

export type Webhook = Item<'webhooks'>;
export type Delivery = Item<'deliveries'>;
export type WatchData = Data<'watchRoom'>;
export type Note = UserDetail['notes'][number];
export type DeliveryDetail = Data<'delivery'>;
export type Held = Item<'held'>;
export type Word = Item<'words'>;
export type CheckedText = Data<'checkText'>;
export type ReviewSettings = Data<'reviewSettings'>;
export type ChatMessage = Item<'messages'>;
export type Appeal = Item<'appeals'>;
export type ChatRules = Data<'chatRules'>;
export type RoomAdmin = Data<'roomAdmins'>[number];
export type Setting = Data<'settings'>['items'][number];
