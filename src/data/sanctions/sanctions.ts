/**
 * Bans, mutes and kicks. What sign-in and enter_room have to know of them stands on the user's own row (banned_until,
 * sanction_no), which those statements read anyway; every change of a user's sanctions locks that row first.
 */
import { createHash } from 'node:crypto';
import { addressGroup } from '../../base/ip-addresses';
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex, sharedLock } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  insertInto,
  join,
  list,
  nullable,
  raw,
  read,
  type Sql,
  sql,
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

/** What holds until the end of a broadcast ends with it (ending.ts). */
const inForce = (now: number) => sql`s.lifted_at = 0 AND s.until_at > ${now}`;

export function isInForce(row: Pick<SanctionRow, 'lifted_at' | 'until_at'>, now: number): boolean {
  return row.lifted_at === 0 && row.until_at > now;
}

/**
 * Locks the user's row and notes that there is news of their sanctions: whoever is signing in or entering either comes
 * before and is found, or sees it. False: there is no such user.
 */
export async function lockUser(tx: Executor, user: { tenant: string; id: number }): Promise<boolean> {
  const statement = sql`UPDATE users SET sanction_no = sanction_no + 1 WHERE id = ${user.id} AND tenant = ${user.tenant}`;
  return (await tx.execute(write('sanctions.lock_user', 'never', statement))).affected > 0;
}

