/**
 * The public ids of users and rooms: one name space for both, so that no user can take another's, and a row for every id ever given.
 * Inside, users have numbers; a tenant shows the numbers, or with `userIds: username` the user names. A name belongs to one number
 * during the life of an account, and no number is given twice.
 */
import { randomInt } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK, SHARED_LOCK } from '../engine/dialect';
import { columns, insertInto, int, ints, read, type Sql, sql, text, texts, write } from '../engine/sql';
import { IS_SESSION, type SessionKey, sessionValues } from './sessions';
import { usernameKey } from './user-names';

/** Range of generated roomIds: above every userId, within the Java int of an Android client. */
const ROOM_ID_RANGE = { from: 100_000_000, to: 2_147_483_647 } as const;

/** The number of a user or room in public: plain for the default tenant, with the tenant in front elsewhere. */
export function publicId(tenant: string, id: number | string): string {
  return tenant === '' ? String(id) : `${tenant}-${id}`;
}

/** The number inside a public user id of this tenant; undefined if it cannot be one. */
export function userNumber(tenant: string, publicUserId: string): number | undefined {
  const number =
    tenant === '' || !publicUserId.startsWith(`${tenant}-`) ? publicUserId : publicUserId.slice(tenant.length + 1);
  const own = tenant === '' || number !== publicUserId;
  return own && /^[1-9]\d{0,7}$/.test(number) ? Number(number) : undefined;
}

type Reader = Pick<Executor, 'query'>;

const NAMED = columns('users', 'u', ['id', 'username']);
const USERNAMES = read(
  'users.names_of_numbers',
  NAMED,
  sql`SELECT ${NAMED} FROM users u WHERE u.tenant = ${text('tenant')} AND u.id IN (${ints('numbers')})`,
);
const NUMBERS = read(
  'users.numbers_of_names',
  NAMED,
  sql`SELECT ${NAMED} FROM users u WHERE u.tenant = ${text('tenant')} AND u.username_key IN (${texts('keys')})`,
);

/** The user names of some users of a tenant, by number. */
async function usernamesOf(
  db: Reader,
  tenant: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = [...new Set(numbers.filter((number) => number > 0))];
  if (wanted.length === 0) return new Map();
  const rows = await db.query(USERNAMES, { tenant, numbers: wanted });
  return new Map(rows.map(({ id, username }) => [id, username]));
}

/** The numbers of some users of a tenant, by user name in exactly this spelling. */
async function numbersOfNames(
  db: Reader,
  tenant: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(names.filter((name) => name !== ''));
  if (wanted.size === 0) return new Map();
  const keys = [...new Set([...wanted].map(usernameKey))];
  const rows = await db.query(NUMBERS, { tenant, keys });
  return new Map(rows.filter(({ username }) => wanted.has(username)).map(({ id, username }) => [username, id]));
}

/** The same of one user; many write at the same moment. */
export const numberOfName = batched<{ tenant: string; name: string }, number | undefined>({
  name: 'user_numbers',
  keyOf: ({ name }) => name,
  partition: ({ tenant }) => tenant,
  run: async (db, [first, ...others]) => {
    const names = [first, ...others].map(({ name }) => name);
    const numbers = await numbersOfNames(db, first.tenant, names);
    return names.map((name) => numbers.get(name));
  },
});

