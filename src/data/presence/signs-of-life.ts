/** Changes of the time until which a user is online, other than heartbeats. rules/presence decides which time is set. */

import type { Executor } from '../engine/database';
import type { Along } from '../engine/several-tables';
import { int, sql, text, write } from '../engine/sql';

/** A user of one tenant. Events of another tenant with the same number do not count. */
export interface UserOfTenant {
  tenant: string;
  userId: number;
}

const IS_USER = sql`user_id = ${int('userId')}
  AND EXISTS (SELECT 1 FROM users u WHERE u.id = ${int('userId')} AND u.tenant = ${text('tenant')})`;

export interface SignOfLife extends UserOfTenant {
  /** The time of the event, by its source's clock (ms). */
  at: number;
  /** alive_until for a user whose app sends heartbeats, and for other users. */
  untilNextBeat: number;
  untilIdle: number;
}

/** Assignments of an UPDATE of presence, if no event is newer. */
const SEEN_ALIVE = sql`alive_until = CASE
    WHEN heartbeat_seen = 1 AND alive_until < ${int('untilNextBeat')} THEN ${int('untilNextBeat')}
    WHEN heartbeat_seen = 0 AND alive_until < ${int('untilIdle')} THEN ${int('untilIdle')} ELSE alive_until END,
  seen_at = CASE WHEN seen_at < ${int('at')} THEN ${int('at')} ELSE seen_at END, event_at = ${int('at')}`;
const SIGN_OF_LIFE = write(
  'presence.record_sign_of_life',
  'safe',
  sql`UPDATE presence SET ${SEEN_ALIVE} WHERE ${IS_USER} AND event_at <= ${int('at')}`,
);
const SIGN_OF_ONLINE = write(
  'presence.record_sign_of_online',
  'safe',
  sql`UPDATE presence SET ${SEEN_ALIVE} WHERE ${IS_USER} AND event_at <= ${int('at')} AND alive_until > ${int('now')}`,
);

/** The same with the UPDATE of a room, which must be the user's. */
export const SEEN_WITH_ROOM = {
  join: sql`LEFT JOIN presence ON presence.user_id = rooms.owner_id AND presence.event_at <= ${int('at')}`,
  set: SEEN_ALIVE,
  single: SIGN_OF_LIFE,
  order: 'after',
} as const satisfies Along<SignOfLife>;

/**
 * Any other activity. An older one than the last event changes nothing. One statement for a user who is online, and lists stay as
 * they are; a user who comes back takes a second one.
 */
export async function recordSignOfLife(db: Executor, sign: SignOfLife, now: number): Promise<void> {
  if ((await db.execute(SIGN_OF_ONLINE, { ...sign, now })).affected > 0) return;
  if ((await db.execute(SIGN_OF_LIFE, sign)).affected > 0) db.changed('rooms');
}

const RECORD_DISCONNECT = write(
  'presence.record_disconnect',
  'safe',
  sql`UPDATE presence SET
    alive_until = CASE WHEN seen_at <= ${int('at')} AND alive_until > ${int('until')} THEN ${int('until')} ELSE alive_until END,
    event_at = ${int('at')}
    WHERE ${IS_USER} AND event_at <= ${int('at')} AND seen_at <= ${int('silentSince')}`,
);

/**
 * IM or TRTC says that the user went away at `at`: gone at `until` unless a newer event says otherwise. `silentSince`: only if
 * there was no activity after that. Lists look different only if `until` is over at `now`.
 */
export async function recordDisconnect(
  db: Executor,
  user: UserOfTenant,
  { now, ...times }: { at: number; until: number; silentSince: number; now: number },
): Promise<void> {
  const { affected } = await db.execute(RECORD_DISCONNECT, { ...user, ...times });
  if (affected > 0 && times.until <= now) db.changed('rooms');
}

const LOCK = write(
  'presence.lock',
  'safe',
  sql`UPDATE presence SET user_id = user_id WHERE user_id = ${int('userId')}`,
);

/** Makes other transactions that lock the same user wait until this one ends. False if the account has been deleted. */
export async function lockPresence(tx: Executor, userId: number): Promise<boolean> {
  return (await tx.execute(LOCK, { userId })).affected > 0;
}
