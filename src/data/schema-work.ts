/** The tables of work that goes on behind the answers: outbox, jobs, commits. */
import type { Generated } from 'kysely';

export type OutboxKind =
  | 'dismiss_room'
  | 'im_account_import'
  | 'delete_members'
  // An hour after a deletion: rules/accounts/forget-user.ts.
  | 'forget_user'
  // Work from operators: rules/sanctions/vendors.ts.
  | 'im_notify'
  | 'im_mute'
  | 'im_kick'
  | 'trtc_remove'
  // Review: rules/review/send-and-recall.ts and rules/review/pictures.ts.
  | 'im_send'
  | 'im_recall'
  | 'review_picture';

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
  /** Time at which it is due; while a worker has it, the end of that worker's time. */
  next_at: number;
  created_at: number;
  last_error: string;
}

/** One row per scheduled job: its holder, the last time it finished, and the place to continue. */
export interface JobsTable {
  name: string;
  leased_until: number;
  finished_at: number;
  position: string;
}

/** The last value of a profile or a mute sent to IM (outbox/said.ts). Kept for a day. */
export interface ImSaidTable {
  /** Hash of the subject. */
  id: string;
  /** Hash of the value; '' = nothing yet. */
  said: string;
  /** When the last call was made or found unnecessary. */
  said_at: number;
  /** When the work is due that was planned last. */
  planned_at: number;
  /** Bits: the parts of a profile that were ever given, and so are sent. */
  fields: number;
}

/** Transactions of the last ten minutes (engine/commits.ts). */
export interface CommitsTable {
  id: string;
  /** Which run of the transaction was committed, from 0. */
  run: number;
  /** Seconds since 1970, by the database's clock. */
  at_second: number;
}
