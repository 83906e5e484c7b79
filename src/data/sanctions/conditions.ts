/** Conditions about sanctions, for the statements of sign-up, sign-in and entry: they decide and write at once. */
import { addressGroup } from '../../base/ip-addresses';
import { SHARED_LOCK } from '../engine/dialect';
import { computed, int, raw, type Sql, sql, text, texts } from '../engine/sql';

/** There is a sanction of an account with one of the names that the call gives, even if the account was deleted. */
export const NAME_IS_SANCTIONED = sql`EXISTS
  (SELECT 1 FROM sanctions x WHERE x.tenant = ${text('tenant')} AND x.name_key IN (${texts('nameKeys')}))`;

/** A condition for a statement with the group of the address (addressGroup) or '' as `group` in each row. */
export function addressOfRowIsBanned(group: Sql, tenant: Sql, now: Sql): Sql {
  return sql`(${group} <> '' AND EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address = ${group}
    AND a.lifted_at = 0 AND a.until_at > ${now}))`;
}

/** Stands in a list of groups for an unknown address: no sanction is about it. */
const UNKNOWN_GROUP = '-';

/** The groups of network addresses ('' = unknown) for `oneGroupIsBanned`. */
export function addressGroups(addresses: readonly string[]): readonly string[] {
  const groups = new Set<string>();
  for (const address of addresses) groups.add(address === '' ? UNKNOWN_GROUP : addressGroup(address));
  return [...groups];
}

/** One of the address groups that the call gives as `groups` may not sign in or enter. */
export function oneGroupIsBanned<T, N>(tenant: Sql<T>, now: Sql<N>) {
  return sql`EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address IN (${texts('groups')})
    AND a.lifted_at = 0 AND a.until_at > ${now})`;
}

/**
 * Nothing was decided about the user since their sanctions had this number. Inside a statement that writes: it waits for a
 * decision in progress.
 */
export function sanctionsAre<U, N>(user: Sql<U>, sanctionNo: Sql<N>) {
  return sql`EXISTS (SELECT 1 FROM users v WHERE v.id = ${user} AND v.sanction_no = ${sanctionNo} ${SHARED_LOCK})`;
}

/** The end of the longest sanction of the caller `me` whose kind fits `is`; 0 = none. */
function longest(is: Sql) {
  return sql`CASE WHEN COALESCE(me.sanction_no, 0) = 0 THEN 0 ELSE
    COALESCE((SELECT MAX(k.until_at) FROM sanctions k WHERE k.user_id = ${int('userId')} AND ${is}
      AND k.lifted_at = 0 AND k.until_at > ${int('now')}), 0) END`;
}

const HERE = raw('k.room_pk = r.id AND (k.broadcast_no = 0 OR k.broadcast_no = r.broadcast_no)');

interface EntrySanctionRow {
  sanction_no: number | null;
  banned_until: number | null;
  kept_out: number;
  muted: number;
  address_banned: number;
}

/** The sanctions of the caller `me` (a row of users, or nulls) in the room `r`; a time is 0 if there is none. */
export const ENTRY_SANCTIONS = computed<
  EntrySanctionRow,
  { userId: number; tenant: string; groups: readonly string[]; now: number }
>({
  sanction_no: raw('me.sanction_no'),
  banned_until: raw('me.banned_until'),
  kept_out: longest(sql`k.kind = 'kick' AND ${HERE}`),
  muted: longest(sql`k.kind = 'mute' AND (k.room_pk = 0 OR ${HERE})`),
  address_banned: sql`CASE WHEN ${oneGroupIsBanned(text('tenant'), int('now'))} THEN 1 ELSE 0 END`,
});
