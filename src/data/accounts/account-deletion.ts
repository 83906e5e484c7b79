/** Deleting an account. */
import { RELEASE_ALL } from '../codes/contacts';
import type { Executor } from '../engine/database';
import { writeToAll } from '../engine/several-tables';
import { int, sql, text, write } from '../engine/sql';
import type { PersonHashes } from '../sanctions/person-hashes';
import { keepSanctionsOf } from '../sanctions/sanctions';
import { keepActivityOf } from '../statistics/activity';
import { IS_SIGNED_IN, type SessionKey, sessionValues } from './sessions';

/** The memberships that one deletion removes. */
const MOST_MEMBERSHIPS = 1_000;
const DELETE_MEMBERSHIPS = write(
  'members.delete_of_user',
  'safe',
  sql`DELETE FROM members WHERE user_id = ${int('userId')} AND room_pk IN
    (SELECT room_pk FROM (SELECT room_pk FROM members WHERE user_id = ${int('userId')} LIMIT ${MOST_MEMBERSHIPS}) some)`,
);

const DELETE_NOTES = write(
  'user_notes.delete_of_user',
  'safe',
  sql`DELETE FROM user_notes WHERE user_id = ${int('userId')}`,
);

// Openings lock the row of presence, which comes first here: a later opening waits for the commit.
const DELETE_ALL = write(
  'users.delete_all',
  'safe',
  sql`DELETE p, u, s, a FROM presence AS p
    JOIN sessions AS mine ON mine.id = ${text('sessionId')} AND mine.user_id = p.user_id
    LEFT JOIN users AS u ON u.id = p.user_id
    LEFT JOIN sessions AS s ON s.user_id = p.user_id
    LEFT JOIN addresses AS a ON a.user_id = p.user_id
    WHERE p.user_id = ${int('userId')}`,
);

const DELETE_PRESENCE = write(
  'presence.delete',
  'safe',
  sql`DELETE FROM presence WHERE user_id = ${int('userId')} AND ${IS_SIGNED_IN}`,
);
const DELETE = write('users.delete', 'safe', sql`DELETE FROM users WHERE id = ${int('userId')}`);
const DELETE_SESSIONS = write(
  'sessions.delete_of_user',
  'safe',
  sql`DELETE FROM sessions WHERE user_id = ${int('userId')}`,
);

const DELETE_USER = { mysql: DELETE_ALL, sqlite: [DELETE_PRESENCE, DELETE, DELETE_SESSIONS, RELEASE_ALL] } as const;

/**
 * Removes the user with credentials, sessions, presence and memberships, inside a transaction that must be rolled back if it
 * returns false: the session has ended. The id stays taken permanently.
 */
export async function deleteUser(
  tx: Executor,
  by: SessionKey,
  { now, hashes }: { now: number; hashes: PersonHashes },
): Promise<boolean> {
  const { userId } = by;
  await keepActivityOf(tx, userId, now);
  await keepSanctionsOf(tx, userId, hashes);
  if (!(await writeToAll(tx, DELETE_USER, sessionValues(by)))) return false;
  // No list shows the rest without presence; it is deleted with the rooms' broadcasts.
  await tx.execute(DELETE_MEMBERSHIPS, { userId });
  tx.changed('sessions');
  tx.changed('rooms');
  await tx.execute(DELETE_NOTES, { userId });
  return true;
}
