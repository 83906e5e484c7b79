/**
 * How sessions end: by a sign-out, all those of a user, and the oldest beyond a limit. A signature that has signed in does not do so again
 * once its session has ended.
 */
import { batched } from '../engine/batched';
import type { Database, Executor } from '../engine/database';
import { columns, int, ints, read, type Sql, sql, text, texts, write } from '../engine/sql';
import { ROOM_STATUS } from '../rooms/room-states';
import { keepSignIns, keepSignInsOf } from '../statistics/activity';
import type { SessionKey } from './sessions';

/**
 * A signature of a phone whose clock is ahead does not keep the user's other phones out for longer than this (ms): older
 * signatures are recognised by their time.
 */
const AHEAD_MS = 60_000;

/** Sent before sessions are deleted: their signatures and older ones are refused from then on. */
function useUp<P>(name: 'users.use_up_signatures' | 'users.use_up_all_signatures', which: Sql<P>) {
  const newest = sql`(SELECT MAX(CASE WHEN s.signed_ts > ${int('latest')} THEN ${int('latest')} ELSE s.signed_ts END)
    FROM sessions s WHERE s.user_id = users.id${which})`;
  return write(
    name,
    'safe',
    sql`UPDATE users SET signed_out_ts = ${newest} WHERE id IN (${ints('userIds')}) AND signed_out_ts < ${newest}`,
  );
}

const USE_UP = useUp('users.use_up_signatures', sql` AND s.id IN (${texts('ids')})`);
const USE_UP_ALL = useUp('users.use_up_all_signatures', sql``);
const END = write(
  'sessions.end',
  'safe',
  sql`DELETE FROM sessions WHERE id IN (${texts('ids')}) AND user_id IN (${ints('userIds')})`,
);

const ENDING = columns('sessions', 's', ['id', 'user_id', 'signed_ts']);
const FIND_ENDING = read(
  'sessions.find_ending',
  ENDING,
  sql`SELECT ${ENDING} FROM sessions s WHERE s.id IN (${texts('ids')})`,
);
// Nothing changes if the session has ended already.
const END_PRESENCE = write(
  'presence.end',
  'safe',
  sql`UPDATE presence SET alive_until = CASE WHEN alive_until > ${int('now')} THEN ${int('now')} ELSE alive_until END,
      heartbeat_seen = 0, seen_at = ${int('now')},
      event_at = CASE WHEN event_at < ${int('now')} THEN ${int('now')} ELSE event_at END
    WHERE user_id IN (${ints('userIds')})
      AND EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = presence.user_id AND s.id IN (${texts('ids')}))
      AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.owner_id = presence.user_id
        AND r.status IN (${ROOM_STATUS.live}, ${ROOM_STATUS.opening}) AND r.session_id NOT IN ('', ${texts('ids')}))`,
);

export interface SignOut {
  session: SessionKey;
  now: number;
}

/**
 * Signs different users out, each of one session, and ends their presence, unless they are live in another session. Events that are older
 * and arrive later change nothing, and other sessions may still send heartbeats. Sessions that have ended take no transaction.
 */
async function endSessions(db: Database, all: readonly [SignOut, ...SignOut[]]): Promise<readonly undefined[]> {
  const [{ now }] = all;
  const owners = new Map(all.map(({ session }) => [session.id, session.userId]));
  const found = await db.query(FIND_ENDING, { ids: [...owners.keys()] });
  const ending = found.filter(({ id, user_id: owner }) => owners.get(id) === owner);
  if (ending.length > 0) {
    const keys = { ids: ending.map(({ id }) => id), userIds: ending.map(({ user_id: owner }) => owner) };
    const isSigned = ending.some(({ signed_ts: ts }) => ts > 0);
    await db.transaction(async (tx) => {
      // The lock order of a heartbeat: it either comes before all of this or finds no session.
      if ((await tx.execute(END_PRESENCE, { ...keys, now })).affected > 0) tx.changed('rooms');
      await keepSignIns(tx, keys, now);
      if (isSigned) await tx.execute(USE_UP, { ...keys, latest: now + AHEAD_MS });
      if ((await tx.execute(END, keys)).affected > 0) tx.changed('sessions');
    });
  }
  return Array<undefined>(all.length).fill(undefined);
}

/** Signs one user out. Sign-outs of a batch arrived within milliseconds and share the time of the first. */
export const endSession = batched<SignOut, undefined>({
  name: 'sign_outs',
  // A user has one row of presence. Of many sign-outs of one session the first ends it, and the others find none.
  keyOf: ({ session }) => session.userId,
  run: endSessions,
});

const END_ALL = write('sessions.end_all', 'safe', sql`DELETE FROM sessions WHERE user_id = ${int('userId')}`);

/** Ends every session of a user. Returns their number. */
export async function endSessionsOf(tx: Executor, userId: number, now: number): Promise<number> {
  await keepSignInsOf(tx, userId, now);
  await tx.execute(USE_UP_ALL, { userIds: [userId], latest: now + AHEAD_MS });
  const { affected } = await tx.execute(END_ALL, { userId });
  if (affected > 0) tx.changed('sessions');
  return affected;
}

const SESSION = columns('sessions', 's', ['id']);
const OF_USER = read(
  'sessions.of_user',
  SESSION,
  sql`SELECT ${SESSION} FROM sessions s WHERE s.user_id = ${int('userId')} AND (s.code_at < 0) = ${int('young')}
    ORDER BY s.id = ${text('keep')} DESC, s.expires_at DESC, s.created_at DESC, s.id LIMIT ${int('most')}`,
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
  const keys = { ids, userIds: [userId] };
  await db.execute(USE_UP, { ...keys, latest: now + AHEAD_MS });
  await db.execute(END, keys);
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
