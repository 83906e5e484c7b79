/** A signature that has signed in does not do so again once its session has ended. */
import type { Executor } from '../engine/database';
import { int, type Sql, sql, texts, write } from '../engine/sql';

/**
 * A signature of a phone whose clock is ahead does not keep the user's other phones out for longer than this (ms): older
 * signatures are told by their time alone.
 */
const AHEAD_MS = 60_000;

function useUp<P>(name: 'users.use_up_signatures' | 'users.use_up_all_signatures', which: Sql<P>) {
  const newest = sql`(SELECT MAX(CASE WHEN s.signed_ts > ${int('latest')} THEN ${int('latest')} ELSE s.signed_ts END)
    FROM sessions s WHERE s.user_id = ${int('userId')}${which})`;
  return write(
    name,
    'safe',
    sql`UPDATE users SET signed_out_ts = ${newest} WHERE id = ${int('userId')} AND signed_out_ts < ${newest}`,
  );
}

const SOME = useUp('users.use_up_signatures', sql` AND s.id IN (${texts('ids')})`);
const ALL = useUp('users.use_up_all_signatures', sql``);

/** Call it before these sessions, or all of the user, are deleted. Their signatures and older ones are refused from then on. */
export async function useUpSignatures(
  db: Executor,
  { userId, ids }: { userId: number; ids?: readonly string[] },
  now: number,
): Promise<void> {
  const latest = now + AHEAD_MS;
  if (ids === undefined) await db.execute(ALL, { userId, latest });
  else await db.execute(SOME, { userId, ids, latest });
}
