/**
 * The highest cost of one call of an endpoint, and the limits of one account, address or tenant. docs/limits.md is
 * made from it, and tests/attacks/walk.test.ts spends it: a call that costs more than it declares fails there. The limits with
 * their numbers are in src/limits.ts.
 */
import type { EventType } from './events';

export type LimitName =
  // One account.
  | 'once'
  | 'oncePerRoom'
  | 'oncePerTenant'
  | 'sessions'
  | 'signIns'
  | 'openRooms'
  | 'openings'
  | 'openingsOfDay'
  | 'roomIds'
  | 'searches'
  | 'hostActs'
  | 'hostActsOfDay'
  | 'roomAdmins'
  | 'reports'
  | 'uploads'
  | 'profileTellings'
  | 'muteTellings'
  | 'memberEvents'
  | 'memberEventsOfDay'
  | 'held'
  | 'chatLog'
  | 'swept'
  // One client address, and names tried from it.
  | 'signUps'
  | 'signUpsOfDay'
  | 'signInFailures'
  | 'signInFailuresOfName'
  | 'signInFailuresOfStrangers'
  | 'codesOfClient'
  | 'codesOfClientDay'
  | 'captchaChecks'
  | 'codeFailuresOfClient'
  // One phone number or mail address.
  | 'codeInterval'
  | 'codesOfContact'
  | 'codesOfContactDay'
  | 'codeFailuresOfContact'
  | 'codeTries'
  // One tenant.
  | 'codesOfTenant'
  | 'providerKeys'
  | 'vouched'
  // Every call: its account's others, connections, bodies, time, keys of operators.
  | 'bodies'
  | 'callsAtOnce'
  | 'pipelined'
  | 'waiting'
  | 'arriving'
  | 'unsent'
  | 'requestTime'
  | 'operatorKeys'
  // One key of an operator or a service.
  | 'keyCalls'
  | 'memberships';

/**
 * The highest number that one call adds, then the limits that all bound it. If the number is missing, the limits decide. A list of
 * costs is their sum.
 */
export type OneCost =
  | readonly [most: number, ...by: readonly [LimitName, ...LimitName[]]]
  | readonly [LimitName, ...LimitName[]];
export type Cost = OneCost | readonly OneCost[];

export const VENDORS = ['im', 'trtc', 'sts', 'sms', 'mail', 'captcha', 'identity'] as const;
export type Vendor = (typeof VENDORS)[number];

/** `{}`: a call that only reads. */
export interface Costs {
  /**
   * Rows added, by table. Not listed: an event's row and one delivery for each webhook that wants it, and an outbox row for a
   * call to IM or TRTC that comes later.
   */
  rows?: Readonly<Record<string, Cost>>;
  /** Calls to vendors. SMS and mails are messages to people. */
  calls?: Readonly<Partial<Record<Vendor, Cost>>>;
  /** Events for webhooks; webhook.test is sent to one of them on request. */
  events?: Readonly<Partial<Record<EventType | 'webhook.test', Cost>>>;
  /** Limits on calls that succeed. */
  answers?: readonly LimitName[];
  /** Limits on wrong secrets. */
  failures?: readonly LimitName[];
  /** Statements of a call whose caller is unknown: a wrong secret, or a token whose session has ended. Default 2. */
  unknown?: number;
}

/** A forged or missing token costs no statement. */
export const UNKNOWN_STATEMENTS = 2;
