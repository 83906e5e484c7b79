/**
 * Requests that arrive together share their statements. Nothing is held back for it: the first goes out at once, and those
 * that come while it is under way go together next, at the latest when they are as many as go together. Every answer waits for the statement that has its own part in it. A
 * batch has a budget of its own; what it costs stands in the log line of everybody who waited for it.
 */
import { type Metrics, NO_METRICS } from '../base/metrics';
import { RequestBudget } from '../base/request-budget';
import type { Database } from '../data/engine/database';
import type { DatabaseSource } from '../data/engine/open';

const MAX_BATCH = 64;
/** Where a whole batch waits already, waiting longer gains nothing; so many of one kind are under way at once then. */
const AT_ONCE = 3;
/** Behind a statement that hangs nobody waits longer than this before trying for himself (ms). */
const PATIENCE_MS = 50;

interface Waiting<I, O> {
  input: I;
  budget: RequestBudget;
  since: number;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

/** Of one key; the first `taken` of its entries are gone. */
interface Queue<I, O> {
  entries: Waiting<I, O>[];
  taken: number;
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
  /** By key, and those of one key in the order in which they came: whoever sends thousands makes nobody look at them. */
  const waiting = new Map<unknown, Queue<I, O>>();
  let workers = 0;
  let watched = false;

  function enqueue(entry: Waiting<I, O>): void {
    const key = keyOf(entry.input);
    const queue = waiting.get(key);
    if (queue) {
      // Of a key that never runs dry, what is gone must not stay for ever.
      if (queue.taken >= MAX_BATCH && queue.taken * 2 > queue.entries.length) {
        queue.entries = queue.entries.slice(queue.taken);
        queue.taken = 0;
      }
      queue.entries.push(entry);
    } else waiting.set(key, { entries: [entry], taken: 0 });
  }

  /** The first of each key; a key with more waits behind the others. */
  function take(): Waiting<I, O>[] {
    const batch: Waiting<I, O>[] = [];
    const more: [unknown, Queue<I, O>][] = [];
    for (const [key, queue] of waiting) {
      if (batch.length === MAX_BATCH) break;
      const entry = queue.entries[queue.taken];
      queue.taken += 1;
      if (entry) batch.push(entry);
      waiting.delete(key);
      if (queue.taken < queue.entries.length) more.push([key, queue]);
    }
    for (const [key, queue] of more) waiting.set(key, queue);
    return batch;
  }

  /** Since when the first of the first key waits; undefined where nobody does. */
  function waitingSince(): number | undefined {
    const [queue] = waiting.values();
    return queue?.entries[queue.taken]?.since;
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
    while (waiting.size > 0) await answer(take());
    workers -= 1;
  }

  function watch(ms: number): void {
    watched = true;
    setTimeout(impatient, ms);
  }

  function impatient(): void {
    watched = false;
    const since = waitingSince();
    if (since === undefined) return;
    const left = since + PATIENCE_MS - performance.now();
    if (left <= 0) void work();
    // Also behind a worker that hangs in its turn somebody goes on looking.
    watch(Math.max(left, PATIENCE_MS / 2));
  }

  return (input, budget) =>
    new Promise((resolve, reject) => {
      enqueue({ input, budget, since: performance.now(), resolve, reject });
      if (workers === 0 || (waiting.size >= MAX_BATCH && workers < AT_ONCE)) void work();
      else if (!watched) watch(PATIENCE_MS);
    });
}
