/** Collects the history of a run while it happens, and the secrets that no log may hold. */
import type { Call, Delivery, Fault, Group, History } from './history';

/** What in a log line could be a secret: tokens, UserSigs, salts, signatures and keys are longer than ordinary words. */
const WORD = /[A-Za-z0-9_.*+/-]{20,}/g;

export class Recorder {
  readonly calls: Call[] = [];
  readonly deliveries: Delivery[] = [];
  readonly faults: Fault[] = [];
  clockMs = 0;
  readonly #began = performance.now();
  readonly #secrets = new Map<string, string>();
  readonly #words = new Set<string>();
  readonly #tails = new Map<number, string>();
  #nextId = 0;

  now(): number {
    return performance.now() - this.#began;
  }

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** `what` says in a finding which kind of secret it was. */
  keepSecret(secret: string, what: string): void {
    if (secret.length >= 20) this.#secrets.set(secret, what);
  }

  /** Takes a piece of what a service wrote; a word may be cut by the end of a piece. */
  heard(service: number, part: string): void {
    const text = (this.#tails.get(service) ?? '') + part;
    const end = text.lastIndexOf('\n') + 1;
    this.#tails.set(service, text.slice(end));
    for (const word of text.slice(0, end).match(WORD) ?? []) this.#words.add(word);
  }

  history(groups: readonly Group[]): History {
    const leaks = [...this.#secrets].filter(([secret]) => this.#words.has(secret)).map(([, what]) => what);
    const { calls, deliveries, faults, clockMs } = this;
    return { calls, deliveries, faults, groups, leaks, clockMs };
  }
}
