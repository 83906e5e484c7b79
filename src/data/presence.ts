/** Until when a user counts as there. The rules (what sets which time) are in rules/presence. */
import type { Executor, Statement } from './engine/database';
import type { SessionKey } from './sessions';

export interface SignOfLife {
  userId: number;
  /** When it happened, by its source's clock (ms). */
  at: number;
  /** alive_until for a user whose app beats, and for one whose app does not. */
  armedUntil: number;
  unarmedUntil: number;
}

/** Going live, or entering: the user is there, and missed beats count only after the next beat. False: deleted. */
export async function beginPresence(
  db: Executor,
  userId: number,
  times: { now: number; until: number },
): Promise<boolean> {
  const result = await db.run(
    db.build
      .updateTable('presence')
      .set({ alive_until: times.until, seen_at: times.now, armed: 0 })
      .where('user_id', '=', userId),
  );
  return result.affected > 0;
}

/** Any other sign of life. An older one than the last event changes nothing. */
export async function recordSignOfLife(db: Executor, sign: SignOfLife): Promise<void> {
  const { userId, at, armedUntil, unarmedUntil } = sign;
  const statement: Statement = {
    sql: `UPDATE presence SET
      alive_until = CASE WHEN armed = 1 AND alive_until < ? THEN ? WHEN armed = 0 AND alive_until < ? THEN ? ELSE alive_until END,
      seen_at = CASE WHEN seen_at < ? THEN ? ELSE seen_at END,
      event_at = ?
      WHERE user_id = ? AND event_at <= ?`,
    parameters: [armedUntil, armedUntil, unarmedUntil, unarmedUntil, at, at, at, userId, at],
  };
  await db.run(statement);
}

/** IM or TRTC says that the user went away at `at`: gone at `until` unless something newer says otherwise. */
export async function recordDisconnect(
  db: Executor,
  userId: number,
  times: { at: number; until: number },
): Promise<void> {
  const statement: Statement = {
    sql: `UPDATE presence SET
      alive_until = CASE WHEN seen_at <= ? AND alive_until > ? THEN ? ELSE alive_until END, event_at = ?
      WHERE user_id = ? AND event_at <= ?`,
    parameters: [times.at, times.until, times.until, times.at, userId, times.at],
  };
  await db.run(statement);
}

/**
 * The user said goodbye with this session; nothing happens where it has ended before. Older news that come later change
 * nothing, and other sessions may still beat.
 */
export async function endPresence(tx: Executor, session: SessionKey, now: number): Promise<void> {
  const statement: Statement = {
    sql: `UPDATE presence SET
      alive_until = CASE WHEN alive_until > ? THEN ? ELSE alive_until END, armed = 0, seen_at = ?,
      event_at = CASE WHEN event_at < ? THEN ? ELSE event_at END
      WHERE user_id = ? AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = ? AND s.user_id = ?)`,
    parameters: [now, now, now, now, now, session.userId, session.id, session.userId],
  };
  await tx.run(statement);
}
