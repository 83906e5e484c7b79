/**
 * Answers that are the same for everybody who asks at the same moment: room lists, and what is in a room that thousands
 * look at. Each is shared for at most a second, and all of them are dropped whenever this process changes anything that
 * one of them shows.
 */

/** People refresh a list by pulling at it; a second is not noticed. Milliseconds. */
const SHARED_MS = 1_000;
const MAX_ANSWERS = 2_000;

export interface AnswerCache {
  /** The answer under `key`, or what `load` gives. `now` is the service's clock. Failures are not shared. */
  get<T>(key: string, now: number, load: () => Promise<T>): Promise<T>;
  /** Answers may look different from now on. */
  clear(): void;
}

interface Entry {
  at: number;
  answer: Promise<unknown>;
}

export function createAnswerCache(): AnswerCache {
  /** Oldest first: a long one must not stay in memory after its second. */
  let entries = new Map<string, Entry>();

  function makeRoom(now: number): void {
    for (const [key, { at }] of entries) {
      if (entries.size < MAX_ANSWERS && Math.abs(now - at) < SHARED_MS) return;
      entries.delete(key);
    }
  }

  return {
    get<T>(key: string, now: number, load: () => Promise<T>): Promise<T> {
      const known = entries.get(key);
      // Also a clock that was set back must not keep an answer. What is under a key is what that key's `load` gave.
      if (known && Math.abs(now - known.at) < SHARED_MS) return known.answer as Promise<T>;
      const current = entries;
      // Behind all others, where the newest are.
      current.delete(key);
      makeRoom(now);
      const answer = load();
      answer.catch(() => current.delete(key));
      current.set(key, { at: now, answer });
      return answer;
    },
    clear() {
      // Whoever waits for an answer begun before keeps waiting for it; nobody who comes later sees it.
      entries = new Map();
    },
  };
}
