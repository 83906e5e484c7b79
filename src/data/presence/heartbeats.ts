/**
 * Heartbeats (user_keepalive), which apps send every ten seconds, many of them in one statement. A heartbeat is written only if
 * the row is not fresh enough, and counts only if its session exists.
 */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { SHARED_LOCK } from '../engine/dialect';
import { both, columns, computed, int, ints, raw, read, sql, texts, write } from '../engine/sql';
import { isLive } from '../rooms/room-states';

export interface BeatTimes {
  now: number;
  aliveUntil: number;
  /** A row with at least this alive_until is fresh enough and is not written. */
  freshUntil: number;
}

export interface BeatResult {
  /** False: the session has ended. */
  alive: boolean;
  /** The user was offline before, and has an open room or is in one: lists may look different. */
  cameBack: boolean;
}

const IS_FRESH = sql`heartbeat_seen = 1 AND alive_until >= ${int('freshUntil')}`;
// MySQL evaluates assignments from left to right, SQLite all of them with the old values: in this order the result is the same.
// A row whose values do not change is not written. The session is locked until the commit: a sign-out comes before or after.
const BEAT = sql`UPDATE presence SET seen_at = CASE WHEN ${IS_FRESH} THEN seen_at ELSE ${int('now')} END,
    alive_until = CASE WHEN ${IS_FRESH} THEN alive_until ELSE ${int('aliveUntil')} END, heartbeat_seen = 1
  WHERE user_id IN (${ints('users')}) AND EXISTS
    (SELECT 1 FROM sessions s WHERE s.user_id = presence.user_id AND s.id IN (${texts('sessions')}) ${SHARED_LOCK})`;
const BEAT_ONLINE = write('presence.heartbeat', 'safe', sql`${BEAT} AND alive_until > ${int('now')}`);
const COME_BACK = write('presence.come_back', 'safe', BEAT);

/** A user who comes back and is in no room changes no list. After an outage that is almost every user. */
const IS_SHOWN = sql`CASE WHEN EXISTS (SELECT 1 FROM rooms r WHERE r.owner_id = p.user_id AND ${isLive('r')})
  OR EXISTS (SELECT 1 FROM members m WHERE m.user_id = p.user_id AND m.present = 1) THEN 1 ELSE 0 END`;
const LIVING = both(
  computed<{ session: string; shown: number }>({ session: raw('s.id'), shown: IS_SHOWN }),
  columns('presence', 'p', ['user_id', 'alive_until']),
);

const FIND_LIVING = read(
  'presence.find_living',
  LIVING,
  sql`SELECT ${LIVING} FROM sessions s JOIN presence p ON p.user_id = s.user_id WHERE s.id IN (${texts('sessions')})`,
);

export interface Heartbeat {
  session: SessionKey;
  times: BeatTimes;
}

/** Values of the statements above. */
function valuesOf(heartbeats: readonly Heartbeat[]) {
  const users: number[] = [];
  const sessions: string[] = [];
  for (const { session } of heartbeats) {
    users.push(session.userId);
    sessions.push(session.id);
  }
  return { users, sessions };
}

const STAYED: BeatResult = { alive: true, cameBack: false };

/**
 * Records one heartbeat each of different users, which arrived within milliseconds and share the times of the first. One statement
 * if all of them are online. If it finds fewer, a second one reads which sessions have ended and which users were offline, and a
 * third one brings those back.
 */
export async function recordBeats(
  db: Executor,
  heartbeats: readonly [Heartbeat, ...Heartbeat[]],
): Promise<readonly BeatResult[]> {
  const { times } = heartbeats[0];
  const values = valuesOf(heartbeats);
  const { affected } = await db.execute(BEAT_ONLINE, { ...times, ...values });
  if (affected === heartbeats.length) return Array<BeatResult>(heartbeats.length).fill(STAYED);
  const living = new Map((await db.query(FIND_LIVING, values)).map((row) => [row.session, row]));
  const results = heartbeats.map((heartbeat) => {
    const found = living.get(heartbeat.session.id);
    const alive = found?.user_id === heartbeat.session.userId;
    const wasOffline = alive && found.alive_until <= times.now;
    return { heartbeat, alive, wasOffline, cameBack: wasOffline && found.shown === 1 };
  });
  const back = results.filter((result) => result.wasOffline).map((result) => result.heartbeat);
  if (back.length > 0) await db.execute(COME_BACK, { ...times, ...valuesOf(back) });
  if (results.some(({ cameBack }) => cameBack)) db.changed('rooms');
  return results;
}

/** Records the heartbeat of one user. */
export const recordHeartbeat = batched<Heartbeat, BeatResult>({
  name: 'keepalives',
  // A user has one row: two heartbeats of one user are two batches.
  keyOf: ({ session }) => session.userId,
  run: recordBeats,
});
