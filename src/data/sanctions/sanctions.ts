/**
 * Bans, mutes and kicks. What sign-in and enter_room have to know of them stands on the user's own row (banned_until,
 * sanction_no), which those statements read anyway; every change of a user's sanctions locks that row first.
 */
import { createHash } from 'node:crypto';
import { addressGroup } from '../../base/ip-addresses';
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex, SHARED_LOCK } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  insertInto,
  int,
  join,
  list,
  nullable,
  raw,
  read,
  type Sql,
  sql,
  text,
  texts,
  write,
} from '../engine/sql';
import { noteSanctions } from '../review/review-state';

type Reader = Pick<Executor, 'query' | 'kind'>;

const SANCTION = both(
  columns('sanctions', 's', [
    'id',
    'tenant',
    'kind',
    'user_id',
    'address',
    'room_pk',
    'broadcast_no',
    'until_at',
    'reason',
    'by_name',
    'by_user',
    'created_at',
    'lifted_at',
    'lifted_by',
  ]),
  nullable(computed<{ room_id: string }>({ room_id: raw('r.room_id') })),
);
export type SanctionRow = (typeof SANCTION)['row'];

const FROM = raw('FROM sanctions s LEFT JOIN rooms r ON r.id = s.room_pk');

/** Sanctions that last until the end of a broadcast are ended with it (ending.ts). */
const IN_FORCE = sql`s.lifted_at = 0 AND s.until_at > ${int('now')}`;

export function isInForce(row: Pick<SanctionRow, 'lifted_at' | 'until_at'>, now: number): boolean {
  return row.lifted_at === 0 && row.until_at > now;
}

const LOCK_USER = write(
  'sanctions.lock_user',
  'never',
  sql`UPDATE users SET sanction_no = sanction_no + 1 WHERE id = ${int('id')} AND tenant = ${text('tenant')}`,
);

/**
 * Locks the user's row and notes that their sanctions change: a sign-in or an entry either comes before and is found, or sees
 * the change. False: there is no such user.
 */
export async function lockUser(tx: Executor, user: { tenant: string; id: number }): Promise<boolean> {
  return (await tx.execute(LOCK_USER, user)).affected > 0;
}

export interface NewSanction {
  tenant: string;
  kind: 'ban' | 'mute' | 'kick';
  userId: number;
  /** Network address; '' = none. For IPv6 the /64 of the household is stored, since phones change the rest every day. */
  address?: string;
  room?: { id: number; broadcastNo: number };
  until: number;
  reason: string;
  by: string;
  /** The owner or admin of the room who made it; left out for an operator. */
  byUser?: number;
  now: number;
}

const SUBJECT = columns('users', 'u', ['username_key', 'phone', 'email']);
const FIND_SUBJECT = read('sanctions.subject', SUBJECT, sql`SELECT ${SUBJECT} FROM users u WHERE u.id = ${int('id')}`);

/** A hash by which a phone number or a mail address is recognized. '' = there is none. */
function contactKey(contact: string): string {
  return contact === '' ? '' : createHash('sha256').update(`contact ${contact}`).digest('base64url');
}

/** Returns its id. The user's row must be locked. */
export async function addSanction(tx: Executor, sanction: NewSanction): Promise<number> {
  const { tenant, kind, userId, address = '', room, until, reason, by, byUser = 0, now } = sanction;
  const [subject] = await tx.query(FIND_SUBJECT, { id: userId });
  const row = {
    tenant,
    kind,
    user_id: userId,
    name_key: subject?.username_key ?? '',
    contact_key: contactKey(subject?.phone || subject?.email || ''),
    address: address === '' ? '' : addressGroup(address),
    room_pk: room?.id ?? 0,
    broadcast_no: room?.broadcastNo ?? 0,
    until_at: until,
    reason,
    by_name: by,
    by_user: byUser,
    created_at: now,
    lifted_at: 0,
    lifted_by: '',
  };
  const { insertId } = await tx.execute(write('sanctions.add', 'never', insertInto('sanctions', row)));
  await noteSanctions(tx, tenant);
  return insertId;
}

const STORE_BAN = write(
  'sanctions.store_ban',
  'safe',
  sql`UPDATE users SET banned_until = COALESCE((SELECT MAX(b.until_at) FROM sanctions b
      WHERE b.user_id = ${int('userId')} AND b.kind = 'ban' AND b.lifted_at = 0 AND b.until_at > ${int('now')}), 0)
    WHERE id = ${int('userId')}`,
);

/** Brings the user's own row up to date after a ban was made or lifted. */
export async function storeBan(tx: Executor, userId: number, now: number): Promise<void> {
  await tx.execute(STORE_BAN, { userId, now });
}

/** There is a sanction of an account with one of the names that the call gives, even if the account was deleted. */
export const NAME_IS_SANCTIONED = sql`EXISTS
  (SELECT 1 FROM sanctions x WHERE x.tenant = ${text('tenant')} AND x.name_key IN (${texts('nameKeys')}))`;

