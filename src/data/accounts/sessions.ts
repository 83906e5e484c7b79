/** Sign-ins, and the statements that check one while doing the request's work. */

import { randomBytes } from 'node:crypto';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { SHARED_LOCK } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  insertInto,
  int,
  joined,
  nullable,
  type RowOf,
  raw,
  read,
  sql,
  text,
  texts,
  write,
} from '../engine/sql';

/** The session that a token names; only a statement shows whether it still exists. */
export interface SessionKey {
  id: string;
  userId: number;
}

/** Type only: no object has this key. */
declare const SEEN: unique symbol;

/** A session that a statement found within the last seconds (rules/accounts/session-cache.ts): enough for reads. */
export interface RecentSession extends SessionKey {
  readonly [SEEN]: 'recently' | 'now';
}

/**
 * A session that a statement of this request has found. Writes on a caller's behalf take one and write for its
 * user, so a check that was forgotten does not compile. Only this file makes them.
 */
export interface LiveSession extends RecentSession {
  readonly [SEEN]: 'now';
}

/** A LiveSession for statements that find the session too: `found` is the number of its rows. */
export function provedSession(key: SessionKey, found: number): LiveSession | undefined {
  // The mark exists only as a type.
  return found > 0 ? (key as LiveSession) : undefined;
}

/** The condition that names one session, of sessions `s`, by the values sessionId and userId. */
export const IS_SESSION = sql`s.id = ${text('sessionId')} AND s.user_id = ${int('userId')}`;

/** The same in a statement that writes elsewhere: it waits for a sign-out in progress. */
export const IS_SIGNED_IN = sql`EXISTS (SELECT 1 FROM sessions s WHERE ${IS_SESSION} ${SHARED_LOCK})`;

/** The values of IS_SESSION. */
export function sessionValues({ id, userId }: SessionKey): { sessionId: string; userId: number } {
  return { sessionId: id, userId };
}

const OWNED = columns('sessions', 's', ['id', 'user_id']);
const PROVE = read('sessions.prove', OWNED, sql`SELECT ${OWNED} FROM sessions s WHERE s.id IN (${texts('ids')})`);

/** The existing sessions, in the order of the keys; undefined for ended ones. */
export async function proveSessions(
  db: Executor,
  keys: readonly SessionKey[],
): Promise<readonly (LiveSession | undefined)[]> {
  const rows = await db.query(PROVE, { ids: keys.map((key) => key.id) });
  const owners = new Map(rows.map((row) => [row.id, row.user_id]));
  return keys.map((key) => provedSession(key, owners.get(key.id) === key.userId ? 1 : 0));
}

/** undefined: the session has ended. */
export const proveSession = batched<SessionKey, LiveSession | undefined>({
  name: 'sessions',
  // The same session twice may share a statement.
  keyOf: (key) => key,
  run: proveSessions,
});

const BEGINNING = columns('sessions', 's', ['code_at', 'created_at']);
const READ_BEGINNING = read(
  'sessions.beginning',
  BEGINNING,
  sql`SELECT ${BEGINNING} FROM sessions s WHERE ${IS_SESSION}`,
);

/** How this session began: `codeAt` as in SessionsTable, `createdAt` in ms. undefined: it has ended. */
export async function beginningOf(db: Executor, session: LiveSession) {
  const [row] = await db.query(READ_BEGINNING, sessionValues(session));
  return row && { codeAt: row.code_at, createdAt: row.created_at };
}

const END_OTHERS = write(
  'sessions.end_others',
  'safe',
  sql`DELETE FROM sessions WHERE user_id = ${int('userId')} AND id <> ${text('sessionId')}`,
);

/** Ends every session of the user except this one. */
export async function endOtherSessions(tx: Executor, session: LiveSession): Promise<void> {
  if ((await tx.execute(END_OTHERS, sessionValues(session))).affected > 0) tx.changed('sessions');
}

const SESSION = columns('sessions', 's', ['id']);

const BEGIN_ACTING = write(
  'sessions.begin_acting',
  'never',
  insertInto('sessions', ['id', 'user_id', 'created_at', 'expires_at']),
);

/**
 * A session in which the service acts for a user, regardless of sanctions; endActing ends it. It is no sign-in: it
 * has no beginning that statistics would count, and ends by itself after a minute if the process dies.
 */
export async function beginActing(db: Executor, userId: number, now: number): Promise<LiveSession> {
  const id = randomBytes(16).toString('base64url');
  await db.execute(BEGIN_ACTING, { id, user_id: userId, created_at: 0, expires_at: now + 60_000 });
  // The row is there.
  return { id, userId } as LiveSession;
}