export interface NewSanction {
  tenant: string;
  kind: 'ban' | 'mute' | 'kick';
  userId: number;
  /** Network address; '' = none. Of IPv6, where phones change theirs every day, the household's /64 is kept. */
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

/** What is kept of a phone number or a mail address: enough to know it again. '' = there is none. */
function contactKey(contact: string): string {
  return contact === '' ? '' : createHash('sha256').update(`contact ${contact}`).digest('base64url');
}

/** Gives its id. The user's row must be locked. */
export async function addSanction(tx: Executor, sanction: NewSanction): Promise<number> {
  const { tenant, kind, userId, address = '', room, until, reason, by, byUser = 0, now } = sanction;
  const ofUser = sql`SELECT ${SUBJECT} FROM users u WHERE u.id = ${userId}`;
  const [subject] = await tx.query(read('sanctions.subject', SUBJECT, ofUser));
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

const longestBan = (userId: number, now: number) => sql`COALESCE((SELECT MAX(b.until_at) FROM sanctions b
  WHERE b.user_id = ${userId} AND b.kind = 'ban' AND b.lifted_at = 0 AND b.until_at > ${now}), 0)`;

/** Brings the user's own row up to date after a ban was made or lifted. */
export async function storeBan(tx: Executor, userId: number, now: number): Promise<void> {
  const statement = sql`UPDATE users SET banned_until = ${longestBan(userId, now)} WHERE id = ${userId}`;
  await tx.execute(write('sanctions.store_ban', 'safe', statement));
}

/** That something was decided about an account of this name, whether it is still there or not. */
export function nameIsSanctioned(tenant: string, nameKeys: readonly string[]): Sql {
  return sql`EXISTS (SELECT 1 FROM sanctions x WHERE x.tenant = ${tenant} AND x.name_key IN (${list(nameKeys)}))`;
}

/**
 * An account is made for a name, or for a phone number or mail address, that another one had before it was deleted: what was
 * decided about the old one holds for the new one. One that is still there keeps what was decided about it, whoever has its
 * old phone number by now.
 */
export async function inheritSanctions(
  tx: Executor,
  user: { tenant: string; id: number; now: number } & ({ nameKeys: readonly string[] } | { contact: string }),
): Promise<void> {
  const { tenant, id, now } = user;
  const of =
    'contact' in user ? sql`contact_key = ${contactKey(user.contact)}` : sql`name_key IN (${list(user.nameKeys)})`;
  const isGone = raw('NOT EXISTS (SELECT 1 FROM users old WHERE old.id = sanctions.user_id)');
  const statement = sql`UPDATE sanctions SET user_id = ${id} WHERE tenant = ${tenant} AND ${of} AND ${isGone}`;
  const { affected } = await tx.execute(write('sanctions.inherit', 'safe', statement));
  if (affected === 0) return;
  await lockUser(tx, { tenant, id });
  await storeBan(tx, id, now);
  await noteSanctions(tx, tenant);
}

/** That nobody may sign in or enter from this address; '' = none is known. Of a statement that has the tenant in `tenant`. */
export function addressIsBanned(address: string, tenant: Sql, now: number): Sql {
  return oneAddressIsBanned([address], tenant, now);
}

/** Of a statement that has, for each of its rows, the group of the address (addressGroup) or '' in `group`. */
export function addressOfRowIsBanned(group: Sql, tenant: Sql, now: Sql): Sql {
  return sql`(${group} <> '' AND EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address = ${group}
    AND a.lifted_at = 0 AND a.until_at > ${now}))`;
}

/** The same of several addresses: true where one of them is banned. */
export function oneAddressIsBanned(addresses: readonly string[], tenant: Sql, now: number): Sql {
  const known = [...new Set(addresses.filter((address) => address !== '').map(addressGroup))];
  if (known.length === 0) return raw('1 = 0');
  return sql`EXISTS (SELECT 1 FROM sanctions a WHERE a.tenant = ${tenant} AND a.address IN (${list(known)})
    AND a.lifted_at = 0 AND a.until_at > ${now})`;
}

/**
 * That nothing was decided about the user since their sanctions had this number. Inside a statement that writes: it waits
 * for who is deciding at the moment.
 */
export function sanctionsAre(db: Pick<Executor, 'kind'>, userId: number | Sql, sanctionNo: number | Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM users v WHERE v.id = ${userId} AND v.sanction_no = ${sanctionNo} ${sharedLock(db)})`;
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
    address_banned: sql`CASE WHEN ${addressIsBanned(address, sql`${tenant}`, now)} THEN 1 ELSE 0 END`,
  });
}

export async function findSanction(db: Reader, tenant: string, id: number): Promise<SanctionRow | undefined> {
  const statement = sql`SELECT ${SANCTION} ${FROM} WHERE s.id = ${id} AND s.tenant = ${tenant}`;
  return (await db.query(read('sanctions.find', SANCTION, statement)))[0];
}

/** False where somebody else was faster. */
export async function liftSanction(
  tx: Executor,
  id: number,
  by: { tenant: string; name: string; now: number },
): Promise<boolean> {
  const statement = sql`UPDATE sanctions SET lifted_at = ${by.now}, lifted_by = ${by.name}
    WHERE id = ${id} AND lifted_at = 0`;
  const lifted = (await tx.execute(write('sanctions.lift', 'safe', statement))).affected > 0;
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

/** Where a page ended: the end and the id of its last row. */
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
  conditions.push(active ? inForce(now) : sql`(s.lifted_at > 0 OR s.until_at <= ${now})`);
  return conditions;
}

export function countSanctions(db: Reader, filter: SanctionFilter, most: number): Promise<number> {
  const from = sql`FROM sanctions s ${byIndex(db, indexOf(filter))} WHERE ${join(conditionsOf(filter), ' AND ')}`;
  return countUpTo(db, 'sanctions.count', { from, most });
}

/** Those in force: the one that lasts longest first. Those that are over: the newest first. */
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
  const hint = byIndex(db, index);
  const order = raw(filter.active ? 's.until_at DESC, s.id DESC' : 's.id DESC');
  const statement = sql`SELECT ${SANCTION} FROM sanctions s ${hint} LEFT JOIN rooms r ON r.id = s.room_pk
    WHERE ${join(conditions, ' AND ')} ORDER BY ${order} LIMIT ${page.limit}`;
  return db.query(read('sanctions.list', SANCTION, statement));
}

/** The ban of this user, or of this address, that lasts longest. */
export async function banInForce(
  db: Reader,
  of: { tenant: string; userId: number; address: string; now: number },
): Promise<SanctionRow | undefined> {
  const ofUser = sql`SELECT ${SANCTION} ${FROM} WHERE s.user_id = ${of.userId} AND s.user_id > 0 AND s.kind = 'ban'
    AND ${inForce(of.now)} ORDER BY s.until_at DESC LIMIT 1`;
  const [own] = await db.query(read('sanctions.ban_of_user', SANCTION, ofUser));
  if (own || of.address === '') return own;
  const ofAddress = sql`SELECT ${SANCTION} ${FROM} WHERE s.tenant = ${of.tenant} AND s.address = ${addressGroup(of.address)}
    AND ${inForce(of.now)} ORDER BY s.until_at DESC LIMIT 1`;
  return (await db.query(read('sanctions.ban_of_address', SANCTION, ofAddress)))[0];
}

export async function userBan(db: Reader, userId: number, now: number): Promise<SanctionRow | undefined> {
  return banInForce(db, { tenant: '', userId, address: '', now });
}

/** What keeps this user out of this broadcast, or silent in it; the one that lasts longest first. */
export function sanctionsInRoom(
  db: Reader,
  of: { userId: number; roomPk: number; now: number },
): Promise<SanctionRow[]> {
  const statement = sql`SELECT ${SANCTION} ${FROM} WHERE s.user_id = ${of.userId} AND s.room_pk IN (0, ${of.roomPk})
    AND ${inForce(of.now)} ORDER BY s.until_at DESC LIMIT 100`;
  return db.query(read('sanctions.in_room', SANCTION, statement));
}
