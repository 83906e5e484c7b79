/**
 * Requests that arrive together share their statements. They are held back for it to the end of the turn of the event loop
 * and no longer: what was heard in it goes out together, and what comes while that is under way goes together next, at the
 * latest when it is as many as go together. Every answer waits for the statement that has its own part in it. A batch has a
 * budget of its own; what it costs stands in the log line of everybody who waited for it.
 */
import { type Metrics, NO_METRICS } from '../../base/metrics';
import { RequestBudget } from '../../base/request-budget';
import type { Database } from './database';
import type { DatabaseSource } from './open';
import { WaitingLine } from './waiting-line';

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

/** When everything that has arrived already has been looked at. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Runs one batch and gives everybody in it what is theirs. Never throws: what goes wrong is rejected to all of them. */
async function answer<I, O>(
  { database, metrics = NO_METRICS }: BatcherParts,
  { name, run }: BatchedWork<I, O>,
  entries: readonly Waiting<I, O>[],
): Promise<void> {
  const budget = new RequestBudget();
  metrics.batch(name, entries.length);
  const inputs = entries.map((entry) => entry.input);
  try {
    const outputs = await run(database.forRequest(budget), inputs);
    if (outputs.length !== entries.length) throw new Error(`${name} gave ${outputs.length} of ${entries.length}`);
    for (const entry of entries) entry.budget.waitedFor(budget);
    outputs.forEach((output, index) => void entries[index]?.resolve(output));
  } catch (error) {
    for (const entry of entries) {
      entry.budget.waitedFor(budget);
      entry.reject(error);
    }
  }
}

export function createBatcher<I, O>(parts: BatcherParts, batched: BatchedWork<I, O>): Batcher<I, O> {
  const line = new WaitingLine<Waiting<I, O>>(MAX_BATCH);
  let workers = 0;
  let watched = false;

  async function work(): Promise<void> {
    workers += 1;
    await endOfTurn();
    while (line.keys > 0) await answer(parts, batched, line.take());
    workers -= 1;
  }

  function watch(ms: number): void {
    watched = true;
    setTimeout(impatient, ms);
  }

  function impatient(): void {
    watched = false;
    const since = line.waitingSince;
    if (since === undefined) return;
    const left = since + PATIENCE_MS - performance.now();
    if (left <= 0) void work();
    // Also behind a worker that hangs in its turn somebody goes on looking.
    watch(Math.max(left, PATIENCE_MS / 2));
  }

  return (input, budget) =>
    new Promise((resolve, reject) => {
      line.add(batched.keyOf(input), { input, budget, since: performance.now(), resolve, reject });
      if (workers === 0 || (line.keys >= MAX_BATCH && workers < AT_ONCE)) void work();
      else if (!watched) watch(PATIENCE_MS);
    });
}
