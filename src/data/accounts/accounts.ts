/** Users. Their ids in public are in public-ids.ts. */
import { DatabaseError } from '../../base/errors';
import { releaseAddressesOf } from '../codes/contacts';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import {
  assign,
  both,
  columns,
  insertInto,
  join,
  list,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  write,
} from '../engine/sql';
import { inheritSanctions, nameIsSanctioned } from '../sanctions/sanctions';
import type { UsersTable } from '../schema';
import { keepActivityOf, keepSignIns } from '../statistics/activity';
import { claimPublicId, publicId } from './public-ids';
import { isSignedIn, type LiveSession, provedSession, type SessionKey } from './sessions';
import { usernameKey, usernameKeys } from './user-names';
import { freeUserNumber, MAX_USER_ID } from './user-numbers';

const USER = columns('users', '', [
  'id',
  'tenant',
  'username',
  'salt',
  'name',
  'avatar',
  'phone',
  'email',
  'tag',
  'tag2',
  'custom',
  'created_at',
  'updated_at',
]);

export type User = RowOf<typeof USER>;

const NAMED = both(USER, columns('users', '', ['username_key']));

/** The accounts that typed names mean, in their order: the one that is spelled so, else the one whose name comes down to the same. */
export async function findUsersByName(
  db: Executor,
  tenant: string,
  usernames: readonly string[],
): Promise<readonly (User | undefined)[]> {
  const keys = usernames.map(usernameKeys);
  const statement = sql`SELECT ${NAMED} FROM users WHERE tenant = ${tenant} AND username_key IN (${list(keys.flat())})`;
  const rows = new Map(
    (await db.query(read('users.find_by_name', NAMED, statement))).map((row) => [row.username_key, row]),
  );
  return usernames.map((username, n) => {
    const meant = (keys[n] ?? []).flatMap((key) => rows.get(key) ?? []);
    return meant.find((row) => row.username === username) ?? meant[0];
  });
}

export interface AccountName {
  tenant: string;
  username: string;
}

/** The account that a typed name means. undefined: there is none. */
export const findUserByName = batched<AccountName, User | undefined>({
  name: 'account_names',
  // The same name twice may share a statement.
  keyOf: (name) => name,
  partition: ({ tenant }) => tenant,
  run: (db, names) => {
    const usernames = names.map(({ username }) => username);
    return findUsersByName(db, names[0].tenant, usernames);
  },
});

export async function findUser(db: Executor, tenant: string, id: number): Promise<User | undefined> {
  const [row] = await db.query(
    read('users.find', USER, sql`SELECT ${USER} FROM users WHERE id = ${id} AND tenant = ${tenant}`),
  );
  return row;
}

const PROFILE = columns('users', '', ['id', 'name', 'avatar', 'custom']);

/** Some users of a tenant, at least one number, in any order. */
export function readUsers(db: Executor, tenant: string, ids: readonly number[]): Promise<RowOf<typeof PROFILE>[]> {
  const statement = sql`SELECT ${PROFILE} FROM users WHERE tenant = ${tenant} AND id IN (${list(ids)})`;
  return db.query(read('users.some', PROFILE, statement));
}

type UserRow = Omit<UsersTable, 'id' | 'banned_until' | 'sanction_no' | 'custom'> & { custom: string };
const USER_ID = columns('users', '', ['id']);

export interface NewUser {
  tenant: string;
  username: string;
  salt: string | null;
  name: string;
  avatar: string;
  now: number;
}

/** More sign-ups than this never want the same number at the same moment. */
const NUMBER_TRIES = 100;

/** Whether the row could be written: false where the number is somebody's. Throws 'duplicate' where the name is. */
async function insertUser(tx: Executor, row: UserRow & { id: number }): Promise<boolean> {
  try {
    await tx.execute(write('users.create_with_number', 'never', insertInto('users', row)));
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind !== 'duplicate') throw error;
    const named = await tx.query(
      read(
        'users.name_taken',
        USER_ID,
        sql`SELECT ${USER_ID} FROM users WHERE tenant = ${row.tenant} AND username_key = ${row.username_key}`,
      ),
    );
    if (named.length > 0) throw error;
    return false;
  }
}

