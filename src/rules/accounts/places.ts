/**
 * Limits that apply to concurrent calls in the same way as to calls in a row. A call takes a place in each of its limits before it
 * waits for anything. If it turns out not to count, its places are given back; until then a call beyond the limit waits for
 * those in flight instead of being refused.
 */
import type { RequestBudget } from '../../base/request-budget';
import type { WindowCounts } from './window-counts';

export interface Place {
  key: string;
  /** Calls that may count within the window. */
  most: number;
  /** The calls that have counted; undefined: only calls in flight are limited. */
  counts?: WindowCounts;
}

/** Time that a call keeps for its work when it waits (ms). */
const WORK_MS = 2_000;

interface Waiting {
  wake: () => void;
  gone: boolean;
}

/** The calls in flight of one service. */
export class Places {
  private readonly taken = new Map<string, number>();
  private readonly lines = new Map<string, Waiting[]>();

  /** refused: the limit is used up. A key: the first limit that is full because of calls in flight. */
  blockedBy(places: readonly Place[], now: number): { refused: true } | { refused: false; key: string | undefined } {
    const counted = ({ counts, key }: Place) => counts?.get(key, now) ?? 0;
    if (places.some((place) => counted(place) >= place.most)) return { refused: true };
    const full = places.find((place) => counted(place) + (this.taken.get(place.key) ?? 0) >= place.most);
    return { refused: false, key: full?.key };
  }

  take(places: readonly Place[]): void {
    for (const { key } of places) this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
  }

  giveBack(places: readonly Place[]): void {
    for (const { key } of places) {
      const left = (this.taken.get(key) ?? 1) - 1;
      if (left > 0) this.taken.set(key, left);
      else this.taken.delete(key);
      this.wake(key);
    }
  }

  /** Lets the next call that waits for this limit look again. */
  wake(key: string): void {
    const line = this.lines.get(key);
    for (let next = line?.shift(); next; next = line?.shift()) {
      if (next.gone) continue;
      next.wake();
      break;
    }
    if (line?.length === 0) this.lines.delete(key);
  }

  /** False if the time was up first. */
  wait(key: string, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        gone: false,
        wake: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        waiting.gone = true;
        resolve(false);
      }, ms);
      const line = this.lines.get(key) ?? [];
      line.push(waiting);
      this.lines.set(key, line);
    });
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
  let woken: string | undefined;
  const passOn = () => {
    if (woken !== undefined) places.wake(woken);
    woken = undefined;
  };
  for (;;) {
    const wanted = limits();
    const blocked = places.blockedBy(wanted, now);
    if (blocked.refused) {
      passOn();
      throw refusal();
    }
    const { key } = blocked;
    if (key === undefined) {
      places.take(wanted);
      // The limit may be over for this call: then its end would wake none of those that wait for it.
      if (!wanted.some((place) => place.key === woken)) passOn();
      return work().finally(() => places.giveBack(wanted));
    }
    if (key !== woken) passOn();
    const came = await budget.outside((leftMs) => places.wait(key, leftMs - WORK_MS));
    if (!came) throw refusal();
    woken = key;
  }
}
