/**
 * The time left for one request (or one batch of a job), and its database cost. Created once
 * at the start of the request and passed on; never reset.
 *
 * Two clocks run. The first is the request's: it never stops. The other is the statements': it starts with the first of
 * them and pauses while the request waits for anything else (`outside`).
 */

/** The apps give up after 10 s, so the response must be sent earlier (ms). */
export const REQUEST_MS = 8_000;
/** The part of it for all statements, from the first one on (ms). */
export const STATEMENTS_MS = 5_000;
/** What waiting for others leaves of the request for the statements that come after it (ms). */
const RESERVE_MS = 1_000;

export class RequestBudget {
  /** Statements sent so far, those of batches included that this request waited for. */
  queries = 0;
  /** Time spent waiting for the database so far, batches included (ms). */
  databaseMs = 0;
  private end: number;
  private readonly statementsMs: number;
  /** When the statements' time is up (performance.now()); undefined before the first one. */
  private statementsEnd: number | undefined;
  private outsiders = 0;
  private outsideSince = 0;

  constructor(limits: { requestMs?: number; statementsMs?: number } = {}) {
    this.end = performance.now() + (limits.requestMs ?? REQUEST_MS);
    this.statementsMs = limits.statementsMs ?? STATEMENTS_MS;
  }

  /** A batch has worked for this request among others. */
  waitedFor(batch: RequestBudget): void {
    this.queries += batch.queries;
    this.databaseMs += batch.databaseMs;
  }

  /** Ends the request after `ms` from now at the latest: some callers wait less long than others. */
  limit(ms: number): void {
    this.end = Math.min(this.end, performance.now() + ms);
  }

  /** Time left for the request (ms); 0 or less when it is over. */
  left(): number {
    return this.end - performance.now();
  }

  /** Time left for other services (ms, at least 1), with a reserve for the statements after them. */
  leftForOthers(): number {
    return Math.max(1, this.left() - RESERVE_MS);
  }

  /** Time left for statements (ms); 0 or less when it is over. The first call starts their clock. */
  leftForStatements(): number {
    const now = performance.now();
    this.statementsEnd ??= now + this.statementsMs;
    const stoodStill = this.outsiders > 0 ? now - this.outsideSince : 0;
    return Math.min(this.end, this.statementsEnd + stoodStill) - now;
  }

  /**
   * Does `work`, which waits for another service: its time counts for the request, not for the statements. It gets the time
   * it may take (leftForOthers).
   */
  async outside<T>(work: (leftMs: number) => Promise<T>): Promise<T> {
    if (this.outsiders === 0) this.outsideSince = performance.now();
    this.outsiders += 1;
    try {
      return await work(this.leftForOthers());
    } finally {
      this.outsiders -= 1;
      if (this.outsiders === 0 && this.statementsEnd !== undefined) {
        this.statementsEnd += performance.now() - this.outsideSince;
      }
    }
  }
}