/** The row under a number that is free and now the user's for ever. */
async function insertNumbered(tx: Executor, row: UserRow): Promise<number> {
  // Without an id the database counts on.
  const { insertId } = await tx.execute(write('users.create', 'never', insertInto('users', row)));
  let id = insertId;
  for (let tries = 0; tries < NUMBER_TRIES; tries += 1) {
    const claim = { tenant: row.tenant, publicId: publicId(row.tenant, id), ownerId: id, now: row.created_at };
    if (id <= MAX_USER_ID && (await claimPublicId(tx, claim))) return id;
    await tx.execute(write('users.give_number_up', 'safe', sql`DELETE FROM users WHERE id = ${id}`));
    do {
      const free = await freeUserNumber(tx, row.tenant, id);
      if (free === undefined) throw new DatabaseError('other', 'USER_IDS_EXHAUSTED');
      id = free;
    } while (!(await insertUser(tx, { ...row, id })));
  }
  throw new DatabaseError('other', 'USER_IDS_EXHAUSTED');
}

/** False where `only` does not hold. */
async function createPresence(tx: Executor, id: number, only: Sql = raw('1 = 1')): Promise<boolean> {
  const statement = sql`INSERT INTO presence (user_id, alive_until, seen_at, event_at, heartbeat_seen)
    SELECT ${id}, 0, 0, 0, 0 FROM (SELECT 1 AS one) one WHERE ${only}`;
  return (await tx.execute(write('presence.create', 'never', statement))).affected > 0;
}

/** Makes a user inside a transaction. Throws DatabaseError('duplicate') where the name is taken. */
export async function createUser(tx: Executor, user: NewUser): Promise<User> {
  const { now, ...texts } = user;
  const row = { ...texts, phone: '', email: '', tag: '', tag2: '', custom: '', created_at: now, updated_at: now };
  const id = await insertNumbered(tx, { ...row, username_key: usernameKey(user.username) });
  const nameKeys = usernameKeys(user.username);
  // Hardly any name is known to the sanctions, and this statement is sent anyway.
  if (!(await createPresence(tx, id, sql`NOT ${nameIsSanctioned(user.tenant, nameKeys)}`))) {
    await createPresence(tx, id);
    await inheritSanctions(tx, { tenant: user.tenant, id, now, nameKeys });
  }
  return { id, ...row };
}

/** Texts that users change themselves (user_update). */
const PROFILE_TEXTS = ['name', 'avatar', 'tag', 'tag2', 'custom'] as const satisfies readonly (keyof User)[];

export type Profile = Partial<Pick<User, (typeof PROFILE_TEXTS)[number]>>;

type NewProfile = Profile & { now: number };

function profileSet(profile: NewProfile): Sql {
  // One text whatever is given: null leaves a column as it is.
  const texts = PROFILE_TEXTS.map((name) => sql`${raw(name)} = COALESCE(${profile[name] ?? null}, ${raw(name)})`);
  return join([...texts, assign('users', { updated_at: profile.now })], ', ');
}

export async function updateProfile(db: Executor, by: LiveSession, profile: NewProfile): Promise<void> {
  const statement = sql`UPDATE users SET ${profileSet(profile)} WHERE id = ${by.userId}`;
  await db.execute(write('users.update_profile', 'safe', statement));
}

/** For the team's own service, which needs no session. */
export async function updateUser(tx: Executor, id: number, profile: NewProfile): Promise<void> {
  await tx.execute(
    write('users.update_by_service', 'safe', sql`UPDATE users SET ${profileSet(profile)} WHERE id = ${id}`),
  );
}

/** The same; asks for the session while doing so: undefined where it has ended. */
export async function updateOwnProfile(
  db: Executor,
  by: SessionKey,
  profile: NewProfile,
): Promise<LiveSession | undefined> {
  const statement = sql`UPDATE users SET ${profileSet(profile)} WHERE id = ${by.userId} AND ${isSignedIn(db, by)}`;
  return provedSession(by, (await db.execute(write('users.update_own_profile', 'safe', statement))).affected);
}

/** What the name's owner signs with from now on. False where the session has ended by now, or the account has no salt. */
export async function changeSalt(
  tx: Executor,
  by: LiveSession,
  change: { salt: string; now: number },
): Promise<boolean> {
  const { salt, now } = change;
  const statement = sql`UPDATE users SET salt = ${salt}, updated_at = ${now}
    WHERE id = ${by.userId} AND salt IS NOT NULL AND ${isSignedIn(tx, by)}`;
  return (await tx.execute(write('users.change_salt', 'safe', statement))).affected > 0;
}

/** Of one deletion. */
const MEMBERSHIPS_AT_ONCE = 1_000;

