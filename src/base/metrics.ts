/** What is counted of a process's work, for whoever watches it. What becomes of it is in http/metrics.ts. */

export interface RequestSeen {
  /** Its path below /base/v1/, or `/page`; `unknown` for every other path. */
  endpoint: string;
  /** errorCode of the answer. */
  code: number;
  ms: number;
  /** Of it, waiting for the database. */
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
  /** Requests that shared one statement. */
  batch(of: string, size: number): void;
}

/** Where nobody watches. */
export const NO_METRICS: Metrics = {
  request: () => {},
  vendorCall: () => {},
  batch: () => {},
};
