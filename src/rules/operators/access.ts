/**
 * Access to the operators' API. Keys are compared by their hash; a text that cannot be a key is refused without a statement.
 * Wrong keys are limited per client address and in total. The right key is never refused for wrong ones of the same address, unless
 * it is an ADMIN_KEY that is short enough to be guessed.
 */

import { addressGroup, addressGroups } from '../../base/ip-addresses';
import { sameText } from '../../base/same-text';
import { SCOPES, type Scope } from '../../contract/admin/endpoint';
import { ALL_TENANTS } from '../../contract/admin/operators';
import type { Executor } from '../../data/engine/database';
import { anyOperator, findOperatorByKey, noteOperatorUsed } from '../../data/operators/operators';
import { hashKey, isKey } from './keys';
import { FIRST_OPERATOR } from './names';
import { Refusal } from './refusal';

const MINUTE_MS = 60_000;
/** Wrong keys a minute, per address and in total. */
export const FAILURES_PER_ADDRESS = 20;
export const FAILURES_IN_ALL = 1_000;
const MAX_ADDRESSES = 10_000;
/** People choose ADMIN_KEY. From this length on guesses are hopeless at any rate. */
const LONG_ADMIN_KEY = 24;
/** How long a shorter ADMIN_KEY is known to an address that has used it. */
const GOOD_MS = 600_000;
const MAX_GOOD = 1_000;
/** The precision of lastUsedUtc. */
const USED_MS = 300_000;
/** How long "no operators" is cached. The first operator is added with ADMIN_KEY. */
const NOBODY_MS = 5_000;

export interface Operator {
  name: string;
  scope: Scope;
  /** undefined = all tenants. */
  tenant: string | undefined;
  /** When the key expires (ms since 1970); 0 = it does not. */
  expiresAt: number;
}

export interface OperatorAccess {
  /** False: there is neither ADMIN_KEY nor an operator, and the API returns 404. */
  isOpen(db: Executor): Promise<boolean>;
  /** The operator with this key; throws a Refusal. */
  identify(db: Executor, key: string, address: string): Promise<Operator>;
}

/** Counts the wrong keys of the current minute. */
class Failures {
  private minute = 0;
  private all = 0;
  private byGroup = new Map<string, number>();

  /** Each address still has one attempt above the total limit, enough for an operator with the right key. */
  isTooMany(client: string): boolean {
    this.turn();
    const most = this.all >= FAILURES_IN_ALL ? 1 : FAILURES_PER_ADDRESS;
    return addressGroups(client).some(({ group, clients }) => (this.byGroup.get(group) ?? 0) >= most * clients);
  }

  count(client: string): void {
    this.turn();
    this.all += 1;
    if (this.byGroup.size >= MAX_ADDRESSES) this.byGroup.clear();
    for (const { group } of addressGroups(client)) this.byGroup.set(group, (this.byGroup.get(group) ?? 0) + 1);
  }

  private turn(): void {
    const minute = Math.floor(performance.now() / MINUTE_MS);
    if (minute === this.minute) return;
    this.minute = minute;
    this.all = 0;
    this.byGroup = new Map();
  }
}

const unknownKey = () => new Refusal('unknown', 'the key is not one of an operator');
const expired = () => new Refusal('unknown', 'the key has expired; ask for a new one (rotate_operator)');
const tooMany = () => new Refusal('throttled', 'too many wrong keys, please wait a minute');

export function createOperatorAccess(parts: { adminKey: string | null; clock: () => number }): OperatorAccess {
  const { adminKey, clock } = parts;
  const failures = new Failures();
  /** When each address has used ADMIN_KEY last (performance.now()). */
  const good = new Map<string, number>();
  let nobodySince: number | undefined;

  const remember = (address: string) => {
    if (good.size >= MAX_GOOD) good.clear();
    good.set(address, performance.now());
  };
  const wasGood = (address: string) => performance.now() - (good.get(address) ?? Number.NEGATIVE_INFINITY) < GOOD_MS;
  const mayBeAdmin = (client: string, address: string) =>
    adminKey !== null && (adminKey.length >= LONG_ADMIN_KEY || !failures.isTooMany(client) || wasGood(address));

  async function find(db: Executor, key: string): Promise<Operator | undefined> {
    const keyHash = hashKey(key);
    const row = await findOperatorByKey(db, keyHash);
    const scope = SCOPES.find((one) => one === row?.scope);
    if (!row || !scope) return undefined;
    const now = clock();
    if (row.expires_at > 0 && row.expires_at <= now) throw expired();
    if (row.last_used_at < now - USED_MS) {
      await noteOperatorUsed(db, { keyHash, now, unlessSince: now - USED_MS });
    }
    const tenant = row.tenant === ALL_TENANTS ? undefined : row.tenant;
    return { name: row.name, scope, tenant, expiresAt: row.expires_at };
  }

  return {
    async isOpen(db) {
      if (adminKey !== null) return true;
      if (nobodySince !== undefined && performance.now() - nobodySince < NOBODY_MS) return false;
      if (await anyOperator(db)) return true;
      nobodySince = performance.now();
      return false;
    },
    async identify(db, key, client) {
      const address = client === '' ? '' : addressGroup(client);
      if (adminKey !== null && mayBeAdmin(client, address) && sameText(key, adminKey)) {
        remember(address);
        return { name: FIRST_OPERATOR, scope: 'manage', tenant: undefined, expiresAt: 0 };
      }
      // 192 random bits cannot be guessed: they are looked up at any rate, by one statement.
      const operator = isKey(key) ? await find(db, key) : undefined;
      if (operator) return operator;
      if (failures.isTooMany(client)) throw tooMany();
      failures.count(client);
      throw unknownKey();
    },
  };
}
