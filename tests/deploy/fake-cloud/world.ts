/** What the parts of the fake cloud share: ids, the time that things take, and the account. */
import { randomBytes } from 'node:crypto';

/** Milliseconds that a state like Creating lasts: long enough that a caller who does not wait is caught. */
export const transition = 120;

export interface World {
  readonly region: string;
  readonly appId: string;
  readonly uin: string;
  readonly instanceEnvironment: Readonly<Record<string, string>>;
}

export function createWorld(region: string, instanceEnvironment: Readonly<Record<string, string>>): World {
  return { region, appId: '1300000001', uin: '100000000001', instanceEnvironment };
}

/** `vpc-1a2b3c4d` */
export const newId = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;

/** A state that becomes another one by itself after a while. */
export class Status {
  #now: string;
  #next: string;
  #at = 0;

  constructor(first: string, next: string, after = transition) {
    this.#now = first;
    this.#next = next;
    this.#at = Date.now() + after;
  }

  get value(): string {
    return Date.now() >= this.#at ? this.#next : this.#now;
  }

  change(first: string, next: string, after = transition): void {
    this.#now = first;
    this.#next = next;
    this.#at = Date.now() + after;
  }
}

/** One action of the cloud API. The request has been checked against the SDK's model of it. */
export type Handlers = Readonly<Record<string, (request: never) => unknown>>;
