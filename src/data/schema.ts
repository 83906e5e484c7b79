/**
 * The tables, as the queries see them. All times are milliseconds since 1970 (UTC); all ids of users and rooms are
 * internal numbers, whose public form the modules make. The columns themselves are made in migrations.ts.
 */
import type { Generated } from 'kysely';

export interface UsersTable {
  id: Generated<number>;
  tenant: string;
  username: string;
  /** sha256 of the user name, base64url: exact comparison whatever the collation of the server. */
  username_key: string;
  /** What the name's owner signs with. The protocol needs it readable; null for users of a fixed secret. */
  salt: string | null;
  name: string;
  avatar: string;
  phone: string;
  email: string;
  tag: string;
  tag2: string;
  created_at: number;
  updated_at: number;
  /** The end of the longest ban in force; at or before now = not banned. What it is for is in the sanctions. */
  banned_until: Generated<number>;
  /** Counts the sanctions of this user, made and lifted: whoever has read it can tell whether there is news. 0 = none ever. */
  sanction_no: Generated<number>;
}

/** Every public id ever given to anybody (userIds and roomIds are one name space); rows are never deleted. */
export interface PublicIdsTable {
  tenant: string;
  public_id: string;
  owner_id: number;
  created_at: number;
}

/** A sign-in. Its tokens are good as long as the row is here and the token has not expired. */
export interface SessionsTable {
  id: string;
  user_id: number;
  created_at: number;
  expires_at: number;
  /** When the sign-in by code was that made it; 0 = it was made in another way. */
  code_at: Generated<number>;
  /** Network address of the last sign-in; '' = unknown. */
  address: Generated<string>;
}

/** One row per user who has an account: until when the user is online. What sets it is in rules/presence. */
export interface PresenceTable {
  user_id: number;
  /** The user is online while this lies ahead. Beats and other signs of life move it on, IM and TRTC may bring it near. */
  alive_until: number;
  /** The newest sign of life, by whatever it came: an older "gone" does not end what was seen after it. */
  seen_at: number;
  /** When the newest thing happened that was heard of from outside, or a goodbye; older news that come later change nothing. */
  event_at: number;
  /** 1 from the first beat after going live or entering: only from then on, missed beats count. Some apps never beat. */
  heartbeat_seen: number;
}

export interface RoomsTable {
  id: Generated<number>;
  tenant: string;
  room_id: string;
  owner_id: number;
  updated_by: number;
  /** Counts the broadcasts of the room; members and clean-up work belong to one of them. 0 = never opened. */
  broadcast_no: number;
  /** 0 closed, 1 live, 2 being opened, 3 being dismissed (rules/rooms/lifecycle.ts). */
  status: number;
  category: string;
  title: string;
  cover: string;
  subject: string;
  description: string;
  star: number;
  /** When the present (or last) broadcast began. */
  created_at: number;
  updated_at: number;
  /** Whoever opens or dismisses the room has its lease: a key made for this one attempt; '' = nobody. */
  lease_holder: string;
  /** From then on the lease may be taken from its holder; 0 = there is none. */
  lease_until: number;
  /** Which of the owner's places for open rooms it has, from 1: two rooms never have the same. null: none. */
  open_slot: number | null;
  /** 1: an audience opened it under an id that was nobody's, so it becomes the first host's who comes. */
  host_pending: number;
  /** The session that opened it, or in which its owner last came back; '' = unknown. */
  session_id: string;
  /** 1: its IM group has been made. */
  im_group: number;
  /** Counts as of counted_at: exact for ordering small rooms, and reused for a moment in large ones. */
  nn_users: number;
  total_joined: number;
  counted_at: number;
  /** The highest count of the present broadcast that was ever stored. */
  peak: number;
  /** The broadcast that operators warned last. */
  warned_no: Generated<number>;
  /** Counts the room's events for webhooks. */
  event_seq: Generated<number>;
}

export interface MembersTable {
  room_pk: number;
  broadcast_no: number;
  user_id: number;
  role: string;
  /** 1 = in the room, as far as calls say; 0 after leaving, or where the scheduled work found the member gone. */
  present: number;
  joined_at: number;
  /** In this room while this lies ahead, and while the user is online (PresenceTable): FOREVER until IM or TRTC says "gone". */
  alive_until: number;
  /** When the newest thing known of this member in this room happened; older news change nothing. */
  event_at: number;
}

export type OutboxKind =
  | 'dismiss_room'
  | 'im_account_import'
  | 'delete_members'
  // For operators: rules/sanctions/vendors.ts.
  | 'im_notify'
  | 'im_mute'
  | 'im_kick'
  | 'trtc_remove';

/** Work for IM and TRTC (and slow deletions) that was decided in a transaction and is done after it. */
export interface OutboxTable {
  id: Generated<number>;
  kind: OutboxKind;
  tenant: string;
  /** The public room id, or the user id, the work is about. */
  target: string;
  room_pk: number;
  broadcast_no: number;
  payload: string;
  attempts: number;
  /** When it is due; while somebody is at it, when that one must have come to an end. */
  next_at: number;
  created_at: number;
  last_error: string;
}

