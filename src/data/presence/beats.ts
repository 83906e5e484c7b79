/**
 * Keepalives: what the apps send every ten seconds, many of them in one statement. A beat is written only where the row
 * is not fresh enough; it counts only where its session is still there.
 */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { sharedLock } from '../engine/dialect';
import { both, columns, computed, list, raw, read, type Sql, sql, write } from '../engine/sql';
import { isLive } from '../rooms/room-states';

export interface BeatTimes {
  now: number;
  aliveUntil: number;
  /** A row alive until at least this is fresh enough to be left as it is. */
  freshUntil: number;
}

export interface BeatResult {
  /** False: the session has ended. */
  alive: boolean;
  /** The user was offline before, and has an open room or is in one: lists may look different. */
  cameBack: boolean;
}

/**
 * MySQL evaluates assignments from left to right, other servers all of them with the old values: in this order it is the
 * same. A row whose values stay what they were is not written.
 */
function assignments({ now, aliveUntil, freshUntil }: BeatTimes): Sql {
  const fresh = sql`heartbeat_seen = 1 AND alive_until >= ${freshUntil}`;
  return sql`seen_at = CASE WHEN ${fresh} THEN seen_at ELSE ${now} END,
    alive_until = CASE WHEN ${fresh} THEN alive_until ELSE ${aliveUntil} END, heartbeat_seen = 1`;
}

/** Each user's own session is there. Locked until the commit: a sign-out comes before all of the beat or after it. */
function withSession(db: Executor, keys: readonly SessionKey[]): Sql {
  const users = list(keys.map((key) => key.userId));
  const ids = list(keys.map((key) => key.id));
  return sql`user_id IN (${users}) AND EXISTS
    (SELECT 1 FROM sessions s WHERE s.user_id = presence.user_id AND s.id IN (${ids}) ${sharedLock(db)})`;
}

/** Whoever comes back into no room changes nothing that others see; after an outage that is almost everybody, at once. */
const IS_SHOWN = sql`CASE WHEN EXISTS (SELECT 1 FROM rooms r WHERE r.owner_id = p.user_id AND ${isLive('r')})
  OR EXISTS (SELECT 1 FROM members m WHERE m.user_id = p.user_id AND m.present = 1) THEN 1 ELSE 0 END`;
const LIVING = both(
  computed<{ session: string; shown: number }>({ session: raw('s.id'), shown: IS_SHOWN }),
  columns('presence', 'p', ['user_id', 'alive_until']),
);

function findLiving(db: Executor, keys: readonly SessionKey[]) {
  const statement = sql`SELECT ${LIVING} FROM sessions s JOIN presence p ON p.user_id = s.user_id
    WHERE s.id IN (${list(keys.map((key) => key.id))})`;
  return db.query(read('presence.find_living', LIVING, statement));
}

/**
 * Records one beat each of different users. One statement while all of them are online; where it finds fewer, a second one
 * says whose sessions have ended and who was offline, and a third one brings those back.
 */
export async function recordBeats(
  db: Executor,
  keys: readonly SessionKey[],
  times: BeatTimes,
): Promise<readonly BeatResult[]> {
  const beat = (condition: Sql) => sql`UPDATE presence SET ${assignments(times)} WHERE ${condition}`;
  const online = sql`${withSession(db, keys)} AND alive_until > ${times.now}`;
  const { affected } = await db.execute(write('presence.beat', 'safe', beat(online)));
  if (affected === keys.length) return keys.map(() => ({ alive: true, cameBack: false }));
  const living = new Map((await findLiving(db, keys)).map((row) => [row.session, row]));
  const results = keys.map((key) => {
    const found = living.get(key.id);
    const alive = found?.user_id === key.userId;
    const wasOffline = alive && found.alive_until <= times.now;
    return { key, alive, wasOffline, cameBack: wasOffline && found.shown === 1 };
  });
  const back = results.filter((result) => result.wasOffline).map((result) => result.key);
  if (back.length > 0) await db.execute(write('presence.come_back', 'safe', beat(withSession(db, back))));
  if (results.some(({ cameBack }) => cameBack)) db.changed('rooms');
  return results;
}

export interface Heartbeat {
  session: SessionKey;
  times: BeatTimes;
}

/** Records the heartbeat of one user. Those of a batch arrived within milliseconds and share the first one's times. */
export const recordHeartbeat = batched<Heartbeat, BeatResult>({
  name: 'keepalives',
  // A user has one row: two heartbeats of one user are two batches.
  keyOf: ({ session }) => session.userId,
  run: (db, heartbeats) => {
    const sessions = heartbeats.map(({ session }) => session);
    return recordBeats(db, sessions, heartbeats[0].times);
  },
});
