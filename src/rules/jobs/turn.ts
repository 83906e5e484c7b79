/** What a scheduled job works with: its time, the place where it goes on, and what it has to say afterwards. */
import { RequestBudget } from '../../base/request-budget';
import type { Database } from '../../data/engine/database';
import type { Context, Services } from '../context';

export interface Turn {
  services: Services;
  /** What the last turn of this job left; '' at the beginning. */
  position: string;
  /** Whether there is time for another batch. */
  hasTime: () => boolean;
}

export interface TurnResult {
  /** What was done, for the log. */
  counts: Readonly<Record<string, number>>;
  /** Where the next turn goes on; '' = all done. */
  position: string;
}

export type Job = (turn: Turn) => Promise<TurnResult>;

/** A handle on the database for one batch, with the time limit of one request. */
export function freshDatabase(turn: Turn): Database {
  return turn.services.database.forRequest();
}

export function freshContext({ services }: Pick<Turn, 'services'>): Context {
  const budget = new RequestBudget();
  return {
    services,
    budget,
    db: services.database.forRequest(budget),
    now: services.clock(),
    clientAddress: null,
    reachedAt: '',
  };
}
