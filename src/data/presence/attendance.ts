/**
 * Presence of users who go live or enter a room. They are online for a long time without a heartbeat; missed heartbeats count
 * only after the next one.
 */
import { type Along, updateAlong } from '../engine/along';
import type { Executor } from '../engine/database';
import { SHARED_LOCK } from '../engine/dialect';
import { columns, list, type RowOf, raw, read, type Sql, sql, write } from '../engine/sql';

export interface Attendance {
  now: number;
  /** Until when the user is online without a heartbeat (ms). */
  until: number;
}

const begun = ({ now, until }: Attendance) => sql`alive_until = ${until}, seen_at = ${now}, heartbeat_seen = 0`;

/** That a user has an account and keeps it until this statement is committed (deleteUser). */
function hasAccount(userId: number): Sql {
  return sql`EXISTS (SELECT 1 FROM presence p WHERE p.user_id = ${userId} ${SHARED_LOCK})`;
}

/** With the UPDATE of a room that the user opens, which fails if the user has no account. */
export function beginningPresence(userId: number, attendance: Attendance): Along {
  const set = begun(attendance);
  return {
    together: () => ({ join: sql`JOIN presence ON presence.user_id = ${userId}`, set }),
    alone: () => write('presence.begin', 'safe', sql`UPDATE presence SET ${set} WHERE user_id = ${userId}`),
    // A room that is found live has an owner who is online.
    order: 'before',
    requires: hasAccount(userId),
  };
}

/** Of one user who is online after `onlineAfter`; false if the user is not. `along` changes another table with it. */
export function beginIfOnline(
  db: Executor,
  user: { userId: number; onlineAfter: number },
  { attendance, along }: { attendance: Attendance; along: Along },
): Promise<boolean> {
  const where = sql`p.user_id = ${user.userId} AND p.alive_until > ${user.onlineAfter}`;
  const update = { name: 'presence.enter_alone', table: raw('presence AS p'), set: begun(attendance), where } as const;
  return updateAlong(db, update, along);
}

/** Of several users who are online after `onlineAfter` and of whom `only`, about presence `p`, holds; gives how many. */
export async function beginOfOnline(
  db: Executor,
  users: { userIds: readonly number[]; onlineAfter: number; only: Sql },
  attendance: Attendance,
): Promise<number> {
  const statement = sql`UPDATE presence AS p SET ${begun(attendance)}
    WHERE p.user_id IN (${list(users.userIds)}) AND p.alive_until > ${users.onlineAfter} AND ${users.only}`;
  return (await db.execute(write('presence.enter', 'safe', statement))).affected;
}

const PRESENCE = columns('presence', 'p', ['user_id', 'alive_until']);

/** Those of the users of whom `only`, about presence `p`, holds. */
export function findPresences(db: Executor, userIds: readonly number[], only: Sql): Promise<RowOf<typeof PRESENCE>[]> {
  const statement = sql`SELECT ${PRESENCE} FROM presence p WHERE p.user_id IN (${list(userIds)}) AND ${only}`;
  return db.query(read('presence.who_entered', PRESENCE, statement));
}

/** Of users who may be offline. */
export async function beginPresences(db: Executor, userIds: readonly number[], attendance: Attendance): Promise<void> {
  const statement = sql`UPDATE presence SET ${begun(attendance)} WHERE user_id IN (${list(userIds)})`;
  await db.execute(write('presence.begin_all', 'safe', statement));
}
