/** The answer of console/state, the same for the service that gives it and the page that shows it. */

export interface Probe {
  state: 'ok' | 'failed' | 'off' | 'unknown';
  /** The part, or why it failed: a short word or the code of a driver. */
  detail: string;
  /** Milliseconds that the question took. */
  ms: number;
}

export interface ServiceState {
  version: string;
  node: string;
  configuration: { ok: boolean; problems: readonly string[]; demo: boolean; tenants: number };
  database: Probe;
  im: Probe;
  /** The newest unsent codes with their numbers, in demo mode; else empty. */
  codes: readonly string[];
}
