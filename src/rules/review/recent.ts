/**
 * Values of one kind that this process saw recently: its answers and reads, which no other process changes. A value that
 * an operator may change is in review-cache.ts.
 *
 * Knows at least the newest half of `most` keys, in two halves of which the older one goes as a whole: a million senders push
 * each other out, and finding the oldest key of one large Map takes longer with each key that was deleted before it.
 */
export class Recent<V> {
  private fresh = new Map<string, { value: V; until: number }>();
  private older = new Map<string, { value: V; until: number }>();
  private readonly half: number;

  constructor(most: number) {
    this.half = most / 2;
  }

  get(key: string, now: number): V | undefined {
    const known = this.fresh.get(key) ?? this.older.get(key);
    return known && known.until > now ? known.value : undefined;
  }

  /** `until`: ms since 1970. */
  set(key: string, value: V, until = Number.POSITIVE_INFINITY): void {
    if (this.fresh.size >= this.half) {
      this.older = this.fresh;
      this.fresh = new Map();
    }
    this.fresh.set(key, { value, until });
  }
}
