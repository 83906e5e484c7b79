/** The tables of what operators see and do: statistics, sanctions, reports, the audit, webhooks. Read with schema.ts. */
import type { Generated } from 'kysely';

/** One minute (step 0), hour (1) or day (2) of a tenant; gauges are the step's highest value. */
export interface SamplesTable {
  tenant: string;
  step: number;
  /** When the step begins. */
  at: number;
  rooms: number;
  viewers: number;
  online: number;
  /** When each of them was that high. */
  rooms_at: number;
  viewers_at: number;
  online_at: number;
  sign_ins: number;
  sign_ups: number;
  entries: number;
  /** Set in minutes: the end of the counted time, and the counts of the last seconds, which are counted again. */
  counted_until: number;
  tail_sign_ins: number;
  tail_sign_ups: number;
  tail_entries: number;
}

/** Counts of rows deleted before the sample (data/statistics/activity.ts). */
export interface ActivityTable {
  id: Generated<number>;
  tenant: string;
  /** The kind of activity: ActivityKind. */
  kind: string;
  at: number;
  /** How often. */
  n: number;
}

/** Broadcasts that have ended. */
export interface BroadcastsTable {
  id: Generated<number>;
  tenant: string;
  room_id: string;
  broadcast_no: number;
  owner_id: number;
  title: string;
  category: string;
  started_at: number;
  ended_at: number;
  /** Who or what ended it: EndedBy (broadcasts.ts). */
  ended_by: string;
  /** The reason given by the operator who ended it; '' = none. */
  reason: string;
  /** The highest counted number of people in it. */
  peak: number;
  /** All who were ever in it. */
  joined: number;
  /** Time from which its members may be deleted; 0: none are left, or the outbox has the work (rows older than this column). */
  clean_at: Generated<number>;
}

/** Users of the operators' API, in addition to the holder of ADMIN_KEY. */
export interface OperatorsTable {
  id: Generated<number>;
  name: string;
  /** read, moderate or manage. */
  scope: string;
  /** '*' = all tenants. */
  tenant: string;
  /** sha256 of the key, base64url. */
  key_hash: string;
  created_at: number;
  /** Written at most every few minutes. */
  last_used_at: number;
  /** The key is refused from then on (ms since 1970); 0 = it does not expire. */
  expires_at: Generated<number>;
}

/** Notes of operators on a user, for each other. */
export interface UserNotesTable {
  id: Generated<number>;
  tenant: string;
  user_id: number;
  text: string;
  by_name: string;
  created_at: number;
}

/** The reasons that operators of a tenant use often: one row each, in the order of `place`. */
export interface OperatorReasonsTable {
  tenant: string;
  place: number;
  text: string;
}

/** The last attempts of a delivery: request and response, without signatures. */
export interface WebhookAttemptsTable {
  id: Generated<number>;
  delivery_id: number;
  /** Counts from 1. */
  number: number;
  at: number;
  ms: number;
  /** HTTP status; 0 = no response. */
  status: number;
  /** Why there is no response; else ''. */
  fault: string;
  /** Lines `name: value`. */
  request_headers: string;
  response_headers: string;
  response_body: string;
}

/** A ban, a mute or a kick. In force while lifted_at = 0 and until_at is in the future. */
export interface SanctionsTable {
  id: Generated<number>;
  tenant: string;
  kind: string;
  /** 0 if it concerns an address. */
  user_id: number;
  /**
   * Keyed hashes (sanctions/person-hashes.ts) of the user's name, phone number and mail address: a new account with one of
   * them gets the sanction. 1.1.0: plain hashes, and the mail address in contact_key if there was no phone number.
   */
  name_key: string;
  contact_key: string;
  mail_key: Generated<string>;
  address: string;
  /** 0 = everywhere. */
  room_pk: number;
  /** Above 0: it applies to this broadcast of the room only. */
  broadcast_no: number;
  until_at: number;
  reason: string;
  /** Name of the operator; 'host' or 'admin' if the host or an admin of the room made it. */
  by_name: string;
  /** The owner or admin of the room who made it; 0 = an operator. */
  by_user: Generated<number>;
  created_at: number;
  lifted_at: number;
  lifted_by: string;
}

/** Admins of a room, named by its owner. */
export interface RoomAdminsTable {
  room_pk: number;
  user_id: number;
  created_at: number;
}

/** Chat rules of a room, if they are not the defaults. */
export interface ChatRulesTable {
  room_pk: number;
  /** Who may write: all, admins or nobody. */
  speak: string;
  /** Seconds between two messages of one person; 0 = no limit. */
  slow_seconds: number;
  /** 1: no message twice in a row. */
  no_repeats: number;
  /** 0: no links. */
  links: number;
  /** Seconds in the room before the first message. */
  min_seconds: number;
  updated_at: number;
}

/** Changes by operators and by the service itself. Rows are added and, when they are old, deleted; never changed. */
export interface AuditTable {
  id: Generated<number>;
  tenant: string;
  at: number;
  operator: string;
  action: string;
  /** Public ids. */
  room_id: string;
  user_id: string;
  reason: string;
  before_text: string;
  after_text: string;
  request_id: string;
  address: string;
}

/** What viewers complain of: one per person and broadcast. */
export interface ReportsTable {
  id: Generated<number>;
  tenant: string;
  room_pk: number;
  broadcast_no: number;
  by_user: number;
  /** 0 = the room as a whole. */
  target_user: number;
  reason: string;
  description: string;
  created_at: number;
  /** 1 = resolved. */
  done: number;
  verdict: string;
  resolved_by: string;
  resolved_at: number;
}

/** A server that receives events. */
export interface WebhooksTable {
  id: Generated<number>;
  tenant: string;
  url: string;
  /** whsec_…: what events are signed with, so it has to be readable: rules/webhooks/secrets.ts. */
  secret: string;
  /** Types with commas; '' = all. */
  events: string;
  description: string;
  enabled: number;
  created_at: number;
  last_status: number;
  /** 0 = the last attempt worked. */
  failing_since: number;
}

export interface WebhookEventsTable {
  id: Generated<number>;
  event_id: string;
  tenant: string;
  type: string;
  /** JSON, as it is sent. */
  body: string;
  created_at: number;
}

export interface DeliveriesTable {
  id: Generated<number>;
  webhook_id: number;
  event_pk: number;
  /** 0 = not about a room; otherwise those of one room go out one after the other. */
  room_pk: number;
  /** 0 pending, 1 delivered, 2 failed. */
  state: Generated<number>;
  attempts: Generated<number>;
  /** Earliest time of the next try; during a try, the time from which another process may take it. */
  next_at: number;
  created_at: number;
  last_status: Generated<number>;
}
