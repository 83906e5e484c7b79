/** Until when a user counts as there. The rules (what sets which time) are in modules/presence. */
import type { Executor, Statement } from './database';

export interface SignOfLife {
  userId: number;
  /** When it happened, by its source's clock (ms). */
  at: number;
  /** alive_until for a user whose app beats, and for one whose app does not. */
  armedUntil: number;
  unarmedUntil: number;
}

/** Going live, or entering: the user is there, and missed beats count only after the next beat. */
export async function beginPresence(
  db: Executor,
  userId: number,
  times: { now: number; until: number },
): Promise<void> {
  await db.run(
    db.build
      .updateTable('presence')
      .set({ alive_until: times.until, seen_at: times.now, armed: 0 })
      .where('user_id', '=', userId),
  );
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

/** The user said goodbye. */
export async function endPresence(db: Executor, userId: number, now: number): Promise<void> {
  await db.run(
    db.build
      .updateTable('presence')
      .set({ alive_until: now, armed: 0 })
      .where('user_id', '=', userId)
      .where('alive_until', '>', now),
  );
}
