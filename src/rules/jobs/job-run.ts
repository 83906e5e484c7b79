/** The context of a scheduled job: its time, the position to continue from, and its report. */
import { RequestBudget } from '../../base/request-budget';
import type { Database } from '../../data/engine/database';
import type { Context, Services } from '../context';

export interface JobRun {
  services: Services;
  /** Position of the last run; '' at the beginning. */
  position: string;
  /** Whether there is time for another batch. */
  hasTime: () => boolean;
}

export interface JobResult {
  /** Counts for the log. */
  counts: Readonly<Record<string, number>>;
  /** Position for the next run; '' = all done. */
  position: string;
}

export type Job = (run: JobRun) => Promise<JobResult>;

/** A handle on the database for one batch, with the time limit of one request. */
export function freshDatabase(run: JobRun): Database {
  return run.services.database.forRequest();
}

export function freshContext({ services }: Pick<JobRun, 'services'>): Context {
  const budget = new RequestBudget();
  return {
    services,
    budget,
    db: services.database.forRequest(budget),
    now: services.clock(),
    clientAddress: null,
    reachedAt: () => '',
  };
}
