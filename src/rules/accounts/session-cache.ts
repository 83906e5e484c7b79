/**
 * Whether callers are still signed in. Those who ask together are one batch; a session that was just seen is believed for
 * at most two seconds, by reads only, and never across a sign-out that this process has seen.
 */
import type { RequestBudget } from '../../base/request-budget';
import { type LiveSession, proveSessions, type RecentSession, type SessionKey } from '../../data/accounts/sessions';
import { type BatcherParts, createBatcher } from '../../data/engine/batcher';

const BELIEVED_MS = 2_000;
/** More are hardly seen in that time; what is left over would only be in the way of the garbage collector. */
const MAX_SESSIONS = 10_000;

export interface SessionCache {
  /** The session where it may be believed without asking. */
  recent(key: SessionKey): RecentSession | undefined;
  /** Asks for it; undefined where it has ended. */
  prove(key: SessionKey, budget: RequestBudget): Promise<LiveSession | undefined>;
  /** A session ended, or all of a user's. */
  clear(): void;
}

export function createSessionCache(parts: BatcherParts): SessionCache {
  /** By id; `until` (performance.now()) they are believed. */
  let sessions = new Map<string, { session: RecentSession; until: number }>();
  const ask = createBatcher(parts, { name: 'sessions', keyOf: (key: SessionKey) => key.id, run: proveSessions });

  return {
    recent({ id, userId }) {
      const known = sessions.get(id);
      return known && known.session.userId === userId && known.until > performance.now() ? known.session : undefined;
    },
    async prove(key, budget) {
      const current = sessions;
      const until = performance.now() + BELIEVED_MS;
      const session = await ask(key, budget);
      if (session && current === sessions) {
        if (sessions.size >= MAX_SESSIONS) sessions.clear();
        sessions.set(session.id, { session, until });
      }
      return session;
    },
    clear() {
      sessions = new Map();
    },
  };
}
