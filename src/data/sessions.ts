/** Sign-ins, and the statements that check one while doing the request's work. */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../base/errors';
import type { User } from './accounts';
import type { Executor } from './engine/database';
import { sharedLock } from './engine/dialect';
import { raw, sql, write } from './engine/sql';

/** What a token names: there was such a session; whether there still is, only a statement can tell. */
export interface SessionKey {
  id: string;
  userId: number;
}

/** Only for the types below: nothing has this key. */
declare const SEEN: unique symbol;

/** A session that a statement found within the last seconds (rules/shared-answers.ts): enough for whoever only reads. */
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

export interface NewSession {
  userId: number;
  now: number;
  expiresAt: number;
  /** What users.salt held when it was read: whoever signed with it must still be the one it is of. null: none. */
  salt: string | null;
}

/**
 * Begins a session; undefined where the account is gone, or its salt is another one by now. Waits for whoever is changing
 * the account at the moment, so that nobody gets in behind a change that ends sessions.
 */
export async function createSession(db: Executor, session: NewSession): Promise<LiveSession | undefined> {
  const { userId, now, expiresAt, salt } = session;
  const id = randomBytes(16).toString('base64url');
  const lock = raw(sharedLock(db));
  const statement = sql`INSERT INTO sessions (id, user_id, created_at, expires_at)
    SELECT ${id}, u.id, ${now}, ${expiresAt} FROM users u
    WHERE u.id = ${userId} AND COALESCE(u.salt, '') = ${salt ?? ''} ${lock}`;
  const written = await db.execute(write('sessions.create', 'safe', statement)).catch((error: unknown) => {
    // 128 random bits are taken by nobody but the first try of this statement, whose answer got lost.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return { affected: 1 };
    throw error;
  });
  return provedSession({ id, userId }, written.affected);
}

const SESSION_EXISTS = 'SELECT 1 AS yes FROM sessions WHERE id = ? AND user_id = ?';

/** undefined: the session has ended. */
export async function proveSession(db: Executor, key: SessionKey): Promise<LiveSession | undefined> {
  const { rows } = await db.run({ sql: SESSION_EXISTS, parameters: [key.id, key.userId] });
  return provedSession(key, rows.length);
}

/** Keeps the session at least until `expiresAt`; undefined where it has ended. */
export async function extendSession(
  db: Executor,
  key: SessionKey,
  expiresAt: number,
): Promise<LiveSession | undefined> {
  const result = await db.run(
    db.build
      .updateTable('sessions')
      .set({ expires_at: expiresAt })
      .where('id', '=', key.id)
      .where('user_id', '=', key.userId),
  );
  return provedSession(key, result.affected);
}

export async function endSession(db: Executor, key: SessionKey): Promise<boolean> {
  const query = db.build.deleteFrom('sessions').where('id', '=', key.id).where('user_id', '=', key.userId);
  return (await db.run(query)).affected > 0;
}

export interface KeepaliveTimes {
  now: number;
  aliveUntil: number;
  /** A row alive until at least this is fresh enough to be left as it is. */
  freshUntil: number;
}

export interface KeepaliveResult {
  /** False: the session has ended. */
  alive: boolean;
  /** The user, or one of those stored together, may have been gone before. */
  revived: boolean;
}

/**
 * MySQL evaluates assignments from left to right, which is why `armed` comes last; a row whose values stay the same is not
 * written. LAST_INSERT_ID(1) reports in the same round trip that somebody came back.
 */
const keepaliveText = (db: Executor, where: string) => `UPDATE presence SET
  seen_at = CASE WHEN armed = 1 AND alive_until >= ? THEN seen_at
    WHEN alive_until <= ? THEN ? ${db.kind === 'mysql' ? '* LAST_INSERT_ID(1)' : ''} ELSE ? END,
  alive_until = CASE WHEN armed = 1 AND alive_until >= ? THEN alive_until ELSE ? END,
  armed = 1
  WHERE ${where}`;

/** With a lock on the session: a sign-out comes before all of the beat or after it. */
const one = (db: Executor) =>
  `user_id = ? AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = ? AND s.user_id = ? ${sharedLock(db)})`;

function keepaliveValues({ now, aliveUntil, freshUntil }: KeepaliveTimes): number[] {
  return [freshUntil, now, now, now, freshUntil, aliveUntil];
}

