/**
 * Limits on calls: counts within a window of time, places for the calls in flight, and turns. Places apply to concurrent calls in the same way
 * as to calls in a row. A call takes a place in each of its limits before it waits for anything. If it turns out not to count, its
 * places are given back; until then a call beyond the limit waits for those in flight instead of being refused.
 */
import { ApiError } from '../../base/errors';
import type { RequestBudget } from '../../base/request-budget';

/** A limit on memory: keys are made up by clients. */
const MOST_KEYS = 50_000;

/** Counts of one process by a key such as a name or an address, within one window. All start from 0 in the next window. */
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

  /** The count with this one, or with these. */
  add(key: string, now: number, more = 1): number {
    this.begin(now);
    const count = (this.counts.get(key) ?? 0) + more;
    if (this.counts.size >= MOST_KEYS) this.counts.clear();
    this.counts.set(key, count);
    return count;
  }

  /** `count`: the total of all processes. */
  learn(key: string, now: number, count: number): void {
    if (count > this.get(key, now)) this.counts.set(key, count);
  }
}

export interface Place {
  key: string;
  /** Calls that may count within the window. */
  most: number;
  /** The calls that have counted; undefined: only calls in flight are limited. */
  counts?: WindowCounts;
}

/** Time that a call keeps for its work when it waits (ms). */
const WORK_MS = 2_000;

/** Those who wait, oldest first. */
type Waiting = (() => void)[];

/** Waits until it is woken; false if the time was up first. */
function wait(waiting: Waiting, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(wake), 1);
      resolve(false);
    }, ms);
    waiting.push(wake);
  });
}

/** refused: a limit is used up. full: calls in flight fill the limit `key`. */
type Taking = { state: 'taken' | 'refused'; key?: undefined } | { state: 'full'; key: string };

/** The calls in flight of one service. */
export class Places {
  private readonly taken = new Map<string, number>();
  private readonly lines = new Map<string, Waiting>();

  /** Takes a place in each of the limits, or in none. */
  take(places: readonly Place[], now: number): Taking {
    let full: string | undefined;
    for (const { key, most, counts } of places) {
      const counted = counts?.get(key, now) ?? 0;
      if (counted >= most) return { state: 'refused' };
      if (counted + (this.taken.get(key) ?? 0) >= most) full ??= key;
    }
    if (full !== undefined) return { state: 'full', key: full };
    for (const { key } of places) this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
    return { state: 'taken' };
  }

  giveBack(places: readonly Place[]): void {
    for (const { key } of places) {
      const left = (this.taken.get(key) ?? 1) - 1;
      if (left > 0) this.taken.set(key, left);
      else this.taken.delete(key);
      if (this.lines.has(key)) this.wake(key);
    }
  }

  /** Lets the next call that waits for this limit look again. */
  wake(key: string): void {
    const line = this.lines.get(key);
    line?.shift()?.();
    if (line?.length === 0) this.lines.delete(key);
  }

  /** False if the time was up first. */
  wait(key: string, ms: number): Promise<boolean> {
    const line = this.lines.get(key) ?? [];
    this.lines.set(key, line);
    return wait(line, ms);
  }
}

interface Turn {
  places: Places;
  budget: RequestBudget;
  now: number;
  /** Called again after each wait, because counts change. */
  limits: () => readonly Place[];
  refusal: () => Error;
}

/**
 * Does `work` with a place in each of the limits. Throws `refusal()` if one of them is used up, or if no place became free while there is
 * time to use it. `work` itself counts what counts, before it ends.
 */
export async function inPlace<T>({ places, budget, now, limits, refusal }: Turn, work: () => Promise<T>): Promise<T> {
  for (let woken: string | undefined; ; ) {
    const wanted = limits();
    const { state, key } = places.take(wanted, now);
    if (woken !== undefined) {
      const isNeeded = state === 'taken' ? wanted.some((place) => place.key === woken) : key === woken;
      // The limit may be over for this call: then its end would wake none of those that wait for it.
      if (!isNeeded) places.wake(woken);
    }
    if (state === 'refused') throw refusal();
    if (state === 'full') {
      if (!(await budget.outside((leftMs) => places.wait(key, leftMs - WORK_MS)))) throw refusal();
      woken = key;
      continue;
    }
    try {
      return await work();
    } finally {
      places.giveBack(wanted);
    }
  }
}

/** Concurrent calls of one account in one process. */
export const CALLS_AT_ONCE = 20;

interface Line {
  taken: number;
  /** Each takes the place of a call that has ended. */
  waiting: Waiting;
}

/**
 * Calls of one account that are carried out concurrently, in the order of their arrival. Hundreds at a time would only wait for the same rows, each
 * with a connection that other people need.
 */
export class Turns<K> {
  private readonly lines = new Map<K, Line>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Does `work` when it has a place. Throws UserQueryLimit if none became free while there is time to use it. */
  async run<T>(key: K, budget: RequestBudget, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { taken: 0, waiting: [] };
    if (line.taken < this.most) {
      line.taken += 1;
      this.lines.set(key, line);
    } else if (!(await budget.outside((leftMs) => wait(line.waiting, leftMs - WORK_MS)))) {
      throw new ApiError('UserQueryLimit', 'too many calls of this account at the same time');
    }
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      if (next) next();
      else {
        line.taken -= 1;
        if (line.taken === 0) this.lines.delete(key);
      }
    }
  }
}
