/**
 * Who is online, in the words of SQL: each question once, for lists, counts, members and the scheduled work alike. The
 * columns they compare are explained in schema.ts; which times to compare them with is decided in rules/presence.
 *
 * Presence is joined from the left and compared through COALESCE, so that no optimizer turns the order around and begins
 * with the presence of everybody.
 */
import { computed, raw, type Sql, sql } from '../engine/sql';

/** The times (ms) that decide who is online at `now`. */
export interface OnlineCutoffs {
  now: number;
  /** A member's user is online while alive_until is beyond this: members may have a time-out of their own. */
  memberCutoff: number;
}

/** The times (ms) from which on an owner counts as gone for good. */
export interface AbsenceCutoffs {
  now: number;
  /** Gone who was online until then at the latest. */
  goneSince: number;
  /** Gone too whose app never beats, and who was last seen until then at the latest. */
  unseenSince: number;
}

/** Joins the presence of `user`, a column, as `alias`. */
export function presenceOf(user: string, alias: string): Sql {
  return raw(`LEFT JOIN presence ${alias} ON ${alias}.user_id = ${user}`);
}

/** The user of presence `alias` is online after `cutoff`. */
export function isOnline(alias: string, cutoff: number): Sql {
  return sql`COALESCE(${raw(alias)}.alive_until, 0) > ${cutoff}`;
}

/** The members `m` with presence `p` are in their room now. */
export function isInRoom({ now, memberCutoff }: OnlineCutoffs): Sql {
  return sql`${isPresent(now)} AND ${isOnline('p', memberCutoff)}`;
}

/** Nobody has said that the members `m` are out of their room; whether they are online is another question. */
export function isPresent(now: number): Sql {
  return sql`m.present = 1 AND m.alive_until > ${now}`;
}

/** The members `m` with presence `p` have been out of their room, or offline, since `goneSince`. */
export function isGone(goneSince: number): Sql {
  return sql`m.present = 1 AND NOT (m.alive_until > ${goneSince} AND ${isOnline('p', goneSince)})`;
}

/** The owner with presence `p` is gone for good, or has no account any more. */
export function isAbsent({ now, goneSince, unseenSince }: AbsenceCutoffs): Sql {
  return sql`(p.user_id IS NULL OR p.alive_until <= ${goneSince}
    OR (p.heartbeat_seen = 0 AND p.alive_until <= ${now} AND p.seen_at <= ${unseenSince}))`;
}

/** The room stays open while its owner is away. By its number alone, which every index of rooms has. */
export function isKeptOpen(room: string): Sql {
  return sql`EXISTS (SELECT 1 FROM kept_rooms kept WHERE kept.room_pk = ${raw(room)}.id)`;
}

/** What is known of a room's owner, whose presence is joined as `o`; null where the account is gone. */
export const OWNER_PRESENCE = computed<{ owner_alive_until: number | null; owner_seen_at: number | null }>({
  owner_alive_until: raw('o.alive_until'),
  owner_seen_at: raw('o.seen_at'),
});
