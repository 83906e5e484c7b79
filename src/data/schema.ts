/**
 * The tables in the form of the statements; those of operators, of review and of work behind the answers are in
 * schema-*.ts. All times are milliseconds since 1970 (UTC); all ids of users and rooms are internal numbers, whose public form
 * public-ids.ts makes. The columns themselves are made by migrations/.
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
import type { CommitsTable, ImSaidTable, JobsTable, OutboxTable } from './schema-work';

export interface UsersTable {
  id: Generated<number>;
  tenant: string;
  username: string;
  /** sha256 of the user name, base64url: exact comparison with any collation of the server. */
  username_key: string;
  /** Secret for the signatures of the name's owner, encrypted if DATA_KEYS is set (rules/accounts/salts.ts); null: a fixed secret. */
  salt: string | null;
  name: string;
  avatar: string;
  phone: string;
  email: string;
  tag: string;
  tag2: string;
  created_at: number;
  updated_at: number;
  /** The end of the longest ban in force; at or before now = not banned. The reason is in the sanctions. */
  banned_until: Generated<number>;
  /** Number of changes of this user's sanctions; a reader detects new ones by it. 0 = none ever. */
  sanction_no: Generated<number>;
  /** A JSON object of the team's own service, at most 1 KiB; '' = none. */
  custom: Generated<string>;
  /** Signatures with this ts (ms) or an earlier one are refused at sign-in: a session of such a signature has ended. */
  signed_out_ts: Generated<number>;
}

/**
 * Every public id ever given out (userIds and roomIds are one name space); only generated roomIds that no room ever had are
 * deleted.
 */
export interface PublicIdsTable {
  tenant: string;
  public_id: string;
  owner_id: number;
  created_at: number;
}

/** A sign-in. Its tokens are valid while the row exists and the token has not expired. */
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
  /** The user is online while this is in the future. Heartbeats and other activity extend it, IM and TRTC may shorten it. */
  alive_until: number;
  /** Time of the newest activity of any kind: an older "gone" does not end the presence of later activity. */
  seen_at: number;
  /** Time of the newest event from outside, or of a goodbye; older events that arrive later have no effect. */
  event_at: number;
  /** 1 from the first heartbeat after going live or entering: missed heartbeats count only from then. Some apps send none. */
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
  /** Lease of the request that opens or dismisses the room: a key made for this attempt; '' = none. */
  lease_holder: string;
  /** End of the lease, after which another request may take it; 0 = there is none. */
  lease_until: number;
  /** Which of the owner's places for open rooms it has, from 1: two rooms never have the same. null: none. */
  open_slot: number | null;
  /** 1: an audience opened it under an id without owner, so the first host who enters becomes its owner. */
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
  /** The same as users.custom, of the current (or last) broadcast. */
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
  /** 1 = in the room by the calls; 0 after leaving, or if the scheduled work found the member gone. */
  present: number;
  joined_at: number;
  /** The user is in this room while this is in the future and while online (PresenceTable): FOREVER until IM or TRTC reports "gone". */
  alive_until: number;
  /** When the newest thing known of this member in this room happened; older news change nothing. */
  event_at: number;
  /** The last event of the member (rooms/member-events.ts), and the number of events since a time. */
  heard: Generated<number>;
  heard_since: Generated<number>;
  heard_count: Generated<number>;
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
  /** The number of used codes of a block of phone numbers. */
  used: number;
}

/** Verified phone numbers (E.164) and mail addresses (lower case): each belongs to one user of a tenant. */
export interface AddressesTable {
  tenant: string;
  address: string;
  user_id: number;
  verified_at: number;
}

/** Counts shared by all processes: failed sign-ins and sign-ups. */
export interface ThrottlesTable {
  /** Keyed hash of the counted name or client address, and the length of the window. */
  id: string;
  /** Beginning of the window. */
  since: number;
  hits: number;
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

/** "Permanently" in a time column: after any clock, inside 53 bits. */
export const FOREVER = 9_000_000_000_000_000;
