/** Sign-ins, and the statements that check one while doing the request's work. */

import { randomBytes } from 'node:crypto';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { sharedLock } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  insertInto,
  joined,
  list,
  nullable,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  write,
} from '../engine/sql';
import { keepSignIns } from '../statistics/activity';

/** What a token names: there was such a session; whether there still is, only a statement can tell. */
export interface SessionKey {
  id: string;
  userId: number;
}

/** Only for the types below: nothing has this key. */
declare const SEEN: unique symbol;

/** A session that a statement found within the last seconds (rules/accounts/session-cache.ts): enough for whoever only reads. */
export interface RecentSession extends SessionKey {
  readonly [SEEN]: 'recently' | 'now';
}

/**
 * A session that a statement of this request has found. Whatever writes on a caller's behalf takes one and writes for its
 * user, so a check that was forgotten does not compile. Only this file makes them.
 */
export interface LiveSession extends RecentSession {
  readonly [SEEN]: 'now';
}

/** For statements that look for the session beside their own work: `found` is how many rows of it they saw. */
export function provedSession(key: SessionKey, found: number): LiveSession | undefined {
  // The mark exists only as a type.
  return found > 0 ? (key as LiveSession) : undefined;
}

/** The condition that names one session, of sessions `s`. */
export function isSession(key: SessionKey): Sql {
  return sql`s.id = ${key.id} AND s.user_id = ${key.userId}`;
}

/** The same of a statement that writes elsewhere: it waits for who is ending the session at the moment. */
export function isSignedIn(db: Pick<Executor, 'kind'>, key: SessionKey): Sql {
  return sql`EXISTS (SELECT 1 FROM sessions s WHERE ${isSession(key)} ${sharedLock(db)})`;
}

const OWNED = columns('sessions', 's', ['id', 'user_id']);

/** Which of them are there, in their order; undefined for one that has ended. */
export async function proveSessions(
  db: Executor,
  keys: readonly SessionKey[],
): Promise<readonly (LiveSession | undefined)[]> {
  const statement = sql`SELECT ${OWNED} FROM sessions s WHERE s.id IN (${list(keys.map((key) => key.id))})`;
  const owners = new Map(
    (await db.query(read('sessions.prove', OWNED, statement))).map((row) => [row.id, row.user_id]),
  );
  return keys.map((key) => provedSession(key, owners.get(key.id) === key.userId ? 1 : 0));
}

/** undefined: the session has ended. */
export const proveSession = batched<SessionKey, LiveSession | undefined>({
  name: 'sessions',
  keyOf: ({ id }) => id,
  run: proveSessions,
});

const BEGINNING = columns('sessions', '', ['code_at', 'created_at']);

/** How this session began: `codeAt` as in SessionsTable, `createdAt` in ms. undefined: it has ended. */
export async function beginningOf(db: Executor, session: LiveSession) {
  const statement = sql`SELECT ${BEGINNING} FROM sessions WHERE id = ${session.id} AND user_id = ${session.userId}`;
  const [row] = await db.query(read('sessions.beginning', BEGINNING, statement));
  return row && { codeAt: row.code_at, createdAt: row.created_at };
}

/** Ends every session of the user but this one. */
export async function endOtherSessions(tx: Executor, { id, userId }: LiveSession): Promise<void> {
  const statement = sql`DELETE FROM sessions WHERE user_id = ${userId} AND id <> ${id}`;
  if ((await tx.execute(write('sessions.end_others', 'safe', statement))).affected > 0) tx.changed('sessions');
}

const SESSION = columns('sessions', 's', ['id']);

/** So many beyond the limit are ended at once; more are left to the next time. */
const OVER_CAP = 200;

/**
 * Keeps the `limit` sessions of the user that were begun or renewed last, `keep` among them, and ends the others; true where
 * there were any.
 */
export async function endOldestSessions(
  db: Executor,
  user: { id: number; keep?: string },
  limit: number,
): Promise<boolean> {
  const { id: userId, keep = '' } = user;
  const newest = sql`SELECT ${SESSION} FROM sessions s WHERE s.user_id = ${userId}
    ORDER BY s.id = ${keep} DESC, s.expires_at DESC, s.created_at DESC, s.id LIMIT ${limit + OVER_CAP}`;
  const ids = (await db.query(read('sessions.of_user', SESSION, newest))).map((row) => row.id);
  const ended = ids.slice(limit);
  if (ended.length === 0) return false;
  const statement = sql`DELETE FROM sessions WHERE user_id = ${userId} AND id IN (${list(ended)})`;
  await db.execute(write('sessions.end_oldest', 'safe', statement));
  db.changed('sessions');
  return true;
}

const USER_ID = columns('sessions', '', ['user_id']);

/** Which users, by their numbers from `first` to `last`, have more than `limit` sessions. */
export async function usersWithManySessions(
  db: Executor,
  { first, last }: { first: number; last: number },
  limit: number,
): Promise<number[]> {
  const statement = sql`SELECT ${USER_ID} FROM sessions WHERE user_id >= ${first} AND user_id <= ${last}
    GROUP BY user_id HAVING COUNT(*) > ${limit}`;
  return (await db.query(read('sessions.users_with_many', USER_ID, statement))).map((row) => row.user_id);
}

/**
 * A session in which the service acts for a user, whatever was decided about them; endActing ends it. It is no sign-in: it
 * has no beginning that statistics would count, and ends by itself after a minute if the process dies.
 */