/** Statements are sent for tenants with names only. */
export interface UserIds {
  /** Whether the user names of the tenant are its ids. */
  isNamed(tenant: string): boolean;
  /** The id of a row that has both. */
  from(tenant: string, user: { id: number; username: string }): string;
  /** '' if there is no such user. */
  of(db: Reader, tenant: string, number: number): Promise<string>;
  ofAll(db: Reader, tenant: string, numbers: readonly number[]): Promise<(number: number) => string>;
  /** undefined: no user has this id, or can have it. */
  numberOf(db: Reader, tenant: string, userId: string): Promise<number | undefined>;
  /** Numbers by id; ids that no user has are missing. */
  numbersOf(db: Reader, tenant: string, userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The form in which ids of users and rooms are compared when the question is whose an id is. */
  key(tenant: string, id: string): string;
}

export function createUserIds(tenants: readonly Pick<Tenant, 'id' | 'userIds'>[]): UserIds {
  const named = new Set(tenants.filter(({ userIds }) => userIds === 'username').map(({ id }) => id));
  const isNamed = (tenant: string) => named.has(tenant);

  async function ofAll(db: Reader, tenant: string, numbers: readonly number[]) {
    if (!isNamed(tenant)) return (number: number) => (number > 0 ? publicId(tenant, number) : '');
    const names = await usernamesOf(db, tenant, numbers);
    return (number: number) => names.get(number) ?? '';
  }

  async function numbersOf(db: Reader, tenant: string, userIds: readonly string[]) {
    if (isNamed(tenant)) return numbersOfNames(db, tenant, userIds);
    const found = new Map<string, number>();
    for (const id of userIds) {
      const number = userNumber(tenant, id);
      if (number !== undefined) found.set(id, number);
    }
    return found;
  }

  return {
    isNamed,
    from: (tenant, { id, username }) => (named.has(tenant) ? username : publicId(tenant, id)),
    of: async (db, tenant, number) => (await ofAll(db, tenant, [number]))(number),
    ofAll,
    numberOf: async (db, tenant, userId) => (await numbersOf(db, tenant, [userId])).get(userId),
    numbersOf,
    key: (tenant, id) => (isNamed(tenant) ? id.toLowerCase() : id),
  };
}

const CLAIM = write(
  'public_ids.claim',
  'safe',
  insertInto('public_ids', ['tenant', 'public_id', 'owner_id', 'created_at']),
);

/** True if the id was free and now belongs to `ownerId`. */
export async function claimPublicId(
  tx: Executor,
  id: { tenant: string; publicId: string; ownerId: number; now: number },
): Promise<boolean> {
  try {
    await tx.execute(CLAIM, { tenant: id.tenant, public_id: id.publicId, owner_id: id.ownerId, created_at: id.now });
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

function generating<P>(from: Sql<P>) {
  return write(
    'public_ids.generate',
    'safe',
    sql`INSERT INTO public_ids (tenant, public_id, owner_id, created_at)
      SELECT ${text('tenant')}, ${text('id')}, ${int('userId')}, ${int('now')} ${from}`,
  );
}

/**
 * How many ids were given to the user of `presence p` after `since`, and no room has them. The row of `p` is locked before:
 * this finds rows committed until then, and not only until the statement began.
 */
const UNUSED = sql`SELECT COUNT(*) FROM public_ids i WHERE i.owner_id = p.user_id AND i.created_at > ${int('since')}
    AND i.public_id <> ${text('ownId')}
    AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.tenant = i.tenant AND r.room_id = i.public_id) ${SHARED_LOCK}`;
const GENERATE = generating(sql`FROM sessions s WHERE ${IS_SESSION}`);
const GENERATE_UNLESS_MANY = generating(sql`FROM presence p WHERE p.user_id = ${int('userId')}
        AND EXISTS (SELECT 1 FROM sessions s WHERE ${IS_SESSION}) AND (${UNUSED}) < ${int('max')} ${EXCLUSIVE_LOCK}`);

/**
 * A new roomId that no user can guess and no other call will ever get; undefined if the session has ended. `unless`: a number
 * of ids that were given to the user after `since` and that no room has, from which on there is none either; of the calls of
 * one user, each sees the result of the previous one. `ownName`: the id of a user whose tenant has names for ids, in lower case;
 * such a tenant has no prefix.
 */
export async function generateRoomId(
  db: Executor,
  key: SessionKey,
  options: { tenant: string; now: number; unless?: { since: number; max: number }; ownName?: string },
): Promise<string | undefined> {
  const { tenant, now, unless, ownName } = options;
  const ownId = ownName ?? publicId(tenant, key.userId);
  for (;;) {
    const number = randomInt(ROOM_ID_RANGE.from, ROOM_ID_RANGE.to + 1);
    const id = ownName === undefined ? publicId(tenant, number) : String(number);
    const values = { tenant, id, now, ...sessionValues(key) };
    const generated = unless
      ? db.execute(GENERATE_UNLESS_MANY, { ...values, ...unless, ownId })
      : db.execute(GENERATE, values);
    const { affected } = await generated.catch((error: unknown) => {
      // Taken, possibly by this call after a lost response: the next one does as well.
      if (error instanceof DatabaseError && error.kind === 'duplicate') return { affected: undefined };
      throw error;
    });
    if (affected !== undefined) return affected > 0 ? id : undefined;
  }
}

const RELEASE = write(
  'public_ids.release',
  'safe',
  sql`DELETE FROM public_ids WHERE tenant = ${text('tenant')} AND public_id = ${text('id')}`,
);

/** Gives an id back that was claimed for a room which then could not be opened. */
export async function releasePublicId(tx: Executor, tenant: string, id: string): Promise<void> {
  await tx.execute(RELEASE, { tenant, id });
}
