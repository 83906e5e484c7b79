/** What moves the time until which a user is online, beside the beats. What sets which time is in rules/presence. */
import type { Executor } from '../engine/database';
import { columns, list, read, sql, write } from '../engine/sql';
import type { SessionKey } from '../sessions';

export interface SignOfLife {
  userId: number;
  /** When it happened, by its source's clock (ms). */
  at: number;
  /** alive_until for a user whose app beats, and for one whose app does not (yet). */
  untilNextBeat: number;
  untilIdle: number;
}

const USER = columns('presence', '', ['user_id']);

/**
 * Going live, or entering: the users are online, and missed beats count only after the next beat. Gives those who have an
 * account.
 */
export async function beginPresences(
  db: Executor,
  userIds: readonly number[],
  times: { now: number; until: number },
): Promise<ReadonlySet<number>> {
  const users = new Set(userIds);
  const these = sql`user_id IN (${list([...users])})`;
  const statement = sql`UPDATE presence SET alive_until = ${times.until}, seen_at = ${times.now}, heartbeat_seen = 0
    WHERE ${these}`;
  const { affected } = await db.execute(write('presence.begin', 'safe', statement));
  if (affected === users.size) return users;
  const rows = await db.query(read('presence.which_users', USER, sql`SELECT ${USER} FROM presence WHERE ${these}`));
  return new Set(rows.map((row) => row.user_id));
}

/** Any other sign of life. An older one than the last event changes nothing. */
export async function recordSignOfLife(db: Executor, sign: SignOfLife): Promise<void> {
  const { userId, at, untilNextBeat, untilIdle } = sign;
  const statement = sql`UPDATE presence SET
    alive_until = CASE WHEN heartbeat_seen = 1 AND alive_until < ${untilNextBeat} THEN ${untilNextBeat}
      WHEN heartbeat_seen = 0 AND alive_until < ${untilIdle} THEN ${untilIdle} ELSE alive_until END,
    seen_at = CASE WHEN seen_at < ${at} THEN ${at} ELSE seen_at END, event_at = ${at}
    WHERE user_id = ${userId} AND event_at <= ${at}`;
  await db.execute(write('presence.record_sign_of_life', 'safe', statement));
}

/** IM or TRTC says that the user went away at `at`: gone at `until` unless something newer says otherwise. */
export async function recordDisconnect(
  db: Executor,
  userId: number,
  times: { at: number; until: number },
): Promise<void> {
  const { at, until } = times;
  const statement = sql`UPDATE presence SET
    alive_until = CASE WHEN seen_at <= ${at} AND alive_until > ${until} THEN ${until} ELSE alive_until END,
    event_at = ${at}
    WHERE user_id = ${userId} AND event_at <= ${at}`;
  await db.execute(write('presence.record_disconnect', 'safe', statement));
}

/**
 * The user said goodbye with this session; nothing happens where it has ended before. Older news that come later change
 * nothing, and other sessions may still beat.
 */
export async function endPresence(tx: Executor, session: SessionKey, now: number): Promise<void> {
  const statement = sql`UPDATE presence SET
    alive_until = CASE WHEN alive_until > ${now} THEN ${now} ELSE alive_until END, heartbeat_seen = 0, seen_at = ${now},
    event_at = CASE WHEN event_at < ${now} THEN ${now} ELSE event_at END
    WHERE user_id = ${session.userId}
      AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = ${session.id} AND s.user_id = ${session.userId})`;
  await tx.execute(write('presence.end', 'safe', statement));
}
