/**
 * The tables, as the statements see them; what is there for operators is in schema-operators.ts. All times are milliseconds
 * since 1970 (UTC); all ids of users and rooms are internal numbers, whose public form public-ids.ts makes. The columns
 * themselves are made by migrations/.
 */
import type { Generated } from 'kysely';
import type {
  ActivityTable,
  AuditTable,
  BroadcastsTable,
  ChatRulesTable,
  DeliveriesTable,
  OperatorReasonsTable,
  OperatorsTable,
  ReportsTable,
  RoomAdminsTable,
  SamplesTable,
  SanctionsTable,
  UserNotesTable,
  WebhookAttemptsTable,
  WebhookEventsTable,
  WebhooksTable,
} from './schema-operators';
import type { AppealsTable, ChatLogTable, HeldTable, ReviewSettingsTable, WordsTable } from './schema-review';

export interface UsersTable {
  id: Generated<number>;
  tenant: string;
  username: string;
  /** sha256 of the user name, base64url: exact comparison whatever the collation of the server. */
  username_key: string;
  /** What the name's owner signs with, encrypted where DATA_KEYS is set (rules/accounts/salts.ts); null: a fixed secret. */
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
  /** A JSON object of the team's own service, at most 1 KiB; '' = none. */
  custom: Generated<string>;
  /** Signatures with this ts (ms) or an earlier one do not sign in any more: a session of such a signature has ended. */
  signed_out_ts: Generated<number>;
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
  /** Time of the sign-in by code that made it, negative if the address was too young to prove who the owner is; 0 = made in another way. */
  code_at: Generated<number>;
  /** Network address of the last sign-in; '' = unknown. */
  address: Generated<string>;
  /** ts (ms) of the signature that made it, whose hash is then the id; 0 = made in another way, or without ts. */
  signed_ts: Generated<number>;
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
  /** 0 closed, 1 live, 2 being opened, 3 being dismissed (room-moves.ts). */
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
  /** As users.custom, of the present (or last) broadcast. */
  custom: Generated<string>;
}

/** Live rooms that stay open and listed while their owner is away. A row goes when the broadcast ends. */
export interface KeptRoomsTable {
  room_pk: number;
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
  /** What webhooks heard of the member (rooms/member-events.ts), and how often since when. */
  heard: Generated<number>;
  heard_since: Generated<number>;
  heard_count: Generated<number>;
}

export type OutboxKind =
  | 'dismiss_room'
  | 'im_account_import'
  | 'delete_members'
  // An hour after a deletion: rules/accounts/forget-user.ts.
  | 'forget_user'
  // For operators: rules/sanctions/vendors.ts.
  | 'im_notify'
  | 'im_mute'
  | 'im_kick'
  | 'trtc_remove'
  // Review of texts: rules/review/outbox.ts.
  | 'im_send'
  | 'im_recall';

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
  /** Keyed hash of the address (rules/codes/keyed-hashes.ts): who asked for a code and never came leaves no number behind. */
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
  /** Always ''; written by versions up to 1.1.0. */
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

/** What several processes count together: failed sign-ins and sign-ups. */
export interface ThrottlesTable {
  /** Keyed hash of what is counted: a name or a client address, and the length of the window. */
  id: string;
  /** Beginning of the window. */
  since: number;
  hits: number;
}

/** What IM was told last about one profile or one mute (outbox/said.ts). Kept for a day. */
export interface ImSaidTable {
  /** Hash of the subject. */
  id: string;
  /** Hash of the value; '' = nothing yet. */
  said: string;
  /** When the last call was made or found unnecessary. */
  said_at: number;
  /** When the work is due that was planned last. */
  planned_at: number;
  /** Bits: the parts of a profile that were ever given, and so are told. */
  fields: number;
}

/** Transactions of the last hour (engine/commits.ts). */
export interface CommitsTable {
  id: string;
  /** Which run of the transaction was committed, from 0. */
  run: number;
  /** Seconds since 1970, by the database's clock. */
  at_second: number;
}

export interface Schema {
  commits: CommitsTable;
  im_said: ImSaidTable;
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
  operator_reasons: OperatorReasonsTable;
  user_notes: UserNotesTable;
  webhook_attempts: WebhookAttemptsTable;
  sanctions: SanctionsTable;
  review_settings: ReviewSettingsTable;
  words: WordsTable;
  held: HeldTable;
  chat_log: ChatLogTable;
  appeals: AppealsTable;
  room_admins: RoomAdminsTable;
  chat_rules: ChatRulesTable;
  audit: AuditTable;
  reports: ReportsTable;
  users: UsersTable;
  public_ids: PublicIdsTable;
  sessions: SessionsTable;
  presence: PresenceTable;
  rooms: RoomsTable;
  kept_rooms: KeptRoomsTable;
  members: MembersTable;
  outbox: OutboxTable;
  jobs: JobsTable;
}

/** "For ever" in a time column: beyond any clock, inside 53 bits. */
export const FOREVER = 9_000_000_000_000_000;
