/**
 * Calls of one account that are worked on at once. The others wait for their turn: hundreds at a time would only wait for the
 * same rows, each with a connection that other people need.
 */
import { ApiError } from '../../base/errors';
import type { RequestBudget } from '../../base/request-budget';

/** Calls of one account at once, in one process. */
export const CALLS_AT_ONCE = 20;

/** Time that a call keeps for its work when it waits (ms). */
const WORK_MS = 2_000;

interface Line {
  taken: number;
  /** Those that wait, oldest first; each is given the place of one that has ended. */
  waiting: (() => void)[];
}

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
    } else if (!(await budget.outside((leftMs) => this.placeIn(line, leftMs - WORK_MS)))) {
      throw new ApiError('UserQueryLimit', 'too many calls at the same time');
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

  /** False if the time was up first. */
  private placeIn({ waiting }: Line, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const given = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(given), 1);
        resolve(false);
      }, ms);
      waiting.push(given);
    });
  }
}