export async function beginActing(db: Executor, userId: number, now: number): Promise<LiveSession> {
  const id = randomBytes(16).toString('base64url');
  const row = { id, user_id: userId, created_at: 0, expires_at: now + 60_000 };
  await db.execute(write('sessions.begin_acting', 'never', insertInto('sessions', row)));
  // The row is there.
  return { id, userId } as LiveSession;
}

export async function endActing(db: Executor, { id, userId }: SessionKey): Promise<void> {
  await db.execute(
    write('sessions.end_acting', 'safe', sql`DELETE FROM sessions WHERE id = ${id} AND user_id = ${userId}`),
  );
}

export async function endSession(db: Executor, key: SessionKey, now: number): Promise<void> {
  await keepSignIns(db, sql`s.id = ${key.id} AND s.user_id = ${key.userId}`, now);
  const statement = sql`DELETE FROM sessions WHERE id = ${key.id} AND user_id = ${key.userId}`;
  if ((await db.execute(write('sessions.end', 'safe', statement))).affected > 0) db.changed('sessions');
}

/** Ends every session of a user; gives how many. */
export async function endSessionsOf(tx: Executor, userId: number, now: number): Promise<number> {
  await keepSignIns(tx, sql`s.user_id = ${userId}`, now);
  const statement = sql`DELETE FROM sessions WHERE user_id = ${userId}`;
  const { affected } = await tx.execute(write('sessions.end_all', 'safe', statement));
  if (affected > 0) tx.changed('sessions');
  return affected;
}

const ADDRESS = columns('sessions', 's', ['address']);

/** Where the user signed in last; '' = unknown. */
export async function lastAddressOf(db: Pick<Executor, 'query'>, userId: number): Promise<string> {
  const statement = sql`SELECT ${ADDRESS} FROM sessions s WHERE s.user_id = ${userId} AND s.address <> ''
    ORDER BY s.created_at DESC LIMIT 1`;
  return (await db.query(read('sessions.last_address', ADDRESS, statement)))[0]?.address ?? '';
}

const PROFILE = columns('users', 'u', ['id', 'name', 'avatar', 'tag', 'tag2', 'custom']);
const MAYBE_PROFILE = nullable(PROFILE);

export type PublicUser = RowOf<typeof PROFILE>;

/** Who is looked for: oneself, by number, or by phone number. */
export type UserSearch = { id: number } | { phone: string };

/**
 * One statement: checks the session and reads a user of the same tenant. undefined: the session has ended; null: there
 * is no such user.
 */
export async function readUserInSession(
  db: Executor,
  key: SessionKey,
  search: UserSearch & { tenant: string },
): Promise<PublicUser | null | undefined> {
  const byNumber = 'id' in search;
  const wanted = byNumber ? sql`u.id = ${search.id}` : sql`u.phone = ${search.phone}`;
  // Several accounts may have one phone number: the oldest.
  const statement = sql`SELECT ${MAYBE_PROFILE} FROM sessions s LEFT JOIN users u
    ON u.tenant = ${search.tenant} AND ${wanted} WHERE ${isSession(key)} ${raw(byNumber ? '' : 'ORDER BY u.id LIMIT 1')}`;
  const name = byNumber ? 'users.find_in_session' : 'users.find_by_phone_in_session';
  const [row] = await db.query(read(name, MAYBE_PROFILE, statement));
  return row && (joined(PROFILE, row) ?? null);
}

const OWN_PROFILE = both(
  computed<{ session: string; id: number }>({ session: raw('s.id'), id: raw('s.user_id') }),
  columns('users', 'u', ['name', 'avatar', 'tag', 'tag2', 'phone', 'email', 'custom']),
);

export type OwnUser = Omit<RowOf<typeof OWN_PROFILE>, 'session'>;

/** One statement: the users of these sessions, by session; a session that has ended is not in it. */
export async function readOwnUsers(db: Executor, keys: readonly SessionKey[]): Promise<Map<string, OwnUser>> {
  const statement = sql`SELECT ${OWN_PROFILE} FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id IN (${list(keys.map((key) => key.id))})`;
  const rows = await db.query(read('users.own_profiles', OWN_PROFILE, statement));
  const owners = new Map(keys.map((key) => [key.id, key.userId]));
  const users = rows.filter((row) => owners.get(row.session) === row.id);
  return new Map(users.map(({ session, ...user }) => [session, user]));
}

/** The user of this session, as apps read it at every start. undefined: the session has ended. */
export const readOwnUser = batched<SessionKey, OwnUser | undefined>({
  name: 'own_profiles',
  keyOf: ({ id }) => id,
  run: async (db, keys) => {
    const users = await readOwnUsers(db, keys);
    return keys.map(({ id }) => users.get(id));
  },
});

export async function deleteExpiredSessions(db: Executor, now: number, most: number): Promise<number> {
  const expired = sql`SELECT ${SESSION} FROM sessions s WHERE s.expires_at < ${now} ORDER BY s.expires_at LIMIT ${most}`;
  const rows = await db.query(read('sessions.find_expired', SESSION, expired));
  if (rows.length === 0) return 0;
  const ids = list(rows.map((row) => row.id));
  const statement = sql`DELETE FROM sessions WHERE id IN (${ids}) AND expires_at < ${now}`;
  return (await db.execute(write('sessions.delete_expired', 'safe', statement))).affected;
}
