/**
 * Questions of several requests that share their statements. A store declares with `batched` how many inputs are answered
 * in one statement; callers ask for one and never see the batch. The queues belong to the database source (open.ts).
 *
 * A batch is flushed at the end of the event-loop turn. Inputs that arrive while a batch runs form the next one, which starts
 * when the running one ends or when MAX_BATCH inputs wait. A single input runs on its request's
 * budget. A larger batch has a separate budget, and its cost is added to every request in it.
 */
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { RequestBudget } from '../../base/request-budget';
import type { BatchedWork, Database, InBatch } from './database';

const MAX_BATCH = 64;
/** Batches of one kind in flight while full ones wait: waiting longer would gain nothing. */
const MAX_IN_FLIGHT = 3;
/** A request never waits longer than this for a statement that hangs before another batch is tried (ms). */
const PATIENCE_MS = 50;
/**
 * Batches of one kind in flight at most. If all of them wait for one locked row, as entries of one room do, more would wait with them,
 * each with a connection and a few inputs; those that wait here instead share the next statement.
 */
const MOST_IN_FLIGHT = 6;

/** Declares a question of one request whose statements serve many. The queue of each kind exists once per source. */
export function batched<I, O>(work: BatchedWork<I, O>): (db: Database, input: I) => Promise<O> {
  return (db, input) => db.inBatch(work, input);
}

interface Waiting<I, O> {
  input: I;
  budget: RequestBudget;
  since: number;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

/** At least one. */
type Some<T> = readonly [T, ...T[]];

/** Shared by the batches of one source. */
interface Shared {
  handles: {
    /** A handle whose statements run on this budget. */
    forRequest(budget: RequestBudget): Database;
  };
  /** Called with every batch: the kind of work and how many inputs it has. */
  onBatch: (name: string, size: number) => void;
}

/** Entries of one key, in the order of arrival; the first `taken` of them are removed. */
interface OfKey<E> {
  entries: E[];
  taken: number;
}

/** Entries that wait for a batch: one queue per key, so that thousands of one key cost the others nothing. */
class WaitingLine<E extends { readonly since: number }> {
  private readonly queues = new Map<unknown, OfKey<E>>();

  /** The number of waiting keys: the size of the next batch, up to its maximum. */
  get keys(): number {
    return this.queues.size;
  }

  /** Since when the first entry waits (ms of performance.now()); undefined if none waits. */
  get waitingSince(): number | undefined {
    const [queue] = this.queues.values();
    return queue?.entries[queue.taken]?.since;
  }

  add(key: unknown, entry: E): void {
    const queue = this.queues.get(key);
    if (!queue) {
      this.queues.set(key, { entries: [entry], taken: 0 });
      return;
    }
    // Entries that are done must not accumulate under a key that always has more.
    if (queue.taken >= MAX_BATCH && queue.taken * 2 > queue.entries.length) {
      queue.entries = queue.entries.slice(queue.taken);
      queue.taken = 0;
    }
    queue.entries.push(entry);
  }

  /** A batch: the first of each key, up to its limit; a key with more waits behind the others. */
  take(): E[] {
    const batch: E[] = [];
    const more: [unknown, OfKey<E>][] = [];
    for (const [key, queue] of this.queues) {
      if (batch.length === MAX_BATCH) break;
      const entry = queue.entries[queue.taken];
      queue.taken += 1;
      if (entry) batch.push(entry);
      this.queues.delete(key);
      if (queue.taken < queue.entries.length) more.push([key, queue]);
    }
    for (const [key, queue] of more) this.queues.set(key, queue);
    return batch;
  }
}

/** The entries of each partition; all in one if the work has no partitions. */
function parted<I, O>({ partition }: BatchedWork<I, O>, entries: readonly Waiting<I, O>[]): Some<Waiting<I, O>>[] {
  const parts = new Map<unknown, [Waiting<I, O>, ...Waiting<I, O>[]]>();
  for (const entry of entries) {
    const name = partition?.(entry.input);
    const known = parts.get(name);
    if (known) known.push(entry);
    else parts.set(name, [entry]);
  }
  return [...parts.values()];
}

/** Runs one batch and settles its entries. Never throws: an error rejects all of them. */
async function answer<I, O>(
  { handles, onBatch }: Shared,
  { name, run }: BatchedWork<I, O>,
  entries: Some<Waiting<I, O>>,
): Promise<void> {
  const [first, ...others] = entries;
  const isShared = others.length > 0;
  const budget = isShared ? new RequestBudget() : first.budget;
  onBatch(name, entries.length);
  try {
    const outputs = await run(handles.forRequest(budget), [first.input, ...others.map(({ input }) => input)]);
    if (outputs.length !== entries.length) throw new Error(`${name} gave ${outputs.length} of ${entries.length}`);
    if (isShared) for (const entry of entries) entry.budget.waitedFor(budget);
    for (const [index, output] of outputs.entries()) entries[index]?.resolve(output);
  } catch (error) {
    for (const entry of entries) {
      if (isShared) entry.budget.waitedFor(budget);
      entry.reject(error);
    }
  }
}

/** The inputs of one kind of work that wait, and the batches of it in flight. */
class Queue<I, O> {
  private readonly line = new WaitingLine<Waiting<I, O>>();
  private readonly shared: Shared;
  private readonly work: BatchedWork<I, O>;
  private inFlight = 0;
  private watched = false;

  constructor(shared: Shared, work: BatchedWork<I, O>) {
    this.shared = shared;
    this.work = work;
  }

  add(entry: Waiting<I, O>): void {
    this.line.add(this.work.keyOf(entry.input), entry);
    if (this.inFlight === 0 || this.isFull()) void this.flush();
    else if (!this.watched) this.watch(PATIENCE_MS);
  }

  private isFull(): boolean {
    return this.line.keys >= MAX_BATCH && this.inFlight < MAX_IN_FLIGHT;
  }

  private async flush(): Promise<void> {
    this.inFlight += 1;
    await endOfTurn();
    for (let batch = this.line.take(); batch.length > 0; batch = this.line.take()) {
      const answers: Promise<void>[] = [];
      for (const entries of parted(this.work, batch)) answers.push(answer(this.shared, this.work, entries));
      await Promise.all(answers);
    }
    this.inFlight -= 1;
  }

  private watch(ms: number): void {
    this.watched = true;
    setTimeout(() => this.losePatience(), ms);
  }

  private losePatience(): void {
    this.watched = false;
    const since = this.line.waitingSince;
    if (since === undefined) return;
    const left = since + PATIENCE_MS - performance.now();
    if (left <= 0 && this.inFlight < MOST_IN_FLIGHT) void this.flush();
    // The batch that was just started may hang too.
    this.watch(Math.max(left, PATIENCE_MS / 2));
  }
}

/** The queues of one source; one for each kind of work, made at its first input. */
export function createBatches(handles: Shared['handles'], onBatch: Shared['onBatch'] = () => {}): InBatch {
  const shared: Shared = { handles, onBatch };
  const queues = new Map<unknown, unknown>();
  return <I, O>(work: BatchedWork<I, O>, input: I, budget: RequestBudget): Promise<O> => {
    // A queue is only ever stored under the work that it was made for.
    let queue = queues.get(work) as Queue<I, O> | undefined;
    if (!queue) {
      queue = new Queue(shared, work);
      queues.set(work, queue);
    }
    return new Promise((resolve, reject) => queue.add({ input, budget, since: performance.now(), resolve, reject }));
  };
}
