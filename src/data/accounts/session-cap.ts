/** Ends the sessions of a user beyond a limit (SESSIONS_PER_USER). */
import type { Executor } from '../engine/database';
import { columns, int, read, sql, text, texts, write } from '../engine/sql';
import { useUpSignatures } from './used-signatures';

const SESSION = columns('sessions', 's', ['id']);
const OF_USER = read(
  'sessions.of_user',
  SESSION,
  sql`SELECT ${SESSION} FROM sessions s WHERE s.user_id = ${int('userId')} AND (s.code_at < 0) = ${int('young')}
    ORDER BY s.id = ${text('keep')} DESC, s.expires_at DESC, s.created_at DESC, s.id LIMIT ${int('most')}`,
);
const END_OLDEST = write(
  'sessions.end_oldest',
  'safe',
  sql`DELETE FROM sessions WHERE user_id = ${int('userId')} AND id IN (${texts('ids')})`,
);

/** young: started by a code to an address that had been bound for too short a time to prove who the owner is. */
export type SessionProof = 'proved' | 'young';

/** One call ends this many sessions beyond the limit; the next call ends more. */
const OVER_CAP = 200;

/**
 * Keeps the `limit` of the user's sessions with this proof that were started or renewed last, `keep` among them, and ends the
 * others. True: there were others.
 */
export async function endOldestSessions(
  db: Executor,
  user: { id: number; proof: SessionProof; keep?: string },
  { limit, now }: { limit: number; now: number },
): Promise<boolean> {
  const { id: userId, proof, keep = '' } = user;
  const young = proof === 'young' ? 1 : 0;
  const newest = await db.query(OF_USER, { userId, young, keep, most: limit + OVER_CAP });
  const ids = newest.slice(limit).map((row) => row.id);
  if (ids.length === 0) return false;
  await useUpSignatures(db, { userId, ids }, now);
  await db.execute(END_OLDEST, { userId, ids });
  db.changed('sessions');
  return true;
}

const USER_ID = columns('sessions', '', ['user_id']);
const USERS_WITH_MANY = read(
  'sessions.users_with_many',
  USER_ID,
  sql`SELECT ${USER_ID} FROM sessions WHERE user_id >= ${int('first')} AND user_id <= ${int('last')}
    GROUP BY user_id HAVING COUNT(*) > ${int('limit')}`,
);

/** The users with numbers from `first` to `last` who have more than `limit` sessions. */
export async function usersWithManySessions(
  db: Executor,
  { first, last }: { first: number; last: number },
  limit: number,
): Promise<number[]> {
  return (await db.query(USERS_WITH_MANY, { first, last, limit })).map((row) => row.user_id);
}
