/**
 * The conditions of being online, in SQL: each one once, for lists, counts, members and the scheduled work. schema.ts explains
 * the columns that they compare; rules/presence decides with which times.
 *
 * Presence is left-joined and compared through COALESCE, so that no optimizer starts with the presence of all users.
 */
import { computed, int, raw, type Sql, sql } from '../engine/sql';

/** The times (ms) that decide who is online at `now`. */
export interface OnlineCutoffs {
  now: number;
  /** A member's user is online while alive_until is after this: members may have a separate time-out. */
  memberCutoff: number;
}

/** The times (ms) from which an owner counts as gone. */
export interface AbsenceCutoffs {
  now: number;
  /** Gone: online until then at the latest. */
  goneSince: number;
  /** An app without heartbeats is gone if it was last seen before this. */
  unseenSince: number;
}

/** Joins the presence of `user`, a column, as `alias`. */
export function presenceOf(user: string, alias: string): Sql {
  return raw(`LEFT JOIN presence ${alias} ON ${alias}.user_id = ${user}`);
}

/** The user of presence `alias` is online after `cutoff`. */
export function isOnline<P>(alias: string, cutoff: Sql<P>): Sql<P> {
  return sql`COALESCE(${raw(alias)}.alive_until, 0) > ${cutoff}`;
}

/** The members `m` with presence `p` are in their room now: the values are OnlineCutoffs. */
export const IS_IN_ROOM = sql`m.present = 1 AND m.alive_until > ${int('now')} AND ${isOnline('p', int('memberCutoff'))}`;

/** The members `m` with presence `p` have been out of their room, or offline, since `goneSince`. */
export const IS_GONE = sql`m.present = 1 AND NOT (m.alive_until > ${int('goneSince')} AND ${isOnline('p', int('goneSince'))})`;

/** The owner with presence `p` is gone, or has no account: the values are AbsenceCutoffs. */
export const IS_ABSENT = sql`(p.user_id IS NULL OR p.alive_until <= ${int('goneSince')}
  OR (p.heartbeat_seen = 0 AND p.alive_until <= ${int('now')} AND p.seen_at <= ${int('unseenSince')}))`;

/** The room stays open while its owner is away. Reads only its number, which every index of rooms has. */
export function isKeptOpen(room: string): Sql {
  return sql`EXISTS (SELECT 1 FROM kept_rooms kept WHERE kept.room_pk = ${raw(room)}.id)`;
}

/** The presence of a room's owner, joined as `o`; null if the account was deleted. */
export const OWNER_PRESENCE = computed<{ owner_alive_until: number | null; owner_seen_at: number | null }>({
  owner_alive_until: raw('o.alive_until'),
  owner_seen_at: raw('o.seen_at'),
});
