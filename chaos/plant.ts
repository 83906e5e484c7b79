/** What a planted fault may do: answer calls in place of the service, distort deliveries, change what IM seems to have. */
import type { Delivery, Group } from './history';
import type { Recorder } from './recorder';

/** An answer as it goes to a client. */
export interface Forwarded {
  status: number;
  headers: Record<string, string>;
  text: string;
}

interface Answering {
  /** Below /base/v1/. */
  name: string;
  body: string;
  /** Lets the service answer. */
  forward: () => Promise<Forwarded>;
  recorder: Recorder;
}

export interface Plant {
  /** Undefined: the call goes through as it is. */
  readonly answer?: (call: Answering) => Promise<Forwarded> | undefined;
  readonly delivery?: (delivery: Delivery) => readonly Delivery[];
  /** What IM seems to have. */
  readonly groups?: (groups: readonly Group[]) => Group[];
}
