/** What moves the time until which a user is online, beside the beats. What sets which time is in rules/presence. */

import type { SessionKey } from '../accounts/sessions';
import type { Along } from '../engine/along';
import type { Executor } from '../engine/database';
import { type Sql, sql, type Write, write } from '../engine/sql';
import { ROOM_STATUS } from '../rooms/room-states';

/** A user of one tenant: what another tenant says of the same number says nothing. */
export interface UserOfTenant {
  tenant: string;
  userId: number;
}

function isUser({ tenant, userId }: UserOfTenant): Sql {
  return sql`user_id = ${userId}
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = ${userId} AND u.tenant = ${tenant})`;
}

export interface SignOfLife extends UserOfTenant {
  /** When it happened, by its source's clock (ms). */
  at: number;
  /** alive_until for a user whose app beats, and for one whose app does not (yet). */
  untilNextBeat: number;
  untilIdle: number;
}

/** Assignments of an UPDATE of presence, where no event is newer. */
function seenAlive({ at, untilNextBeat, untilIdle }: Omit<SignOfLife, keyof UserOfTenant>): Sql {
  return sql`alive_until = CASE WHEN heartbeat_seen = 1 AND alive_until < ${untilNextBeat} THEN ${untilNextBeat}
      WHEN heartbeat_seen = 0 AND alive_until < ${untilIdle} THEN ${untilIdle} ELSE alive_until END,
    seen_at = CASE WHEN seen_at < ${at} THEN ${at} ELSE seen_at END, event_at = ${at}`;
}

/** The same with the UPDATE of a room, which must be the user's. */
export function seenWith(sign: SignOfLife): Along {
  const join = sql`LEFT JOIN presence ON presence.user_id = rooms.owner_id AND presence.event_at <= ${sign.at}`;
  return { together: () => ({ join, set: seenAlive(sign) }), alone: () => signOfLife(sign), order: 'after' };
}

function signOfLife(sign: SignOfLife): Write {
  const statement = sql`UPDATE presence SET ${seenAlive(sign)} WHERE ${isUser(sign)} AND event_at <= ${sign.at}`;
  return write('presence.record_sign_of_life', 'safe', statement);
}

/** Any other sign of life. An older one than the last event changes nothing. */
export async function recordSignOfLife(db: Executor, sign: SignOfLife): Promise<void> {
  if ((await db.execute(signOfLife(sign))).affected > 0) db.changed('rooms');
}

/**
 * IM or TRTC says that the user went away at `at`: gone at `until` unless something newer says otherwise. `silentSince`:
 * only where there was no sign of life after that.
 */
export async function recordDisconnect(
  db: Executor,
  user: UserOfTenant,
  times: { at: number; until: number; silentSince: number },
): Promise<void> {
  const { at, until, silentSince } = times;
  const statement = sql`UPDATE presence SET
    alive_until = CASE WHEN seen_at <= ${at} AND alive_until > ${until} THEN ${until} ELSE alive_until END,
    event_at = ${at}
    WHERE ${isUser(user)} AND event_at <= ${at} AND seen_at <= ${silentSince}`;
  if ((await db.execute(write('presence.record_disconnect', 'safe', statement))).affected > 0) db.changed('rooms');
}

/**
 * The user said goodbye with this session; nothing happens where it has ended before, or where the user is live in another
 * one. Older news that come later change nothing, and other sessions may still beat.
 */
export async function endPresence(tx: Executor, session: SessionKey, now: number): Promise<void> {
  const statement = sql`UPDATE presence SET
    alive_until = CASE WHEN alive_until > ${now} THEN ${now} ELSE alive_until END, heartbeat_seen = 0, seen_at = ${now},
    event_at = CASE WHEN event_at < ${now} THEN ${now} ELSE event_at END
    WHERE user_id = ${session.userId}
      AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = ${session.id} AND s.user_id = ${session.userId})
      AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.owner_id = ${session.userId}
        AND r.status IN (${ROOM_STATUS.live}, ${ROOM_STATUS.opening}) AND r.session_id NOT IN ('', ${session.id}))`;
  if ((await tx.execute(write('presence.end', 'safe', statement))).affected > 0) tx.changed('rooms');
}

/** Makes other transactions that lock the same user wait until this one ends. False if the account has been deleted. */
export async function lockPresence(tx: Executor, userId: number): Promise<boolean> {
  const statement = sql`UPDATE presence SET user_id = user_id WHERE user_id = ${userId}`;
  return (await tx.execute(write('presence.lock', 'safe', statement))).affected > 0;
}
