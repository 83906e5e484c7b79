/**
 * Values of the database that are cached for two seconds and read again after one, so that a frequent user of a value
 * never waits for it. A value that this process has changed itself is forgotten at that moment.
 */

/** Age up to which a value is used, and age from which it is read again in the background (ms). */
const FRESH_MS = 2_000;
const REFRESHED_AFTER_MS = 1_000;
/** Values that were used within this time are kept fresh (ms): a function that slept in between asks again. */
const IN_USE_MS = 60_000;
/** Pause after a failed read (ms): with the database down, a message does not wait for each try. */
const FAILED_MS = 500;

interface Entry<T> {
  value: T | undefined;
  /** performance.now() at the beginning of the load that gave it; -Infinity: there is none. */
  at: number;
  used: number;
  loading: Promise<T> | undefined;
  /** performance.now() at its beginning. */
  loadingAt: number;
  /** What was loaded earlier is not used. */
  forgottenAt: number;
  failedAt: number;
}

export interface RefreshedCacheParts<T> {
  /** Largest number of entries; the oldest one is removed first. */
  most: number;
  /** `before`: the previous value. */
  load(key: string, before: T | undefined): Promise<T>;
  /** Whether values may be read in the background: not once the database is closed. */
  mayRefresh(): boolean;
}

export class RefreshedCache<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private forgottenAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private readonly parts: RefreshedCacheParts<T>;

  constructor(parts: RefreshedCacheParts<T>) {
    this.parts = parts;
  }

  /** The value if it is fresh enough, else a promise of it. Rejects if it cannot be loaded. */
  get(key: string): T | Promise<T> {
    const now = performance.now();
    const entry = this.entryOf(key);
    entry.used = now;
    this.keepFresh();
    const age = now - entry.at;
    if (entry.value === undefined || age >= FRESH_MS || entry.at <= this.forgotten(entry)) return this.load(key, entry);
    if (age >= REFRESHED_AFTER_MS) this.load(key, entry).catch(() => {});
    return entry.value;
  }

  /** The last known value, of any age. */
  last(key: string): T | undefined {
    return this.entries.get(key)?.value;
  }

  forget(): void {
    this.forgottenAt = performance.now();
  }

  /** Forgets these values only, and those that are being read for the first time. */
  forgetWhere(matches: (value: T) => boolean): void {
    for (const entry of this.entries.values()) {
      if (entry.value === undefined || matches(entry.value)) entry.forgottenAt = performance.now();
    }
  }

  private forgotten(entry: Entry<T>): number {
    return Math.max(this.forgottenAt, entry.forgottenAt);
  }

  private entryOf(key: string): Entry<T> {
    const known = this.entries.get(key);
    if (known) return known;
    if (this.entries.size >= this.parts.most) {
      const [first] = this.entries.keys();
      if (first !== undefined) this.entries.delete(first);
    }
    const never = Number.NEGATIVE_INFINITY;
    const times = { at: never, used: never, loadingAt: never, forgottenAt: never, failedAt: never };
    const entry: Entry<T> = { value: undefined, loading: undefined, ...times };
    this.entries.set(key, entry);
    return entry;
  }

  private load(key: string, entry: Entry<T>): Promise<T> {
    const began = performance.now();
    // A read that began before a change of this process would give the old value.
    if (entry.loading && entry.loadingAt > this.forgotten(entry)) return entry.loading;
    if (began - entry.failedAt < FAILED_MS) return Promise.reject(new Error('just failed'));
    const loading = this.parts.load(key, entry.value).then(
      (value) => {
        if (began >= entry.at) Object.assign(entry, { value, at: began });
        if (entry.loading === loading) entry.loading = undefined;
        return value;
      },
      (error: unknown) => {
        entry.failedAt = performance.now();
        if (entry.loading === loading) entry.loading = undefined;
        throw error;
      },
    );
    entry.loading = loading;
    entry.loadingAt = began;
    return loading;
  }

  private keepFresh(): void {
    this.timer ??= setInterval(() => this.refresh(), REFRESHED_AFTER_MS).unref();
  }

  private refresh(): void {
    const since = performance.now() - IN_USE_MS;
    let any = false;
    if (!this.parts.mayRefresh()) {
      this.stop();
      return;
    }
    for (const [key, entry] of this.entries) {
      if (entry.used < since) continue;
      any = true;
      if (!entry.loading) this.load(key, entry).catch(() => {});
    }
    if (!any) this.stop();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
