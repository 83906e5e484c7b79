/**
 * What happened in a run, as data: every call with its begin, end and answer, every webhook delivery, what IM has in the end.
 * The checks (checks/) decide from this alone. Times are milliseconds since the run began, by one monotonic clock.
 */

export type Params = Readonly<Record<string, string | number | boolean | readonly string[]>>;
export type Fields = Readonly<Record<string, unknown>>;

/**
 *   done: the service acknowledged it.
 *   refused: the service said no, so nothing happened.
 *   unknown: no answer came, or one that leaves it open (100, 101, 103, 104): it may have happened, also later.
 */
export type Outcome = 'done' | 'refused' | 'unknown';

export interface Call {
  readonly id: number;
  /** The account (see Account.key), or `operator`. */
  readonly by: string;
  readonly tenant: string;
  /** Below /base/v1/. */
  readonly name: string;
  /** Without tokens, signatures, salts and codes. */
  readonly params: Params;
  /** Label of the session it was made with; '' = none. */
  readonly session: string;
  readonly service: number;
  /** The service was of an older version when it was asked. */
  readonly isOlder: boolean;
  readonly began: number;
  readonly ended: number;
  readonly outcome: Outcome;
  /** errorCode; -1 where no answer came. */
  readonly code: number;
  readonly status: number;
  readonly message: string;
  /** Without tokens and keys. */
  readonly data: unknown;
  /** Why the answer is not one of the contract; '' = it is. */
  readonly wrong: string;
}

/** One request that a webhook receiver got, in the order of arrival. */
export interface Delivery {
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly tenant: string;
  readonly data: Fields;
  /** Its signature is the webhook's. */
  readonly verified: boolean;
}

export interface Fault {
  readonly kind: string;
  readonly target: string;
  readonly began: number;
  readonly ended: number;
}

export interface Group {
  readonly tenant: string;
  readonly groupId: string;
}

export interface History {
  readonly calls: readonly Call[];
  readonly deliveries: readonly Delivery[];
  readonly faults: readonly Fault[];
  /** Of IM, in the end. */
  readonly groups: readonly Group[];
  /** Secrets that were found in what the services wrote, by what they are. */
  readonly leaks: readonly string[];
  /** How far a service's clock was ever set off, in milliseconds. */
  readonly clockMs: number;
}

export interface Finding {
  readonly property: string;
  readonly text: string;
  /** The calls that it follows from. */
  readonly calls: readonly number[];
}

export type Check = (history: History) => Finding[];

/**
 * A call without an answer may still take effect for this long: the service gives a request 8 s, and a process or a
 * connection that stands still (at most 6 s here) adds to it.
 */
export const TAIL_MS = 20_000;

export function maybe(call: Call): boolean {
  return call.outcome !== 'refused';
}

export function done(call: Call): boolean {
  return call.outcome === 'done';
}

/** When it had its effect at the latest. */
export function latest(call: Call): number {
  return call.outcome === 'unknown' ? call.ended + TAIL_MS : call.ended;
}

/** Whether `call` may have had its effect at some time between the two. */
export function mayActWithin(call: Call, from: number, to: number): boolean {
  return maybe(call) && call.began < to && latest(call) > from;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function fieldOf(data: unknown, name: string): string {
  return typeof data === 'object' && data !== null ? textOf(Reflect.get(data, name)) : '';
}

/** The entries of a list answer, or of a page's `items`. */
export function entriesOf(data: unknown): readonly Fields[] {
  const list: unknown = Array.isArray(data) ? data : typeof data === 'object' && data && Reflect.get(data, 'items');
  // The contract says that lists hold objects.
  return Array.isArray(list) ? (list as Fields[]) : [];
}

export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** User ids and room ids are only unique within a tenant. */
export function inTenant(tenant: string, id: string): string {
  return `${tenant}/${id}`;
}

/** Calls of endpoints whose name is one of these. */
export function named(calls: readonly Call[], ...names: readonly string[]): Call[] {
  return calls.filter(({ name }) => names.includes(name));
}