const END_ACTING = write(
  'sessions.end_acting',
  'safe',
  sql`DELETE FROM sessions WHERE id = ${text('sessionId')} AND user_id = ${int('userId')}`,
);

/** Ends a session without a trace in the statistics. */
export async function endActing(db: Executor, key: SessionKey): Promise<void> {
  await db.execute(END_ACTING, sessionValues(key));
}

const ADDRESS = columns('sessions', 's', ['address']);
const LAST_ADDRESS = read(
  'sessions.last_address',
  ADDRESS,
  sql`SELECT ${ADDRESS} FROM sessions s WHERE s.user_id = ${int('userId')} AND s.address <> ''
    ORDER BY s.created_at DESC LIMIT 1`,
);

/** The address of the user's last sign-in; '' = unknown. */
export async function lastAddressOf(db: Pick<Executor, 'query'>, userId: number): Promise<string> {
  const [row] = await db.query(LAST_ADDRESS, { userId });
  return row?.address ?? '';
}

const PROFILE = columns('users', 'u', ['id', 'username', 'name', 'avatar', 'tag', 'tag2', 'custom']);
const MAYBE_PROFILE = nullable(PROFILE);

export type PublicUser = RowOf<typeof PROFILE>;

const FIND_BY_NUMBER = read(
  'users.find_in_session',
  MAYBE_PROFILE,
  sql`SELECT ${MAYBE_PROFILE} FROM sessions s LEFT JOIN users u
    ON u.tenant = ${text('tenant')} AND u.id = ${int('id')} WHERE ${IS_SESSION}`,
);
// Several accounts may have one phone number: the oldest.
const FIND_BY_PHONE = read(
  'users.find_by_phone_in_session',
  MAYBE_PROFILE,
  sql`SELECT ${MAYBE_PROFILE} FROM sessions s LEFT JOIN users u
    ON u.tenant = ${text('tenant')} AND u.phone = ${text('phone')} WHERE ${IS_SESSION} ORDER BY u.id LIMIT 1`,
);

/** A search by number or by phone number. */
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
  const values = { ...search, ...sessionValues(key) };
  const [row] = await ('id' in values ? db.query(FIND_BY_NUMBER, values) : db.query(FIND_BY_PHONE, values));
  return row && (joined(PROFILE, row) ?? null);
}

const OWN_PROFILE = both(
  computed<{ session: string; id: number }>({ session: raw('s.id'), id: raw('s.user_id') }),
  columns('users', 'u', ['username', 'name', 'avatar', 'tag', 'tag2', 'phone', 'email', 'custom']),
);

export type OwnUser = Omit<RowOf<typeof OWN_PROFILE>, 'session'>;

const OWN_PROFILES = read(
  'users.own_profiles',
  OWN_PROFILE,
  sql`SELECT ${OWN_PROFILE} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id IN (${texts('ids')})`,
);

/** One statement: the users of these sessions, by session. Sessions that have ended are missing. */
export async function readOwnUsers(db: Executor, keys: readonly SessionKey[]): Promise<Map<string, OwnUser>> {
  const rows = await db.query(OWN_PROFILES, { ids: keys.map((key) => key.id) });
  const owners = new Map(keys.map((key) => [key.id, key.userId]));
  const users = rows.filter((row) => owners.get(row.session) === row.id);
  return new Map(users.map(({ session, ...user }) => [session, user]));
}

/** The user of this session, as apps read it at every start. undefined: the session has ended. */
export const readOwnUser = batched<SessionKey, OwnUser | undefined>({
  name: 'own_profiles',
  // The same session twice may share a statement.
  keyOf: (key) => key,
  run: async (db, keys) => {
    const users = await readOwnUsers(db, keys);
    return keys.map(({ id }) => users.get(id));
  },
});

const FIND_EXPIRED = read(
  'sessions.find_expired',
  SESSION,
  sql`SELECT ${SESSION} FROM sessions s WHERE s.expires_at < ${int('now')} ORDER BY s.expires_at LIMIT ${int('most')}`,
);
const DELETE_EXPIRED = write(
  'sessions.delete_expired',
  'safe',
  sql`DELETE FROM sessions WHERE id IN (${texts('ids')}) AND expires_at < ${int('now')}`,
);

export async function deleteExpiredSessions(db: Executor, now: number, most: number): Promise<number> {
  const rows = await db.query(FIND_EXPIRED, { now, most });
  if (rows.length === 0) return 0;
  return (await db.execute(DELETE_EXPIRED, { ids: rows.map((row) => row.id), now })).affected;
}
