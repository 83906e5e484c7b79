/**
 * Presence of users who go live or enter a room. They are online for a long time without a heartbeat; missed heartbeats count
 * only after the next one.
 */
import type { Executor } from '../engine/database';
import { SHARED_LOCK } from '../engine/dialect';
import { type Along, type UpdateOfTwo, updateOfTwo } from '../engine/several-tables';
import { columns, int, ints, raw, read, type Sql, sql, write } from '../engine/sql';

export interface Attendance {
  seenAt: number;
  /** End of the time in which the user is online without a heartbeat (ms). */
  onlineUntil: number;
}

const BEGUN = sql`alive_until = ${int('onlineUntil')}, seen_at = ${int('seenAt')}, heartbeat_seen = 0`;

/**
 * Belongs to the UPDATE of a room that the user `owner` opens. It fails if the user has no account, or none until this statement is
 * committed (deleteUser).
 */
export const BEGINNING_PRESENCE = {
  join: sql`JOIN presence ON presence.user_id = ${int('owner')}`,
  set: BEGUN,
  single: write('presence.begin', 'safe', sql`UPDATE presence SET ${BEGUN} WHERE user_id = ${int('owner')}`),
  // A room that is found live has an owner who is online.
  order: 'before',
  requires: sql`EXISTS (SELECT 1 FROM presence p WHERE p.user_id = ${int('owner')} ${SHARED_LOCK})`,
} as const satisfies Along<Attendance & { owner: number }>;

const IS_ONLINE = sql`p.alive_until > ${int('onlineAfter')}`;

/** Enters the user `userId` if online after `onlineAfter`, with a change of another table. */
export function enteringAlone<A>(
  along: Along<A>,
): UpdateOfTwo<A & Attendance & { userId: number; onlineAfter: number }> {
  const where = sql`p.user_id = ${int('userId')} AND ${IS_ONLINE}`;
  return updateOfTwo('presence.enter_alone', { table: raw('presence AS p'), set: BEGUN, where }, along);
}

/** Enters those of the users `userIds` who are online after `onlineAfter` and for which `only`, about presence `p`, is true. */
export function enteringOnline<P>(only: Sql<P>) {
  const text = sql`UPDATE presence AS p SET ${BEGUN} WHERE p.user_id IN (${ints('userIds')}) AND ${IS_ONLINE} AND ${only}`;
  return write('presence.enter', 'safe', text);
}

const PRESENCE = columns('presence', 'p', ['user_id', 'alive_until']);

/** Reads those of the users `userIds` for which `only`, about presence `p`, is true. */
export function presencesOf<P>(only: Sql<P>) {
  const text = sql`SELECT ${PRESENCE} FROM presence p WHERE p.user_id IN (${ints('userIds')}) AND ${only}`;
  return read('presence.who_entered', PRESENCE, text);
}

const BEGIN_ALL = write(
  'presence.begin_all',
  'safe',
  sql`UPDATE presence SET ${BEGUN} WHERE user_id IN (${ints('userIds')})`,
);

/** Updates users who may be offline. False: none of them has an account. */
export async function beginPresences(
  db: Executor,
  userIds: readonly number[],
  attendance: Attendance,
): Promise<boolean> {
  return (await db.execute(BEGIN_ALL, { ...attendance, userIds })).affected > 0;
}