/**
 * Removes the user with credentials, sessions, presence and memberships, inside a transaction that is to be taken back where
 * it gives false: the session has ended. The id stays taken for ever.
 */
export async function deleteUser(tx: Executor, by: SessionKey, now: number): Promise<boolean> {
  const id = by.userId;
  await keepActivityOf(tx, id, now);
  if (!(await (tx.kind === 'mysql' ? deleteAtOnce(tx, by) : deleteTableByTable(tx, by)))) return false;
  // Without presence nobody sees the rest; it goes with the rooms' broadcasts.
  const some = sql`SELECT room_pk FROM members WHERE user_id = ${id} LIMIT ${MEMBERSHIPS_AT_ONCE}`;
  const memberships = sql`DELETE FROM members WHERE user_id = ${id} AND room_pk IN (SELECT room_pk FROM (${some}) some)`;
  await tx.execute(write('members.delete_of_user', 'safe', memberships));
  tx.changed('sessions');
  tx.changed('rooms');
  await tx.execute(write('user_notes.delete_of_user', 'safe', sql`DELETE FROM user_notes WHERE user_id = ${id}`));
  return true;
}

/** Openings lock the row of presence, which comes first here: what comes after it waits for the commit. */
async function deleteAtOnce(tx: Executor, by: SessionKey): Promise<boolean> {
  const statement = sql`DELETE p, u, s, a FROM presence AS p
    JOIN sessions AS mine ON mine.id = ${by.id} AND mine.user_id = p.user_id
    LEFT JOIN users AS u ON u.id = p.user_id
    LEFT JOIN sessions AS s ON s.user_id = p.user_id
    LEFT JOIN addresses AS a ON a.user_id = p.user_id
    WHERE p.user_id = ${by.userId}`;
  return (await tx.execute(write('users.delete_all', 'safe', statement))).affected > 0;
}

async function deleteTableByTable(tx: Executor, by: SessionKey): Promise<boolean> {
  const id = by.userId;
  const presence = sql`DELETE FROM presence WHERE user_id = ${id} AND ${isSignedIn(tx, by)}`;
  if ((await tx.execute(write('presence.delete', 'safe', presence))).affected === 0) return false;
  await tx.execute(write('users.delete', 'safe', sql`DELETE FROM users WHERE id = ${id}`));
  await tx.execute(write('sessions.delete_of_user', 'safe', sql`DELETE FROM sessions WHERE user_id = ${id}`));
  await releaseAddressesOf(tx, id);
  return true;
}

/**
 * A customer's backend signs for this name from now on: the salt that somebody registered for it, the addresses bound to it
 * and every session end. Nobody who proved that salt may get a session afterwards (createSession looks again).
 */
export async function giveToBackend(tx: Executor, id: number, now: number): Promise<void> {
  await keepSignIns(tx, sql`s.user_id = ${id}`, now);
  await tx.execute(
    write('users.give_to_backend', 'safe', sql`UPDATE users SET salt = NULL, phone = '', email = '' WHERE id = ${id}`),
  );
  await releaseAddressesOf(tx, id);
  await tx.execute(write('sessions.end_of_user', 'safe', sql`DELETE FROM sessions WHERE user_id = ${id}`));
  tx.changed('sessions');
}

/** Stores the same salt in another form; nothing where it has been changed meanwhile. */
export async function replaceStoredSalt(
  db: Executor,
  id: number,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const statement = sql`UPDATE users SET salt = ${to} WHERE id = ${id} AND salt = ${from}`;
  await db.execute(write('users.replace_salt', 'safe', statement));
}

const KEPT = columns('users', '', ['id', 'tenant', 'username', 'username_key', 'salt']);
export type KeptUser = RowOf<typeof KEPT>;

/** The accounts behind `after`, by number: for work that goes through all of them. */
export function walkUsers(db: Executor, after: number, limit: number): Promise<KeptUser[]> {
  const page = sql`SELECT ${KEPT} FROM users WHERE id > ${after} ORDER BY id LIMIT ${limit}`;
  return db.query(read('users.walk', KEPT, page));
}

/** Gives the account the key of its folded name; false where another account of that name was there before. */
export async function foldUsername(db: Executor, { id, username }: KeptUser): Promise<boolean> {
  const statement = sql`UPDATE users SET username_key = ${usernameKey(username)} WHERE id = ${id}`;
  try {
    await db.execute(write('users.fold_name', 'safe', statement));
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}
