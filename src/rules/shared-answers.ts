/**
 * What many requests of one process ask for at the same moment, asked once. Two things only:
 *   - a room list is shared for at most a second, and dropped whenever this process changes anything a list shows;
 *   - a session that was just seen is believed for at most two seconds, by reads only, and never across a sign-out that
 *     this process has seen.
 */

import { PreparedJson } from '../base/prepared-json';
import type { LiveSession, RecentSession, SessionKey } from '../data/sessions';

/** People refresh a list by pulling at it; a second is not noticed. Milliseconds. */
const LIST_MS = 1_000;
const SESSION_MS = 2_000;
const MOST_LISTS = 500;
const MOST_SESSIONS = 50_000;

export interface SharedAnswers {
  /** The list under `key`, or what `load` gives. `now` is the service's clock. */
  list(key: string, now: number, load: () => Promise<unknown>): Promise<PreparedJson>;
  /** A list may look different from now on. */
  forgetLists(): void;
  /** The session where it may be believed without asking. */
  recentSession(key: SessionKey): RecentSession | undefined;
  /** Proves a session and remembers a good result. */
  checkSession(prove: () => Promise<LiveSession | undefined>): Promise<LiveSession | undefined>;
  /** A session ended, or all of a user's. */
  forgetSessions(): void;
}

interface List {
  at: number;
  data: Promise<PreparedJson>;
}

export function createSharedAnswers(): SharedAnswers {
  /** Oldest first: a long one must not stay in memory after its second. */
  let lists = new Map<string, List>();
  /** By id; `until` (performance.now()) they are believed. */
  let sessions = new Map<string, { session: RecentSession; until: number }>();

  return {
    list(key, now, load) {
      const known = lists.get(key);
      // Also a clock that was set back must not keep a list.
      if (known && Math.abs(now - known.at) < LIST_MS) return known.data;
      const current = lists;
      for (const [old, { at }] of current) {
        if (Math.abs(now - at) < LIST_MS) break;
        current.delete(old);
      }
      const data = load().then((value) => new PreparedJson(value));
      data.catch(() => current.delete(key));
      if (current.size >= MOST_LISTS) current.clear();
      current.set(key, { at: now, data });
      return data;
    },
    forgetLists() {
      // Whoever waits for a list begun before keeps waiting for it; nobody who comes later sees it.
      lists = new Map();
    },
    recentSession({ id, userId }) {
      const known = sessions.get(id);
      return known && known.session.userId === userId && known.until > performance.now() ? known.session : undefined;
    },
    async checkSession(prove) {
      const current = sessions;
      const until = performance.now() + SESSION_MS;
      const session = await prove();
      if (session && current === sessions) {
        if (sessions.size >= MOST_SESSIONS) sessions.clear();
        sessions.set(session.id, { session, until });
      }
      return session;
    },
    forgetSessions() {
      sessions = new Map();
    },
  };
}
