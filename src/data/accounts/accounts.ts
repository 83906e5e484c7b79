/** Users. Their ids in public are in public-ids.ts. */
import { DatabaseError } from '../../base/errors';
import { keysOf } from '../../base/fields';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import {
  both,
  columns,
  insertInto,
  int,
  ints,
  join,
  type RowOf,
  raw,
  read,
  sql,
  text,
  textOrNull,
  texts,
  write,
} from '../engine/sql';
import { NAME_IS_SANCTIONED } from '../sanctions/conditions';
import type { PersonHashes } from '../sanctions/person-hashes';
import { inheritSanctions, sanctionedNames } from '../sanctions/sanctions';
import type { UsersTable } from '../schema';
import { claimName } from './claimed-names';
import { claimPublicId, publicId } from './public-ids';
import { IS_SIGNED_IN, type LiveSession, provedSession, type SessionKey, sessionValues } from './sessions';
import { type AccountName, accountName } from './user-names';
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
const FIND_BY_NAME = read(
  'users.find_by_name',
  NAMED,
  sql`SELECT ${NAMED} FROM users WHERE tenant = ${text('tenant')} AND username_key IN (${texts('keys')})`,
);

/** The accounts that names of one tenant mean, in their order: the one with this spelling, else the one with the same folded name. */
export async function findUsersByName(
  db: Executor,
  names: readonly [AccountName, ...AccountName[]],
): Promise<readonly (User | undefined)[]> {
  const found = await db.query(FIND_BY_NAME, { tenant: names[0].tenant, keys: names.flatMap(({ keys }) => keys) });
  const rows = new Map<string, User>();
  for (const row of found) rows.set(row.username_key, row);
  return names.map(({ username, keys: [folded, exact] }) => {
    const [shared, own] = [rows.get(folded), rows.get(exact)];
    return own?.username === username && shared?.username !== username ? own : (shared ?? own);
  });
}

/** The account that a typed name means. undefined: there is none. */
export const findUserByName = batched<AccountName, User | undefined>({
  name: 'account_names',
  // The same name twice may share a statement.
  keyOf: (name) => name,
  partition: ({ tenant }) => tenant,
  run: findUsersByName,
});

const FIND = read(
  'users.find',
  USER,
  sql`SELECT ${USER} FROM users WHERE id = ${int('id')} AND tenant = ${text('tenant')}`,
);

export async function findUser(db: Executor, tenant: string, id: number): Promise<User | undefined> {
  return (await db.query(FIND, { id, tenant }))[0];
}

const PROFILE = columns('users', '', ['id', 'name', 'avatar', 'custom']);
const SOME = read(
  'users.some',
  PROFILE,
  sql`SELECT ${PROFILE} FROM users WHERE tenant = ${text('tenant')} AND id IN (${ints('ids')})`,
);

/** Some users of a tenant, at least one number, in any order. */
export function readUsers(db: Executor, tenant: string, ids: readonly number[]): Promise<RowOf<typeof PROFILE>[]> {
  return db.query(SOME, { tenant, ids });
}

type UserRow = Omit<UsersTable, 'id' | 'banned_until' | 'sanction_no' | 'signed_out_ts' | 'custom'> & {
  custom: string;
};
const USER_ID = columns('users', '', ['id']);

export interface NewUser {
  tenant: string;
  username: string;
  salt: string | null;
  name?: string;
  avatar?: string;
  now: number;
  hashes: PersonHashes;
  /** The name is the account's id (public-ids.ts). */
  named?: boolean;
}

/** The name is the id of a room that is open, and so cannot be a user's now. */
export class IdOfRoom extends Error {}

/** More sign-ups than this never want the same number at the same moment. */
const NUMBER_TRIES = 100;

/** The picture of users who have chosen none. */
export const DEFAULT_AVATAR =
  'https://imgcache.qq.com/operation/dianshi/other/1.724142271f4e811457eee00763e63f454af52d13.png';

/** A new account, before it has a number and a key. */
const NEW_USER: Omit<UserRow, 'username_key'> = {
  ...{ tenant: '', username: '', salt: null, name: '', avatar: DEFAULT_AVATAR },
  ...{ phone: '', email: '', tag: '', tag2: '', custom: '', created_at: 0, updated_at: 0 },
};
const WRITTEN = ['username_key', ...keysOf(NEW_USER)] as const;
const CREATE = write('users.create', 'never', insertInto('users', WRITTEN));
const CREATE_WITH_NUMBER = write('users.create_with_number', 'never', insertInto('users', ['id', ...WRITTEN]));
const NAME_TAKEN = read(
  'users.name_taken',
  USER_ID,
  sql`SELECT ${USER_ID} FROM users WHERE tenant = ${text('tenant')} AND username_key = ${text('username_key')}`,
);
const GIVE_NUMBER_UP = write('users.give_number_up', 'safe', sql`DELETE FROM users WHERE id = ${int('id')}`);

/** Writes the row. False: the number is taken. Throws 'duplicate' if the name is. */
async function insertUser(tx: Executor, row: UserRow & { id: number }): Promise<boolean> {
  try {
    await tx.execute(CREATE_WITH_NUMBER, row);
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind !== 'duplicate') throw error;
    if ((await tx.query(NAME_TAKEN, row)).length > 0) throw error;
    return false;
  }
}

