/**
 * Whether callers are still signed in. Requests that only read trust a session that was found within the last two seconds,
 * unless this process has seen a sign-out since.
 */
import { type LiveSession, proveSession, type RecentSession, type SessionKey } from '../../data/accounts/sessions';
import type { Kept } from '../../data/engine/changes';
import type { Database } from '../../data/engine/database';

const BELIEVED_MS = 2_000;
/** Few processes see more in that time. Older entries would only cost memory and garbage collection. */
const MAX_SESSIONS = 10_000;

export interface SessionCache extends Kept {
  /** The session, if it was found recently enough. */
  recent(key: SessionKey): RecentSession | undefined;
  /** Asks the database; undefined: the session has ended. */
  prove(db: Database, key: SessionKey): Promise<LiveSession | undefined>;
}

export function createSessionCache(): SessionCache {
  /** Keyed by id. `until`: when trust ends (performance.now()). */
  let sessions = new Map<string, { session: RecentSession; until: number }>();

  return {
    recent({ id, userId }) {
      const known = sessions.get(id);
      return known && known.session.userId === userId && known.until > performance.now() ? known.session : undefined;
    },
    async prove(db, key) {
      const current = sessions;
      const until = performance.now() + BELIEVED_MS;
      const session = await proveSession(db, key);
      if (session && current === sessions) {
        if (sessions.size >= MAX_SESSIONS) sessions.clear();
        sessions.set(session.id, { session, until });
      }
      return session;
    },
    concernedBy: ['sessions'],
    forget() {
      sessions = new Map();
    },
  };
}
