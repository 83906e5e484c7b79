/** The tables of review: what people write, and what becomes of it. Read with schema.ts. */
import type { Generated } from 'kysely';

/** One row per tenant that has used any of it. */
export interface ReviewSettingsTable {
  tenant: string;
  /** JSON of the changed fields (rules/review/settings.ts); the others have their defaults. */
  settings: string;
  /** Each counts its changes, so that every process finds out by one row. */
  settings_no: Generated<number>;
  words_no: Generated<number>;
  sanctions_no: Generated<number>;
  /** When IM asked before a message last, to about a minute; 0 = never. */
  callback_at: Generated<number>;
}

export interface WordsTable {
  id: Generated<number>;
  tenant: string;
  /** Hash of the normal form: two spellings of one word are one word. */
  word_key: string;
  word: string;
  /** refuse, silent, mask, hold or allow. */
  action: string;
  tag: string;
  /** Name of the operator. */
  by_name: string;
  created_at: number;
}

/** A message that waits, or waited, for an operator's verdict. */
export interface HeldTable {
  id: Generated<number>;
  tenant: string;
  room_pk: number;
  broadcast_no: number;
  user_id: number;
  /** IM's original MsgBody as JSON, which is sent if it passes. */
  body: string;
  /** The texts in it. */
  message: string;
  /** word, vendor or im. */
  source: string;
  /** The vendor's. */
  label: string;
  /** JSON list of the words that were found. */
  hits: string;
  created_at: number;
  expires_at: number;
  /** open, passed, refused or expired. */
  state: Generated<string>;
  decided_by: Generated<string>;
  decided_at: Generated<number>;
  reason: Generated<string>;
}

/** The chat log of rooms, kept for the tenant's chatLogDays. Personal data. */
export interface ChatLogTable {
  id: Generated<number>;
  tenant: string;
  room_pk: number;
  broadcast_no: number;
  /** 0 = not one of our users. */
  user_id: number;
  message: string;
  at: number;
  /** Network address and platform from IM. */
  address: string;
  platform: string;
  /** passed, masked, refused, silent, held or recalled. */
  outcome: string;
  /** What IM was answered. */
  code: number;
  /** Hash of what names the message at IM. */
  message_key: string;
  /** IM's number of the message in its group; 0 = not known. */
  message_seq: Generated<number>;
}

/** Appeals against sanctions: one open appeal at a time. */
export interface AppealsTable {
  id: Generated<number>;
  tenant: string;
  sanction_id: number;
  user_id: number;
  message: string;
  created_at: number;
  /** open or done. */
  state: Generated<string>;
  /** upheld or lifted. */
  verdict: Generated<string>;
  reason: Generated<string>;
  resolved_by: Generated<string>;
  resolved_at: Generated<number>;
}