const OF_DELETED = raw('NOT EXISTS (SELECT 1 FROM users old WHERE old.id = sanctions.user_id)');
const INHERIT_BY_CONTACT = write(
  'sanctions.inherit_by_contact',
  'safe',
  sql`UPDATE sanctions SET user_id = ${int('id')}
    WHERE tenant = ${text('tenant')} AND contact_key = ${text('contactKey')} AND ${OF_DELETED}`,
);
const INHERIT_BY_NAME = write(
  'sanctions.inherit',
  'safe',
  sql`UPDATE sanctions SET user_id = ${int('id')}
    WHERE tenant = ${text('tenant')} AND name_key IN (${texts('nameKeys')}) AND ${OF_DELETED}`,
);

/**
 * A new account gets the sanctions of deleted accounts that had its name, phone number or mail address. Accounts that still
 * exist keep their sanctions, also if their old phone number is another account's now.
 */
export async function inheritSanctions(
  tx: Executor,
  user: { tenant: string; id: number; now: number } & ({ nameKeys: readonly string[] } | { contact: string }),
): Promise<void> {
  const { tenant, id, now } = user;
  const { affected } = await ('contact' in user
    ? tx.execute(INHERIT_BY_CONTACT, { tenant, id, contactKey: contactKey(user.contact) })
    : tx.execute(INHERIT_BY_NAME, { tenant, id, nameKeys: user.nameKeys }));
  if (affected === 0) return;
  await lockUser(tx, { tenant, id });
  await storeBan(tx, id, now);
  await noteSanctions(tx, tenant);
}

/** For a statement that has, in each of its rows, the group of the address (addressGroup) or '' in `group`. */
export function addressOfRowIsBanned(group: Sql, tenant: Sql, now: Sql): Sql {
  return sql`(${group} <> '' AND EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address = ${group}
    AND a.lifted_at = 0 AND a.until_at > ${now}))`;
}

/** Stands in a list of groups for an unknown address: no sanction is about it. */
const UNKNOWN_GROUP = '-';

/** The groups of network addresses ('' = unknown) for `oneGroupIsBanned`. */
export function addressGroups(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map((address) => (address === '' ? UNKNOWN_GROUP : addressGroup(address))))];
}

/** One of the address groups that the call gives as `groups` may not sign in or enter. */
export function oneGroupIsBanned<T, N>(tenant: Sql<T>, now: Sql<N>) {
  return sql`EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address IN (${texts('groups')})
    AND a.lifted_at = 0 AND a.until_at > ${now})`;
}

/** The same for addresses and times that are known where the statement is made. */
export function oneAddressIsBanned(addresses: readonly string[], tenant: Sql, now: number): Sql {
  const groups = list(addressGroups(addresses));
  return sql`EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address IN (${groups})
    AND a.lifted_at = 0 AND a.until_at > ${now})`;
}

/**
 * That nothing was decided about the user since their sanctions had this number. Inside a statement that writes: it waits
 * for who is deciding at the moment.
 */
