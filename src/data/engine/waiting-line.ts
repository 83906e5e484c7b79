/** Entries that wait for a batch (batched.ts): one queue per key, so that thousands of one key cost the others nothing. */

/** Entries of one key, in the order of arrival; the first `taken` of them are removed. */
interface Queue<E> {
  entries: E[];
  taken: number;
}

export class WaitingLine<E extends { readonly since: number }> {
  private readonly queues = new Map<unknown, Queue<E>>();
  /** The largest batch. */
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

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
    if (queue.taken >= this.max && queue.taken * 2 > queue.entries.length) {
      queue.entries = queue.entries.slice(queue.taken);
      queue.taken = 0;
    }
    queue.entries.push(entry);
  }

  /** A batch: the first of each key, up to its limit; a key with more waits behind the others. */
  take(): E[] {
    const batch: E[] = [];
    const more: [unknown, Queue<E>][] = [];
    for (const [key, queue] of this.queues) {
      if (batch.length === this.max) break;
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
