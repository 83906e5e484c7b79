/** Shared by the parts of the fake cloud: ids, durations, and how the account behaves. */
import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../../deploy/clock';

/**
 * Durations in seconds, of the order that others saw on real accounts: long enough to catch a caller that does not wait. A
 * test with a jumping clock uses them as they are; a test that really waits shortens them by `pace`.
 */
export const takes = {
  creating: 8,
  updating: 4,
  publishing: 4,
  deleting: 5,
  urlShown: 3,
  clusterBuilt: 180,
  /** Milliseconds before an order is in any list. */
  orderListed: 40,
  /** Milliseconds after that before its details are shown. */
  details: 5,
  task: 6,
  isolating: 40,
  offlining: 60,
  resuming: 20,
} as const;

export interface World {
  readonly region: string;
  readonly appId: string;
  readonly uin: string;
  readonly instanceEnvironment: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that this many seconds take here. */
  span(seconds: number): number;
  /** An active function shows its last change again for a moment, as others saw. */
  flapping: boolean;
  /** Seconds until requests reach the version that an alias was moved to. */
  aliasTakes: number;
  /** Seconds until calls see a new function or version. */
  visibleTakes: number;
  /** Seconds until SCF's resolver sees a DNS record. */
  dnsTakes: number;
  /** Seconds for which the addresses of a deleted function keep its subnet in use. */
  addressesLinger: number;
  /** The means of payment. */
  pays: 'money' | 'vouchers' | 'nothing' | 'arrears';
  /** Empty lists are null, as the SDK's models say they may be. */
  nullLists: boolean;
  /** Messages of refusals are Chinese, even if the request asks for another language. */
  localized: boolean;
}

export interface WorldOptions {
  readonly region?: string;
  readonly instanceEnvironment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** 1 = as on an account; 0.02 = fifty times as fast. */
  readonly pace?: number;
}

export function createWorld(options: WorldOptions): World {
  const { region = 'ap-guangzhou', instanceEnvironment = {}, clock = systemClock, pace = 1 } = options;
  return {
    region,
    appId: '1300000001',
    uin: '100000000001',
    instanceEnvironment,
    now: () => clock.now(),
    span: (seconds) => seconds * 1000 * pace,
    flapping: false,
    aliasTakes: 10,
    visibleTakes: 0,
    dnsTakes: 0,
    addressesLinger: 0,
    pays: 'money',
    nullLists: false,
    localized: false,
  };
}

/** `vpc-1a2b3c4d` */
export const newId = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;

/** A state that becomes another after a time. */
export class Status {
  readonly #world: World;
  #now = '';
  #next = '';
  #at = 0;

  constructor(world: World, first: string, next: string, seconds = 0) {
    this.#world = world;
    this.change(first, next, seconds);
  }

  get value(): string {
    const since = this.#world.now() - this.#at;
    if (since < 0) return this.#now;
    const again = this.#world.flapping && since > this.#world.span(0.2) && since < this.#world.span(1.5);
    return again && this.#next === 'Active' ? this.#now : this.#next;
  }

  change(first: string, next: string, seconds = 0): void {
    this.#now = first;
    this.#next = next;
    this.#at = this.#world.now() + this.#world.span(seconds);
  }
}

/** One action of the cloud API. The request has been checked against the SDK's model of it. */
export type Handlers = Readonly<Record<string, (request: never) => unknown>>;