export function sanctionsAre(userId: number | Sql, sanctionNo: number | Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM users v WHERE v.id = ${userId} AND v.sanction_no = ${sanctionNo} ${SHARED_LOCK})`;
}

/** What lookups of a room id tell of the caller `me` (a row of users, or nulls) in the room `r`; times are 0 where there is nothing. */
export function entrySanctions(entry: { userId: number; address: string; tenant: string; now: number }) {
  const { userId, address, tenant, now } = entry;
  const longest = (kind: Sql) => sql`CASE WHEN COALESCE(me.sanction_no, 0) = 0 THEN 0 ELSE
    COALESCE((SELECT MAX(k.until_at) FROM sanctions k WHERE k.user_id = ${userId} AND ${kind}
      AND k.lifted_at = 0 AND k.until_at > ${now}), 0) END`;
  const here = raw('k.room_pk = r.id AND (k.broadcast_no = 0 OR k.broadcast_no = r.broadcast_no)');
  return computed<{
    sanction_no: number | null;
    banned_until: number | null;
    kept_out: number;
    muted: number;
    address_banned: number;
  }>({
    sanction_no: raw('me.sanction_no'),
    banned_until: raw('me.banned_until'),
    kept_out: longest(sql`k.kind = 'kick' AND ${here}`),
    muted: longest(sql`k.kind = 'mute' AND (k.room_pk = 0 OR ${here})`),
    address_banned: sql`CASE WHEN ${oneAddressIsBanned([address], sql`${tenant}`, now)} THEN 1 ELSE 0 END`,
  });
}

const FIND = read(
  'sanctions.find',
  SANCTION,
  sql`SELECT ${SANCTION} ${FROM} WHERE s.id = ${int('id')} AND s.tenant = ${text('tenant')}`,
);

export async function findSanction(db: Reader, tenant: string, id: number): Promise<SanctionRow | undefined> {
  return (await db.query(FIND, { id, tenant }))[0];
}

const LIFT = write(
  'sanctions.lift',
  'safe',
  sql`UPDATE sanctions SET lifted_at = ${int('now')}, lifted_by = ${text('name')}
    WHERE id = ${int('id')} AND lifted_at = 0`,
);

/** False: it was lifted before. */
export async function liftSanction(
  tx: Executor,
  id: number,
  by: { tenant: string; name: string; now: number },
): Promise<boolean> {
  const lifted = (await tx.execute(LIFT, { id, ...by })).affected > 0;
  if (lifted) await noteSanctions(tx, by.tenant);
  return lifted;
}

export interface SanctionFilter {
  tenant: string;
  userId?: number | undefined;
  roomPk?: number | undefined;
  kind?: string | undefined;
  active: boolean;
  now: number;
}

/** The last row of a page: its end (ms) and its id. */
export type SanctionPlace = readonly [until: number, id: number];

function indexOf({ userId, roomPk, kind, active }: SanctionFilter): string {
  if (userId !== undefined) return 'sanctions_by_user';
  if (roomPk !== undefined) return 'sanctions_by_room';
  if (active) return kind === undefined ? 'sanctions_in_force' : 'sanctions_of_kind_in_force';
  return kind === undefined ? 'sanctions_in_order' : 'sanctions_of_kind';
}

function conditionsOf({ tenant, userId, roomPk, kind, active, now }: SanctionFilter): Sql[] {
  const conditions: Sql[] = [sql`s.tenant = ${tenant}`];
  if (userId !== undefined) conditions.push(sql`s.user_id = ${userId}`);
  if (roomPk !== undefined) conditions.push(sql`s.room_pk = ${roomPk}`);
  if (kind !== undefined) conditions.push(sql`s.kind = ${kind}`);
  conditions.push(
    active ? sql`s.lifted_at = 0 AND s.until_at > ${now}` : sql`(s.lifted_at > 0 OR s.until_at <= ${now})`,
  );
  return conditions;
}

export function countSanctions(db: Reader, filter: SanctionFilter, most: number): Promise<number> {
  const from = sql`FROM sanctions s ${byIndex(indexOf(filter))} WHERE ${join(conditionsOf(filter), ' AND ')}`;
  return countUpTo(db, 'sanctions.count', { from, most });
}

/** Sanctions in force: the longest first. Sanctions that are over: the newest first. */
export function listSanctions(
  db: Reader,
  filter: SanctionFilter,
  page: { after: SanctionPlace | undefined; limit: number },
): Promise<SanctionRow[]> {
  const conditions = conditionsOf(filter);
  if (page.after) {
    const [until, id] = page.after;
    const behind = sql`s.until_at <= ${until} AND (s.until_at < ${until} OR s.id < ${id})`;
    conditions.push(filter.active ? behind : sql`s.id < ${id}`);
  }
  const index = indexOf(filter);
  const hint = byIndex(index);
  const order = raw(filter.active ? 's.until_at DESC, s.id DESC' : 's.id DESC');
  const statement = sql`SELECT ${SANCTION} FROM sanctions s ${hint} LEFT JOIN rooms r ON r.id = s.room_pk
    WHERE ${join(conditions, ' AND ')} ORDER BY ${order} LIMIT ${page.limit}`;
  return db.query(read('sanctions.list', SANCTION, statement));
}

const BAN_OF_USER = read(
  'sanctions.ban_of_user',
  SANCTION,
  sql`SELECT ${SANCTION} ${FROM} WHERE s.user_id = ${int('userId')} AND s.user_id > 0 AND s.kind = 'ban'
    AND ${IN_FORCE} ORDER BY s.until_at DESC LIMIT 1`,
);
const BAN_OF_ADDRESS = read(
  'sanctions.ban_of_address',
  SANCTION,
  sql`SELECT ${SANCTION} ${FROM} WHERE s.tenant = ${text('tenant')} AND s.address = ${text('group')}
    AND ${IN_FORCE} ORDER BY s.until_at DESC LIMIT 1`,
);

/** The ban of this user, or else of this address, that lasts longest. */
export async function banInForce(
  db: Reader,
  of: { tenant: string; userId: number; address: string; now: number },
): Promise<SanctionRow | undefined> {
  const { userId, tenant, address, now } = of;
  const [own] = await db.query(BAN_OF_USER, { userId, now });
  if (own || address === '') return own;
  return (await db.query(BAN_OF_ADDRESS, { tenant, group: addressGroup(address), now }))[0];
}

export async function userBan(db: Reader, userId: number, now: number): Promise<SanctionRow | undefined> {
  return banInForce(db, { tenant: '', userId, address: '', now });
}

const IN_ROOM = read(
  'sanctions.in_room',
  SANCTION,
  sql`SELECT ${SANCTION} ${FROM} WHERE s.user_id = ${int('userId')} AND s.room_pk IN (0, ${int('roomPk')})
    AND ${IN_FORCE} ORDER BY s.until_at DESC LIMIT 100`,
);

/** The kicks and mutes of this user that hold in this room, the longest first. */
export function sanctionsInRoom(
  db: Reader,
  of: { userId: number; roomPk: number; now: number },
): Promise<SanctionRow[]> {
  return db.query(IN_ROOM, of);
}
