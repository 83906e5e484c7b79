/** Counts of calls in the memory of one process, by a key such as a name or an address. */

/** A limit on memory: keys are made up by clients. */
const MOST_KEYS = 50_000;

/** Counts by key within one window of time. All start from 0 in the next window. */
export class WindowCounts {
  readonly windowMs: number;
  private since = -1;
  private counts = new Map<string, number>();

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** Start of the current window, ms since 1970. */
  begin(now: number): number {
    const since = now - (now % this.windowMs);
    if (since !== this.since) {
      this.since = since;
      this.counts = new Map();
    }
    return since;
  }

  /** Whether nothing was counted in this window. */
  isEmpty(now: number): boolean {
    this.begin(now);
    return this.counts.size === 0;
  }

  get(key: string, now: number): number {
    this.begin(now);
    return this.counts.get(key) ?? 0;
  }

  add(key: string, now: number): number {
    const count = this.get(key, now) + 1;
    if (this.counts.size >= MOST_KEYS) this.counts.clear();
    this.counts.set(key, count);
    return count;
  }

  /** `count`: the total of all processes. */
  learn(key: string, now: number, count: number): void {
    if (count > this.get(key, now)) this.counts.set(key, count);
  }
}