/** SQLite cannot say whether somebody came back in the same statement, so there it may always be so. */
function cameBack(db: Executor, insertId: number): boolean {
  return db.kind === 'sqlite' || insertId === 1;
}

/** One statement: checks the session and records the beat. */
export async function keepalive(db: Executor, key: SessionKey, times: KeepaliveTimes): Promise<KeepaliveResult> {
  const parameters = [...keepaliveValues(times), key.userId, key.id, key.userId];
  const { affected, insertId } = await db.run({ sql: keepaliveText(db, one(db)), parameters });
  return { alive: affected > 0, revived: cameBack(db, insertId) };
}

/** Lists are filled up to a power of two, so that a few prepared statements serve all lengths. */
function filled<T>(list: readonly T[]): T[] {
  const size = 2 ** Math.ceil(Math.log2(list.length));
  return Array.from({ length: size }, (_, index) => list[Math.min(index, list.length - 1)] as T);
}

/** The same for several users at once; `alive` is how many of them had a session. */
export async function keepaliveMany(
  db: Executor,
  keys: readonly SessionKey[],
  times: KeepaliveTimes,
): Promise<{ alive: number; revived: boolean }> {
  const list = filled(keys);
  const marks = list.map(() => '?').join(',');
  const where = `user_id IN (${marks}) AND EXISTS
    (SELECT 1 FROM sessions s WHERE s.user_id = presence.user_id AND s.id IN (${marks}) ${sharedLock(db)})`;
  const parameters = [...keepaliveValues(times), ...list.map((key) => key.userId), ...list.map((key) => key.id)];
  const { affected, insertId } = await db.run({ sql: keepaliveText(db, where), parameters });
  return { alive: affected, revived: cameBack(db, insertId) };
}

export type PublicUser = Pick<User, 'id' | 'name' | 'avatar' | 'tag' | 'tag2'>;

/** Who is looked for: oneself, by number, or by phone number. */
export type UserSearch = { id: number } | { phone: string };

const READ_USER = 'SELECT u.id, u.name, u.avatar, u.tag, u.tag2 FROM sessions s LEFT JOIN users u ON u.tenant = ?';
const OF_SESSION = 'WHERE s.id = ? AND s.user_id = ?';
const READ_USER_BY = {
  id: `${READ_USER} AND u.id = ? ${OF_SESSION}`,
  // Several accounts may have one phone number: the oldest.
  phone: `${READ_USER} AND u.phone = ? ${OF_SESSION} ORDER BY u.id LIMIT 1`,
} as const;

/**
 * One statement: checks the session and reads a user of the same tenant. undefined: the session has ended; null: there
 * is no such user.
 */
export async function readUserInSession(
  db: Executor,
  key: SessionKey,
  search: UserSearch & { tenant: string },
): Promise<PublicUser | null | undefined> {
  const by = 'id' in search ? 'id' : 'phone';
  const wanted = 'id' in search ? search.id : search.phone;
  const { rows } = await db.run({ sql: READ_USER_BY[by], parameters: [search.tenant, wanted, key.id, key.userId] });
  // The columns are those of the text above; the left join makes them null together.
  const [row] = rows as readonly (PublicUser | { id: null })[];
  if (!row) return undefined;
  return row.id === null ? null : row;
}

/** One statement: the users of these sessions, by session; a session that has ended is not in it. */
export async function readOwnUsers(db: Executor, keys: readonly SessionKey[]): Promise<Map<string, PublicUser>> {
  const list = filled(keys);
  const { rows } = await db.run({
    sql: `SELECT s.id AS session, s.user_id AS id, u.name, u.avatar, u.tag, u.tag2
      FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id IN (${list.map(() => '?').join(',')})`,
    parameters: list.map((key) => key.id),
  });
  const owners = new Map(keys.map((key) => [key.id, key.userId]));
  // The columns are those of the text above.
  const users = (rows as readonly (PublicUser & { session: string })[]).filter(
    (row) => owners.get(row.session) === row.id,
  );
  return new Map(users.map(({ session, ...user }) => [session, user]));
}

export async function deleteExpiredSessions(db: Executor, now: number, most: number): Promise<number> {
  const rows = await db.rows(
    db.build.selectFrom('sessions').select('id').where('expires_at', '<', now).orderBy('expires_at').limit(most),
  );
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.id);
  const statement = db.build.deleteFrom('sessions').where('id', 'in', ids).where('expires_at', '<', now);
  return (await db.run(statement)).affected;
}
