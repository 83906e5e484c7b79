/** Verified phone numbers and mail addresses: whose they are. */
import { DatabaseError } from '../../base/errors';
import { IS_SIGNED_IN, type LiveSession, sessionValues } from '../accounts/sessions';
import type { Executor } from '../engine/database';
import { columns, insertInto, int, raw, read, type Sql, sql, text, texts, write } from '../engine/sql';

const OWNER = columns('addresses', '', ['user_id']);
const BOUND = columns('addresses', '', ['user_id', 'verified_at']);
const CANDIDATE = columns('users', '', ['id']);

const IS_ADDRESS = sql`tenant = ${text('tenant')} AND address = ${text('address')}`;
const FIND_OWNER = read('addresses.owner', OWNER, sql`SELECT ${OWNER} FROM addresses WHERE ${IS_ADDRESS}`);
const FIND_BOUND = read('addresses.bound', BOUND, sql`SELECT ${BOUND} FROM addresses WHERE ${IS_ADDRESS}`);

export async function ownerOfAddress(db: Executor, tenant: string, address: string): Promise<number | undefined> {
  return (await db.query(FIND_OWNER, { tenant, address }))[0]?.user_id;
}

/** Who has the address and when it was bound (ms). */
export async function boundAddress(db: Executor, tenant: string, address: string) {
  return (await db.query(FIND_BOUND, { tenant, address }))[0];
}

const CLAIM = write(
  'addresses.claim',
  'never',
  insertInto('addresses', ['tenant', 'address', 'user_id', 'verified_at']),
);

/** Binds the address to the user. False if it belongs to another user; true if it was the user's already. */
export async function claimAddress(
  tx: Executor,
  claim: { tenant: string; address: string; userId: number; now: number },
): Promise<boolean> {
  const { tenant, address, userId, now } = claim;
  const known = await ownerOfAddress(tx, tenant, address);
  if (known !== undefined) return known === userId;
  try {
    await tx.execute(CLAIM, { tenant, address, user_id: userId, verified_at: now });
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

const RELEASE = write('addresses.release', 'safe', sql`DELETE FROM addresses WHERE ${IS_ADDRESS}`);

export async function releaseAddress(tx: Executor, tenant: string, address: string): Promise<void> {
  await tx.execute(RELEASE, { tenant, address });
}

export const RELEASE_ALL = write(
  'addresses.release_all',
  'safe',
  sql`DELETE FROM addresses WHERE user_id = ${int('userId')}`,
);

export async function releaseAddressesOf(tx: Executor, userId: number): Promise<void> {
  await tx.execute(RELEASE_ALL, { userId });
}

export interface WrittenAddress {
  column: 'phone' | 'email';
  address: string;
  now: number;
}

const setting = (column: Sql) => sql`UPDATE users SET ${column} = ${text('address')}, updated_at = ${int('now')}`;
const COLUMN = { phone: setting(raw('phone')), email: setting(raw('email')) };
const writing = (set: ReturnType<typeof setting>) =>
  write('users.write_address', 'safe', sql`${set} WHERE id = ${int('userId')}`);
const writingOwn = (set: ReturnType<typeof setting>) =>
  write('users.write_own_address', 'safe', sql`${set} WHERE id = ${int('userId')} AND ${IS_SIGNED_IN}`);
const WRITE = { phone: writing(COLUMN.phone), email: writing(COLUMN.email) };
const WRITE_OWN = { phone: writingOwn(COLUMN.phone), email: writingOwn(COLUMN.email) };

/** Writes the address where profiles and sign-ins read it. */
export async function writeAddress(
  tx: Executor,
  userId: number,
  { column, ...written }: WrittenAddress,
): Promise<void> {
  await tx.execute(WRITE[column], { ...written, userId });
}

/**
 * The same on behalf of a session, with the user's row locked until the commit. False if the session has ended by now. It waits
 * for a request that deletes the account, bans it or gives it to another user at this moment.
 */
export async function writeOwnAddress(
  tx: Executor,
  by: LiveSession,
  { column, ...written }: WrittenAddress,
): Promise<boolean> {
  return (await tx.execute(WRITE_OWN[column], { ...written, ...sessionValues(by) })).affected > 0;
}

const BY_WRITTEN_PHONE = read(
  'users.by_written_phone',
  CANDIDATE,
  sql`SELECT ${CANDIDATE} FROM users WHERE tenant = ${text('tenant')} AND phone IN (${texts('spellings')}) LIMIT 2`,
);

/**
 * The one user whose phone number an operator wrote in one of these spellings (installations of 1.0.0 took no numbers from
 * users); undefined if there is none, or several.
 */
export async function userWithWrittenPhone(
  db: Executor,
  tenant: string,
  spellings: readonly string[],
): Promise<number | undefined> {
  const rows = await db.query(BY_WRITTEN_PHONE, { tenant, spellings });
  return rows.length === 1 ? rows[0]?.id : undefined;
}
