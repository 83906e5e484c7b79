/** What accounts sign in with: their salts, and the keys under which their names are found. */
import { DatabaseError } from '../../base/errors';
import { releaseAddressesOf } from '../codes/contacts';
import type { Executor } from '../engine/database';
import { columns, int, type RowOf, read, sql, text, write } from '../engine/sql';
import { endSessionsOf } from './session-ends';
import { IS_SIGNED_IN, type LiveSession, sessionValues } from './sessions';
import { usernameKey } from './user-names';

const CHANGE_SALT = write(
  'users.change_salt',
  'safe',
  sql`UPDATE users SET salt = ${text('salt')}, updated_at = ${int('now')}
    WHERE id = ${int('userId')} AND salt IS NOT NULL AND ${IS_SIGNED_IN}`,
);

/** Stores the salt of later signatures. False: the session has ended, or the account has no salt. */
export async function changeSalt(
  tx: Executor,
  by: LiveSession,
  change: { salt: string; now: number },
): Promise<boolean> {
  return (await tx.execute(CHANGE_SALT, { ...sessionValues(by), ...change })).affected > 0;
}

const GIVE_TO_BACKEND = write(
  'users.give_to_backend',
  'safe',
  sql`UPDATE users SET salt = NULL, phone = '', email = '', username = ${text('username')} WHERE id = ${int('id')}`,
);

/**
 * A customer's backend signs for this name from now on: its registered salt, its addresses and all its sessions end. A caller
 * that has just proved that salt gets no session (createSessions checks it again).
 */
export async function giveToBackend(
  tx: Executor,
  { id, username, now }: { id: number; username: string; now: number },
): Promise<void> {
  await tx.execute(GIVE_TO_BACKEND, { id, username });
  await releaseAddressesOf(tx, id);
  await endSessionsOf(tx, id, now);
}

const REPLACE_SALT = write(
  'users.replace_salt',
  'safe',
  sql`UPDATE users SET salt = ${text('to')} WHERE id = ${int('id')} AND salt = ${text('from')}`,
);

/** Stores the same salt in another form; nothing if it has been changed since. */
export async function replaceStoredSalt(db: Executor, id: number, salts: { from: string; to: string }): Promise<void> {
  await db.execute(REPLACE_SALT, { id, ...salts });
}

const KEPT = columns('users', '', ['id', 'tenant', 'username', 'username_key', 'salt']);
export type KeptUser = RowOf<typeof KEPT>;
const WALK = read(
  'users.walk',
  KEPT,
  sql`SELECT ${KEPT} FROM users WHERE id > ${int('after')} ORDER BY id LIMIT ${int('limit')}`,
);

/** The accounts behind `after`, by number: for work that goes through all of them. */
export function walkUsers(db: Executor, after: number, limit: number): Promise<KeptUser[]> {
  return db.query(WALK, { after, limit });
}

const FOLD_NAME = write(
  'users.fold_name',
  'safe',
  sql`UPDATE users SET username_key = ${text('key')} WHERE id = ${int('id')}`,
);

/** Gives the account the key of its folded name. False: another account has it already. */
export async function foldUsername(db: Executor, { id, username }: KeptUser): Promise<boolean> {
  try {
    await db.execute(FOLD_NAME, { id, key: usernameKey(username) });
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}
