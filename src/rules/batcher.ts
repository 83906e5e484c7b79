/**
 * Requests that arrive together share their statements. Nothing is held back for it: the first goes out at once, and those
 * that come while it is under way go together next. Every answer waits for the statement that has its own part in it. A
 * batch has a budget of its own; what it costs stands in the log line of everybody who waited for it.
 */
import { type Metrics, NO_METRICS } from '../base/metrics';
import { RequestBudget } from '../base/request-budget';
import type { Database } from '../data/engine/database';
import type { DatabaseSource } from '../data/engine/open';

const MAX_BATCH = 64;
/** Behind a statement that hangs nobody waits longer than this before trying for himself (ms). */
const PATIENCE_MS = 50;

interface Waiting<I, O> {
  input: I;
  budget: RequestBudget;
  since: number;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

export interface BatchedWork<I, O> {
  /** For whoever watches how large the batches are. */
  name: string;
  /** Inputs with the same key never go into one batch. */
  keyOf: (input: I) => unknown;
  /** Does all of them, one to MAX_BATCH; gives their outputs in the same order. */
  run: (db: Database, inputs: readonly I[]) => Promise<readonly O[]>;
}

/** Does the work of one input in a batch; the budget is that of the request that waits for it. */
export type Batcher<I, O> = (input: I, budget: RequestBudget) => Promise<O>;

/** What batches are made with: compose.ts has both. */
export interface BatcherParts {
  database: Pick<DatabaseSource, 'forRequest'>;
  metrics?: Pick<Metrics, 'batch'>;
}

export function createBatcher<I, O>(
  { database, metrics = NO_METRICS }: BatcherParts,
  { name, keyOf, run }: BatchedWork<I, O>,
): Batcher<I, O> {
  let waiting: Waiting<I, O>[] = [];
  let workers = 0;
  let watched = false;

  function take(): Waiting<I, O>[] {
    const keys = new Set<unknown>();
    const taken: Waiting<I, O>[] = [];
    const left: Waiting<I, O>[] = [];
    for (const entry of waiting) {
      const key = keyOf(entry.input);
      const fits = taken.length < MAX_BATCH && !keys.has(key);
      (fits ? taken : left).push(entry);
      keys.add(key);
    }
    waiting = left;
    return taken;
  }

  async function answer(entries: readonly Waiting<I, O>[]): Promise<void> {
    const budget = new RequestBudget();
    metrics.batch(name, entries.length);
    try {
      const outputs = await run(
        database.forRequest(budget),
        entries.map((entry) => entry.input),
      );
      for (const entry of entries) entry.budget.waitedFor(budget);
      if (outputs.length !== entries.length) throw new Error(`${name} gave ${outputs.length} of ${entries.length}`);
      outputs.forEach((output, index) => void entries[index]?.resolve(output));
    } catch (error) {
      for (const entry of entries) {
        entry.budget.waitedFor(budget);
        entry.reject(error);
      }
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

  return (input, budget) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, budget, since: performance.now(), resolve, reject });
      if (workers === 0) void work();
      else if (!watched) watch(PATIENCE_MS);
    });
}