/** One row per scheduled job: who has it, when it was finished last, and where it goes on. */
export interface JobsTable {
  name: string;
  leased_until: number;
  finished_at: number;
  position: string;
}

/** The newest code that was sent to a phone number or mail address. */
export interface SignInCodesTable {
  tenant: string;
  /** Keyed hash of the address (rules/codes/keys.ts): who asked for a code and never came leaves no number behind. */
  address_key: string;
  /** sessionId of the app that asked for it; '' = none was sent yet. */
  session: string;
  /** Keyed hash of session, address and code. */
  code_hash: string;
  /** Counted before the code is compared. */
  tries: number;
  sent_at: number;
  /** 0 = not used. */
  used_at: number;
  /** Which request used it, so that one that hears nothing of its commit finds its own mark. */
  used_by: string;
}

/** How often something happened since `since`; how long that counts, and how often it may, is the rule's. */
export interface CodeLimitsTable {
  id: string;
  since: number;
  hits: number;
  /** Of blocks of phone numbers: how many of the codes were used. */
  used: number;
}

/** Verified phone numbers (E.164) and mail addresses (lower case): each belongs to one user of a tenant. */
export interface AddressesTable {
  tenant: string;
  address: string;
  user_id: number;
  verified_at: number;
}

/** What was going on in one minute (step 0), hour (1) or day (2) of a tenant; gauges hold the step's highest value. */
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
  /** Of a minute: until when it has counted, and how much of that lay in the last seconds, which are counted once more. */
  counted_until: number;
  tail_sign_ins: number;
  tail_sign_ups: number;
  tail_entries: number;
}

/** What was deleted before it was counted (data/activity.ts). */
export interface ActivityTable {
  id: Generated<number>;
  tenant: string;
  kind: string;
  at: number;
  n: number;
}

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
  ended_by: string;
  reason: string;
  peak: number;
  joined: number;
}

/** Who may use the operators' API, beside whoever has ADMIN_KEY. */
export interface OperatorsTable {
  id: Generated<number>;
  name: string;
  scope: string;
  /** '*' = all tenants. */
  tenant: string;
  /** sha256 of the key, base64url. */
  key_hash: string;
  created_at: number;
  /** Written at most every few minutes. */
  last_used_at: number;
}

/** A ban, a mute or a kick. In force while lifted_at = 0 and until_at lies ahead. */
export interface SanctionsTable {
  id: Generated<number>;
  tenant: string;
  kind: string;
  /** 0 where it is about an address. */
  user_id: number;
  /** username_key of that user, and a hash of the phone number or mail address: it holds for who comes back with them. */
  name_key: string;
  contact_key: string;
  address: string;
  /** 0 = everywhere. */
  room_pk: number;
  /** Above 0: it holds for this broadcast of the room only. */
  broadcast_no: number;
  until_at: number;
  reason: string;
  by_name: string;
  created_at: number;
  lifted_at: number;
  lifted_by: string;
}

/** What operators, and the service by itself, have changed. Rows are added and, when they are old, deleted; never changed. */
export interface AuditTable {
  id: Generated<number>;
  tenant: string;
  at: number;
  operator: string;
  action: string;
  /** As the apps know them. */
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

/** What several processes count together: failed sign-ins and sign-ups. */
export interface ThrottlesTable {
  /** Keyed hash of what is counted: a name or a client address, and the length of the window. */
  id: string;
  /** Beginning of the window. */
  since: number;
  hits: number;
}

/** A server that is told what happens. */
export interface WebhooksTable {
  id: Generated<number>;
  tenant: string;
  url: string;
  /** whsec_…: what events are signed with, so it has to be readable. */
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
  /** Not before then; while it is being sent, when it may be taken by somebody else. */
  next_at: number;
  created_at: number;
  last_status: Generated<number>;
}

export interface Schema {
  webhooks: WebhooksTable;
  webhook_events: WebhookEventsTable;
  deliveries: DeliveriesTable;
  throttles: ThrottlesTable;
  sign_in_codes: SignInCodesTable;
  code_limits: CodeLimitsTable;
  addresses: AddressesTable;
  samples: SamplesTable;
  activity: ActivityTable;
  broadcasts: BroadcastsTable;
  operators: OperatorsTable;
  sanctions: SanctionsTable;
  audit: AuditTable;
  reports: ReportsTable;
  users: UsersTable;
  public_ids: PublicIdsTable;
  sessions: SessionsTable;
  presence: PresenceTable;
  rooms: RoomsTable;
  members: MembersTable;
  outbox: OutboxTable;
  jobs: JobsTable;
}

/** "For ever" in a time column: beyond any clock, inside 53 bits. */
export const FOREVER = 9_000_000_000_000_000;
