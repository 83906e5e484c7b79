/** The counters of a process. http/metrics.ts exports them at /metrics. */
import type { Log } from './log';

export interface RequestSeen {
  /** Its path below /base/v1/, or `/page`; `unknown` for every other path. */
  endpoint: string;
  /** errorCode of the answer. */
  code: number;
  ms: number;
  /** The part spent waiting for the database. */
  databaseMs: number;
  /** Statements. */
  queries: number;
}

export interface VendorCallSeen {
  /** im, trtc, webhook, … */
  vendor: string;
  command: string;
  /** ok, or the kind of failure. */
  outcome: string;
  ms: number;
}

export interface Metrics {
  request(seen: RequestSeen): void;
  vendorCall(seen: VendorCallSeen): void;
  /** Requests that shared one statement, by the kind of work. */
  batch(of: string, size: number): void;
  /** Takes each event of the log and counts those that need attention. */
  event: Log;
}

/** Counts nothing: METRICS_TOKEN is not set. */
export const NO_METRICS: Metrics = {
  request: () => {},
  vendorCall: () => {},
  batch: () => {},
  event: () => {},
};
