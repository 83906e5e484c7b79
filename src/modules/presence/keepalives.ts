/**
 * Keepalives that arrive together share one statement. Nothing is held back for it: the first goes out at once, and those
 * that come while it is under way go together next. Every answer waits for the statement that has its beat in it.
 */

import type { Database } from '../../repositories/database';
import {
  type KeepaliveResult,
  type KeepaliveTimes,
  keepalive,
  keepaliveMany,
  type SessionKey,
} from '../../repositories/sessions';

interface Beat {
  db: Database;
  session: SessionKey;
  times: KeepaliveTimes;
  since: number;
  resolve: (result: KeepaliveResult) => void;
  reject: (error: unknown) => void;
}

export type Keepalives = (db: Database, session: SessionKey, times: KeepaliveTimes) => Promise<KeepaliveResult>;

const MOST = 64;
/** Behind a statement that hangs nobody waits longer than this before trying for himself (ms). */
const PATIENCE_MS = 50;

/** One statement for all; where it touched fewer than it should, one of them has no session: each for itself then. */
async function store(beats: readonly Beat[]): Promise<void> {
  const [first, ...others] = beats;
  if (!first) return;
  try {
    if (others.length === 0) {
      first.resolve(await keepalive(first.db, first.session, first.times));
      return;
    }
    const sessions = beats.map((beat) => beat.session);
    const { alive, revived } = await keepaliveMany(first.db, sessions, first.times);
    if (alive === beats.length) for (const beat of beats) beat.resolve({ alive: true, revived });
    else await Promise.all(beats.map((beat) => store([beat])));
  } catch (error) {
    for (const beat of beats) beat.reject(error);
  }
}

export function createKeepalives(): Keepalives {
  let waiting: Beat[] = [];
  let workers = 0;
  let watched = false;

  /** Up to MOST beats of different users: the count of rows touched must be that of the beats. */
  function take(): Beat[] {
    const users = new Set<number>();
    const taken: Beat[] = [];
    const left: Beat[] = [];
    for (const beat of waiting) {
      const fits = taken.length < MOST && !users.has(beat.session.userId);
      (fits ? taken : left).push(beat);
      users.add(beat.session.userId);
    }
    waiting = left;
    return taken;
  }

  async function work(): Promise<void> {
    workers += 1;
    while (waiting.length > 0) await store(take());
    workers -= 1;
  }

  function watch(ms: number): void {
    watched = true;
    setTimeout(impatient, ms);
  }

  function impatient(): void {
    watched = false;
    const [oldest] = waiting;
    if (!oldest) return;
    const left = oldest.since + PATIENCE_MS - performance.now();
    if (left <= 0) void work();
    else watch(left);
  }

  return (db, session, times) =>
    new Promise((resolve, reject) => {
      waiting.push({ db, session, times, since: performance.now(), resolve, reject });
      if (workers === 0) void work();
      else if (!watched) watch(PATIENCE_MS);
    });
}
