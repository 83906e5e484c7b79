/** Users as operators see them. */

import { usernameKeys } from '../accounts/user-names';
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, list, nullable, raw, read, type Sql, sql } from '../engine/sql';
import { isInRoom, type OnlineCutoffs, presenceOf } from '../presence/predicates';

type Reader = Pick<Executor, 'query' | 'kind'>;

const USER = both(
  columns('users', 'u', ['id', 'name', 'username', 'created_at', 'banned_until']),
  nullable(
    computed<{ seen_at: number; alive_until: number }>({
      seen_at: raw('p.seen_at'),
      alive_until: raw('p.alive_until'),
    }),
  ),
);
export type OperatorsUser = (typeof USER)['row'];

const FROM: Sql = raw('FROM users u LEFT JOIN presence p ON p.user_id = u.id');
/** Newest first. */
export function listUsers(
  db: Reader,
  page: { tenant: string; before: number | undefined; limit: number },
): Promise<OperatorsUser[]> {
  const before = page.before === undefined ? raw('') : sql`AND u.id < ${page.before}`;
  const index = byIndex('users_in_order');
  const statement = sql`SELECT ${USER} FROM users u ${index} LEFT JOIN presence p ON p.user_id = u.id
    WHERE u.tenant = ${page.tenant} ${before} ORDER BY u.id DESC LIMIT ${page.limit}`;
  return db.query(read('operators_users.list', USER, statement));
}

export function countUsers(db: Reader, tenant: string, most: number): Promise<number> {
  const from = sql`FROM users u ${byIndex('users_in_order')} WHERE u.tenant = ${tenant}`;
  return countUpTo(db, 'operators_users.count', { from, most });
}

export async function findOperatorsUser(db: Reader, tenant: string, id: number): Promise<OperatorsUser | undefined> {
  const statement = sql`SELECT ${USER} ${FROM} WHERE u.id = ${id} AND u.tenant = ${tenant}`;
  return (await db.query(read('operators_users.find', USER, statement)))[0];
}

const ID = columns('users', 'u', ['id']);

/** Of exactly this user name (in any spelling that is the same), phone number or mail address. */
export async function searchUsersExactly(db: Reader, tenant: string, text: string): Promise<OperatorsUser[]> {
  const by = (condition: Sql) => sql`SELECT ${ID} FROM users u WHERE u.tenant = ${tenant} AND ${condition} LIMIT 50`;
  const found = [
    ...(await db.query(
      read('operators_users.by_username', ID, by(sql`u.username_key IN (${list(usernameKeys(text))})`)),
    )),
    ...(await db.query(read('operators_users.by_phone', ID, by(sql`u.phone = ${text}`)))),
    ...(await db.query(read('operators_users.by_email', ID, by(sql`u.email = ${text}`)))),
  ];
  const ids = [...new Set(found.map((row) => row.id))];
  if (ids.length === 0) return [];
  const statement = sql`SELECT ${USER} ${FROM} WHERE u.id IN (${list(ids)}) ORDER BY u.id DESC`;
  return db.query(read('operators_users.exactly', USER, statement));
}

/** Whose display name begins with `text`, in order of their names. */
export function searchUsersByName(
  db: Reader,
  search: { tenant: string; text: string; after: readonly [string, number] | undefined; limit: number },
): Promise<OperatorsUser[]> {
  const { tenant, text, after, limit } = search;
  // Code points sort alike in both databases (utf8mb4_bin, BINARY): what begins with the text ends before its last sign + 1.
  const end = `${text}\u{10ffff}`;
  const place = after ? sql`AND u.name >= ${after[0]} AND (u.name > ${after[0]} OR u.id > ${after[1]})` : raw('');
  const index = byIndex('users_by_name');
  const statement = sql`SELECT ${USER} FROM users u ${index} LEFT JOIN presence p ON p.user_id = u.id
    WHERE u.tenant = ${tenant} AND u.name >= ${text} AND u.name < ${end} ${place}
    ORDER BY u.name, u.id LIMIT ${limit}`;
  return db.query(read('operators_users.by_name', USER, statement));
}

const SESSION = columns('sessions', 's', ['created_at', 'expires_at', 'address']);

/** Newest first, 100 at most. */
export function sessionsOf(db: Reader, userId: number) {
  const statement = sql`SELECT ${SESSION} FROM sessions s WHERE s.user_id = ${userId}
    ORDER BY s.created_at DESC LIMIT 100`;
  return db.query(read('operators_users.sessions', SESSION, statement));
}

const PLACE = both(columns('rooms', 'r', ['room_id', 'title']), columns('members', 'm', ['role', 'joined_at']));

/** The live rooms that the user is in, 20 at most. */
export function roomsOfUser(db: Reader, userId: number, cutoffs: OnlineCutoffs) {
  const statement = sql`SELECT ${PLACE} FROM members m ${byIndex('members_by_user')} ${presenceOf('m.user_id', 'p')}
    JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no AND r.status = 1
    WHERE m.user_id = ${userId} AND ${isInRoom(cutoffs)} LIMIT 20`;
  return db.query(read('operators_users.rooms', PLACE, statement));
}
