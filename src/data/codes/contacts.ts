/** Verified phone numbers and mail addresses: whose they are. */
import { DatabaseError } from '../../base/errors';
import { isSignedIn, type LiveSession } from '../accounts/sessions';
import type { Executor } from '../engine/database';
import { columns, insertInto, list, read, type Sql, sql, write } from '../engine/sql';

const OWNER = columns('addresses', '', ['user_id']);
const BOUND = columns('addresses', '', ['user_id', 'verified_at']);
const CANDIDATE = columns('users', '', ['id']);

export async function ownerOfAddress(db: Executor, tenant: string, address: string): Promise<number | undefined> {
  const rows = await db.query(
    read(
      'addresses.owner',
      OWNER,
      sql`SELECT ${OWNER} FROM addresses WHERE tenant = ${tenant} AND address = ${address}`,
    ),
  );
  return rows[0]?.user_id;
}

/** Who has the address and when it was bound (ms). */
export async function boundAddress(db: Executor, tenant: string, address: string) {
  const statement = sql`SELECT ${BOUND} FROM addresses WHERE tenant = ${tenant} AND address = ${address}`;
  return (await db.query(read('addresses.bound', BOUND, statement)))[0];
}

/** Binds the address to the user. False if it belongs to another user; true if it was the user's already. */
export async function claimAddress(
  tx: Executor,
  claim: { tenant: string; address: string; userId: number; now: number },
): Promise<boolean> {
  const { tenant, address, userId, now } = claim;
  const known = await ownerOfAddress(tx, tenant, address);
  if (known !== undefined) return known === userId;
  try {
    const row = { tenant, address, user_id: userId, verified_at: now };
    await tx.execute(write('addresses.claim', 'never', insertInto('addresses', row)));
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

export async function releaseAddress(tx: Executor, tenant: string, address: string): Promise<void> {
  const statement = sql`DELETE FROM addresses WHERE tenant = ${tenant} AND address = ${address}`;
  await tx.execute(write('addresses.release', 'safe', statement));
}

export async function releaseAddressesOf(tx: Executor, userId: number): Promise<void> {
  await tx.execute(write('addresses.release_all', 'safe', sql`DELETE FROM addresses WHERE user_id = ${userId}`));
}

export interface WrittenAddress {
  column: 'phone' | 'email';
  address: string;
  now: number;
}

function writing({ column, address, now }: WrittenAddress): Sql {
  const name: Sql = column === 'phone' ? sql`phone` : sql`email`;
  return sql`UPDATE users SET ${name} = ${address}, updated_at = ${now}`;
}

/** Writes the address where profiles and sign-ins read it. */
export async function writeAddress(tx: Executor, userId: number, written: WrittenAddress): Promise<void> {
  const statement = sql`${writing(written)} WHERE id = ${userId}`;
  await tx.execute(write('users.write_address', 'safe', statement));
}

/**
 * The same on behalf of a session, with the user's row locked until the commit. False where the session has ended by now:
 * whoever deletes the account, bans it or gives it to somebody else at this moment is waited for.
 */
export async function writeOwnAddress(tx: Executor, by: LiveSession, written: WrittenAddress): Promise<boolean> {
  const statement = sql`${writing(written)} WHERE id = ${by.userId} AND ${isSignedIn(by)}`;
  return (await tx.execute(write('users.write_own_address', 'safe', statement))).affected > 0;
}

/**
 * The one user whose phone number an operator wrote in one of these spellings (installations of 1.0.0 took no numbers from
 * anybody else); undefined where there is none, or several.
 */
export async function userWithWrittenPhone(
  db: Executor,
  tenant: string,
  spellings: readonly string[],
): Promise<number | undefined> {
  const rows = await db.query(
    read(
      'users.by_written_phone',
      CANDIDATE,
      sql`SELECT ${CANDIDATE} FROM users WHERE tenant = ${tenant} AND phone IN (${list(spellings)}) LIMIT 2`,
    ),
  );
  return rows.length === 1 ? rows[0]?.id : undefined;
}
