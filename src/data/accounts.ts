/** Users and the public ids they own. One name space for userIds and roomIds, so that nobody can take another's. */
import { createHash, randomInt } from 'node:crypto';
import { DatabaseError } from '../base/errors';
import type { Executor } from './engine/database';
import type { UsersTable } from './schema';

export interface User extends Omit<UsersTable, 'id' | 'username_key'> {
  id: number;
}

/** userIds are 1 … 99,999,999; generated roomIds begin above (design: an Android client reads both as a Java int). */
const MAX_USER_ID = 99_999_999;
const ROOM_ID_RANGE = { from: 100_000_000, to: 2_147_483_647 } as const;

const USER_COLUMNS = [
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
  'created_at',
  'updated_at',
] as const;

function usernameKey(username: string): string {
  return createHash('sha256').update(username).digest('base64url');
}

/** The number of a user in public: plain for the default tenant, with the tenant in front elsewhere. */
export function publicId(tenant: string, id: number | string): string {
  return tenant === '' ? String(id) : `${tenant}-${id}`;
}

/** The number inside a public user id of this tenant; undefined where it cannot be one. */
export function userNumber(tenant: string, publicUserId: string): number | undefined {
  const text =
    tenant === '' || !publicUserId.startsWith(`${tenant}-`) ? publicUserId : publicUserId.slice(tenant.length + 1);
  const own = tenant === '' || text !== publicUserId;
  return own && /^[1-9]\d{0,7}$/.test(text) ? Number(text) : undefined;
}

export async function findUserByName(db: Executor, tenant: string, username: string): Promise<User | undefined> {
  const rows = await db.rows(
    db.build
      .selectFrom('users')
      .select(USER_COLUMNS)
      .where('tenant', '=', tenant)
      .where('username_key', '=', usernameKey(username)),
  );
  return rows[0];
}

export async function findUser(db: Executor, tenant: string, id: number): Promise<User | undefined> {
  const rows = await db.rows(
    db.build.selectFrom('users').select(USER_COLUMNS).where('id', '=', id).where('tenant', '=', tenant),
  );
  return rows[0];
}

/** True where the id was free and now belongs to `ownerId`. */
export async function claimPublicId(
  tx: Executor,
  id: { tenant: string; publicId: string; ownerId: number; now: number },
): Promise<boolean> {
  try {
    await tx.run(
      tx.build
        .insertInto('public_ids')
        .values({ tenant: id.tenant, public_id: id.publicId, owner_id: id.ownerId, created_at: id.now }),
    );
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

export interface NewUser {
  tenant: string;
  username: string;
  salt: string | null;
  name: string;
  avatar: string;
  now: number;
}

/** Beyond 2 to this power, no row of taken ids is that long. */
const MOST_SKIPS = 26;

/**
 * Makes a user inside a transaction. Throws DatabaseError('duplicate') where the name is taken. A number that somebody has
 * taken as a roomId is skipped, in growing steps: a long row of such ids must not make signing up slow.
 */
export async function createUser(tx: Executor, user: NewUser): Promise<User> {
  const { now, ...texts } = user;
  const row = { ...texts, phone: '', email: '', tag: '', tag2: '', created_at: now, updated_at: now };
  const values = { ...row, username_key: usernameKey(user.username) };
  let wanted: { id?: number } = {};
  for (let step = 1; step < 2 ** MOST_SKIPS; step *= 2) {
    // Without an id the database counts on; with one, it counts on from there.
    const { insertId } = await tx.run(tx.build.insertInto('users').values({ ...values, ...wanted }));
    const id = wanted.id ?? insertId;
    if (id > MAX_USER_ID) break;
    if (await claimPublicId(tx, { tenant: user.tenant, publicId: publicId(user.tenant, id), ownerId: id, now })) {
      const presence = { user_id: id, alive_until: 0, seen_at: 0, event_at: 0, armed: 0 };
      await tx.run(tx.build.insertInto('presence').values(presence));
      return { id, ...row };
    }
    await tx.run(tx.build.deleteFrom('users').where('id', '=', id));
    wanted = { id: id + step };
  }
  throw new DatabaseError('other', 'USER_IDS_EXHAUSTED');
}

/** A new roomId that nobody can guess and nobody else will ever get. */
export async function generateRoomId(
  db: Executor,
  owner: { tenant: string; id: number; now: number },
): Promise<string> {
  for (;;) {
    const number = randomInt(ROOM_ID_RANGE.from, ROOM_ID_RANGE.to + 1);
    const id = publicId(owner.tenant, number);
    if (await claimPublicId(db, { tenant: owner.tenant, publicId: id, ownerId: owner.id, now: owner.now })) return id;
  }
}

/** Gives an id back that was claimed for a room which then could not be opened. */
export async function releasePublicId(tx: Executor, tenant: string, id: string): Promise<void> {
  await tx.run(tx.build.deleteFrom('public_ids').where('tenant', '=', tenant).where('public_id', '=', id));
}

export type Profile = Partial<Pick<User, 'name' | 'avatar' | 'tag' | 'tag2'>>;

export async function updateProfile(db: Executor, id: number, profile: Profile & { now: number }): Promise<void> {
  const { now, ...fields } = profile;
  await db.run(
    db.build
      .updateTable('users')
      .set({ ...fields, updated_at: now })
      .where('id', '=', id),
  );
}

/** Removes the user with credentials, sessions, presence and memberships. The id stays taken for ever. */
export async function deleteUser(tx: Executor, id: number): Promise<void> {
  // Openings lock this row: what comes after it waits for the commit.
  await tx.run(tx.build.deleteFrom('presence').where('user_id', '=', id));
  await tx.run(tx.build.deleteFrom('users').where('id', '=', id));
  await tx.run(tx.build.deleteFrom('sessions').where('user_id', '=', id));
  await tx.run(tx.build.deleteFrom('members').where('user_id', '=', id));
}