/**
 * Writes the row under a free number, which stays the user's permanently. `named`: the number is no id, so that room ids do not
 * take it.
 */
async function insertNumbered(tx: Executor, row: UserRow, named: boolean): Promise<number> {
  // If there is no id, the database assigns the next number.
  const { insertId } = await tx.execute(CREATE, row);
  let id = insertId;
  for (let tries = 0; tries < NUMBER_TRIES; tries += 1) {
    const claim = { tenant: row.tenant, publicId: publicId(row.tenant, id), ownerId: id, now: row.created_at };
    if (id <= MAX_USER_ID && (named || (await claimPublicId(tx, claim)))) return id;
    await tx.execute(GIVE_NUMBER_UP, { id });
    do {
      const free = await freeUserNumber(tx, row.tenant, id);
      if (free === undefined) throw new DatabaseError('other', 'USER_IDS_EXHAUSTED');
      id = free;
    } while (!(await insertUser(tx, { ...row, id })));
  }
  throw new DatabaseError('other', 'USER_IDS_EXHAUSTED');
}

const CREATE_PRESENCE = write(
  'presence.create',
  'never',
  sql`INSERT INTO presence (user_id, alive_until, seen_at, event_at, heartbeat_seen) VALUES (${int('id')}, 0, 0, 0, 0)`,
);
const CREATE_PRESENCE_UNLESS_SANCTIONED = write(
  'presence.create_unless_sanctioned',
  'never',
  sql`INSERT INTO presence (user_id, alive_until, seen_at, event_at, heartbeat_seen)
    SELECT ${int('id')}, 0, 0, 0, 0 FROM (SELECT 1 AS one) one WHERE NOT ${NAME_IS_SANCTIONED}`,
);

/** Creates a user inside a transaction. Throws DatabaseError('duplicate') if the name is taken, IdOfRoom if a room has it. */
export async function createUser(tx: Executor, user: NewUser): Promise<User> {
  const { now, hashes, named = false, ...texts } = user;
  const row = { ...NEW_USER, ...texts, created_at: now, updated_at: now };
  const { keys } = accountName(user.tenant, user.username);
  const id = await insertNumbered(tx, { ...row, username_key: keys[0] }, named);
  if (named && !(await claimName(tx, { tenant: user.tenant, key: user.username.toLowerCase(), id, now }))) {
    throw new IdOfRoom();
  }
  const nameKeys = sanctionedNames(hashes, keys);
  // Hardly any name has sanctions, and this statement is sent anyway.
  const { affected } = await tx.execute(CREATE_PRESENCE_UNLESS_SANCTIONED, { id, tenant: user.tenant, nameKeys });
  if (affected === 0) {
    await tx.execute(CREATE_PRESENCE, { id });
    await inheritSanctions(tx, { tenant: user.tenant, id, now, nameKeys });
  }
  return { id, ...row };
}

/** Texts that users change themselves (user_update). */
const PROFILE_TEXTS = ['name', 'avatar', 'tag', 'tag2', 'custom'] as const satisfies readonly (keyof User)[];

export type Profile = Partial<Pick<User, (typeof PROFILE_TEXTS)[number]>>;

type NewProfile = Profile & { now: number };

/** null leaves a column as it is. */
const SET_PROFILE = join(
  [
    ...PROFILE_TEXTS.map((name) => sql`${raw(name)} = COALESCE(${textOrNull(name)}, ${raw(name)})`),
    sql`updated_at = ${int('now')}`,
  ],
  ', ',
);
const UPDATE_PROFILE = write(
  'users.update_profile',
  'safe',
  sql`UPDATE users SET ${SET_PROFILE} WHERE id = ${int('userId')}`,
);
const UPDATE_OWN_PROFILE = write(
  'users.update_own_profile',
  'safe',
  sql`UPDATE users SET ${SET_PROFILE} WHERE id = ${int('userId')} AND ${IS_SIGNED_IN}`,
);

/** A text that was left out is null. */
function profileValues(profile: NewProfile) {
  const texts = Object.fromEntries(PROFILE_TEXTS.map((name) => [name, profile[name] ?? null]));
  // One entry for each of PROFILE_TEXTS.
  return { ...(texts as Record<(typeof PROFILE_TEXTS)[number], string | null>), now: profile.now };
}

export async function updateProfile(db: Executor, by: LiveSession, profile: NewProfile): Promise<void> {
  await db.execute(UPDATE_PROFILE, { userId: by.userId, ...profileValues(profile) });
}

const UPDATE_BY_SERVICE = write(
  'users.update_by_service',
  'safe',
  sql`UPDATE users SET ${SET_PROFILE} WHERE id = ${int('userId')}`,
);

/** Changes for the team's own service, which needs no session. */
export async function updateUser(tx: Executor, id: number, profile: NewProfile): Promise<void> {
  await tx.execute(UPDATE_BY_SERVICE, { userId: id, ...profileValues(profile) });
}

/** The same, and checks the session: undefined if it has ended. */
export async function updateOwnProfile(
  db: Executor,
  by: SessionKey,
  profile: NewProfile,
): Promise<LiveSession | undefined> {
  const { affected } = await db.execute(UPDATE_OWN_PROFILE, { ...sessionValues(by), ...profileValues(profile) });
  return provedSession(by, affected);
}
