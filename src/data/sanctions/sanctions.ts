/**
 * Bans, mutes and kicks. The state that sign-in and enter_room need is in the user's row (banned_until,
 * sanction_no), which those statements read anyway; every change of a user's sanctions locks that row first.
 */
import { addressGroup } from '../../base/ip-addresses';
import type { Executor } from '../engine/database';
import {
  both,
  columns,
  computed,
  insertInto,
  int,
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
import { contactHash, KEYED, type PersonHashes } from './person-hashes';

type Reader = Pick<Executor, 'query'>;

export const SANCTION = both(
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
export const IN_FORCE = sql`s.lifted_at = 0 AND s.until_at > ${int('now')}`;

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
  hashes: PersonHashes;
}

const SUBJECT = columns('users', 'u', ['username_key', 'phone', 'email', 'sanction_no']);
const FIND_SUBJECT = read('sanctions.subject', SUBJECT, sql`SELECT ${SUBJECT} FROM users u WHERE u.id = ${int('id')}`);

type Subject = (typeof SUBJECT)['row'];

/** The keys by which a sanction of this user is recognized once the account is deleted. */
function keysOf(subject: Subject | undefined, hashes: PersonHashes) {
  return {
    name_key: hashes.keyed(subject?.username_key ?? ''),
    contact_key: hashes.keyed(contactHash(subject?.phone ?? '')),
    mail_key: hashes.keyed(contactHash(subject?.email ?? '')),
  };
}

const ADD = write(
  'sanctions.add',
  'never',
  insertInto('sanctions', [
    ...(['tenant', 'kind', 'user_id', 'name_key', 'contact_key', 'mail_key', 'address'] as const),
    ...(['room_pk', 'broadcast_no', 'until_at', 'reason', 'by_name', 'by_user', 'created_at'] as const),
    ...(['lifted_at', 'lifted_by'] as const),
  ]),
);

/** Returns its id. The user's row must be locked. */
export async function addSanction(tx: Executor, sanction: NewSanction): Promise<number> {
  const { tenant, kind, userId, address = '', room, until, reason, by, byUser = 0, now, hashes } = sanction;
  const [subject] = await tx.query(FIND_SUBJECT, { id: userId });
  const row = {
    tenant,
    kind,
    user_id: userId,
    ...keysOf(subject, hashes),
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
  const { insertId } = await tx.execute(ADD, row);
  await noteSanctions(tx, tenant);
  return insertId;
}

const kept = <N extends string>(column: N) =>
  sql`${raw(column)} = CASE WHEN ${raw(column)} LIKE ${raw(`'${KEYED}%'`)} THEN ${raw(column)} ELSE ${text(column)} END`;
const KEEP_KEYS = write(
  'sanctions.keep_keys',
  'safe',
  sql`UPDATE sanctions SET ${kept('name_key')}, ${kept('contact_key')}, ${kept('mail_key')}
    WHERE user_id = ${int('userId')}`,
);

/** Call it before a user is deleted: also a phone number or mail address that was bound later brings the sanctions back. */
export async function keepSanctionsOf(tx: Executor, userId: number, hashes: PersonHashes): Promise<void> {
  const [subject] = await tx.query(FIND_SUBJECT, { id: userId });
  if (!subject || subject.sanction_no === 0) return;
  await tx.execute(KEEP_KEYS, { userId, ...keysOf(subject, hashes) });
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

const OF_DELETED = raw('NOT EXISTS (SELECT 1 FROM users old WHERE old.id = sanctions.user_id)');
const inherit = (name: `sanctions.${string}`, column: Sql) =>
  write(
    name,
    'safe',
    sql`UPDATE sanctions SET user_id = ${int('id')}
    WHERE tenant = ${text('tenant')} AND ${column} IN (${texts('keys')}) AND ${OF_DELETED}`,
  );
const INHERIT_BY_NAME = inherit('sanctions.inherit', raw('name_key'));
const INHERIT_BY_PHONE = inherit('sanctions.inherit_by_contact', raw('contact_key'));
const INHERIT_BY_MAIL = inherit('sanctions.inherit_by_mail', raw('mail_key'));

/** The keys under which sanctions of accounts with this name may be stored. */
export function sanctionedNames(hashes: PersonHashes, usernameKeys: readonly string[]): readonly string[] {
  return usernameKeys.flatMap((key) => hashes.forms(key));
}

/**
 * An account gets the sanctions of deleted accounts that had its name, phone number or mail address. Accounts that still
 * exist keep their sanctions, also if their old phone number is another account's now. False: there were none.
 */
export async function inheritSanctions(
  tx: Executor,
  user: { tenant: string; id: number; now: number } & (
    | { nameKeys: readonly string[] }
    | { contact: string; hashes: PersonHashes }
  ),
): Promise<boolean> {
  const { tenant, id, now } = user;
  // 1.1.0 stored either in contact_key.
  const isContact = 'contact' in user;
  const statements = isContact ? [INHERIT_BY_PHONE, INHERIT_BY_MAIL] : [INHERIT_BY_NAME];
  const keys = isContact ? user.hashes.forms(contactHash(user.contact)) : user.nameKeys;
  let affected = 0;
  for (const statement of statements) affected += (await tx.execute(statement, { tenant, id, keys })).affected;
  if (affected === 0) return false;
  await lockUser(tx, { tenant, id });
  await storeBan(tx, id, now);
  await noteSanctions(tx, tenant);
  return true;
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

/** The kicks and mutes of this user in force in this room, the longest first. */
export function sanctionsInRoom(
  db: Reader,
  of: { userId: number; roomPk: number; now: number },
): Promise<SanctionRow[]> {
  return db.query(IN_ROOM, of);
}
