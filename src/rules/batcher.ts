/**
 * Requests that arrive together share one statement. Nothing is held back for it: the first goes out at once, and those
 * that come while it is under way go together next. Every answer waits for the statement that has its own part in it.
 */

const MOST = 64;
/** Behind a statement that hangs nobody waits longer than this before trying for himself (ms). */
const PATIENCE_MS = 50;

interface Waiting<I, O> {
  input: I;
  since: number;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

export interface SharedWork<I, O> {
  /** Inputs with the same key never go into one statement. */
  keyOf: (input: I) => unknown;
  /** Does all of them, one to MOST; gives their outputs in the same order. */
  run: (inputs: readonly I[]) => Promise<readonly O[]>;
}

export function createSharing<I, O>({ keyOf, run }: SharedWork<I, O>): (input: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  let workers = 0;
  let watched = false;

  function take(): Waiting<I, O>[] {
    const keys = new Set<unknown>();
    const taken: Waiting<I, O>[] = [];
    const left: Waiting<I, O>[] = [];
    for (const entry of waiting) {
      const key = keyOf(entry.input);
      const fits = taken.length < MOST && !keys.has(key);
      (fits ? taken : left).push(entry);
      keys.add(key);
    }
    waiting = left;
    return taken;
  }

  async function answer(entries: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const outputs = await run(entries.map((entry) => entry.input));
      // run() gives an output for every input.
      for (const [index, entry] of entries.entries()) entry.resolve(outputs[index] as O);
    } catch (error) {
      for (const entry of entries) entry.reject(error);
    }
  }

  async function work(): Promise<void> {
    workers += 1;
    while (waiting.length > 0) await answer(take());
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
    // Also behind a worker that hangs in its turn somebody goes on looking.
    watch(Math.max(left, PATIENCE_MS / 2));
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, since: performance.now(), resolve, reject });
      if (workers === 0) void work();
      else if (!watched) watch(PATIENCE_MS);
    });
}
