/**
 * The ids of users as the apps know them. Inside, users have numbers; a tenant shows the numbers, or with `userIds: username` the
 * user names. A name belongs to one number during the life of an account, and no number is given twice.
 */
import { DatabaseError, OTHER_IDS } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Tenant } from '../../config/config';
import { idsInUse } from '../../data/accounts/ids-in-use';
import { numbersOfNames, publicId, userNumber, usernamesOf } from '../../data/accounts/public-ids';
import type { Executor } from '../../data/engine/database';

type Reader = Pick<Executor, 'query'>;

/** Statements are sent for tenants with names only. */
export interface UserIds {
  /** Whether the user names of the tenant are its ids. */
  isNamed(tenant: string): boolean;
  /** The id of a row that has both. */
  from(tenant: string, user: { id: number; username: string }): string;
  /** '' if there is no such user (any more). */
  of(db: Reader, tenant: string, number: number): Promise<string>;
  ofAll(db: Reader, tenant: string, numbers: readonly number[]): Promise<(number: number) => string>;
  /** undefined: no user has this id, or can have it. */
  numberOf(db: Reader, tenant: string, userId: string): Promise<number | undefined>;
  /** Numbers by id; ids that no user has are missing. */
  numbersOf(db: Reader, tenant: string, userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The form in which ids of users and rooms are compared when the question is whose an id is. */
  key(tenant: string, id: string): string;
}

export function createUserIds(tenants: readonly Pick<Tenant, 'id' | 'userIds'>[]): UserIds {
  const named = new Set(tenants.filter(({ userIds }) => userIds === 'username').map(({ id }) => id));
  const isNamed = (tenant: string) => named.has(tenant);

  async function ofAll(db: Reader, tenant: string, numbers: readonly number[]) {
    if (!isNamed(tenant)) return (number: number) => (number > 0 ? publicId(tenant, number) : '');
    const names = await usernamesOf(db, tenant, numbers);
    return (number: number) => names.get(number) ?? '';
  }

  async function numbersOf(db: Reader, tenant: string, userIds: readonly string[]) {
    if (isNamed(tenant)) return numbersOfNames(db, tenant, userIds);
    return new Map(userIds.map((id) => [id, userNumber(tenant, id)] as const).filter(isKnown));
  }

  return {
    isNamed,
    from: (tenant, { id, username }) => (isNamed(tenant) ? username : publicId(tenant, id)),
    of: async (db, tenant, number) => (await ofAll(db, tenant, [number]))(number),
    ofAll,
    numberOf: async (db, tenant, userId) => (await numbersOf(db, tenant, [userId])).get(userId),
    numbersOf,
    key: (tenant, id) => (isNamed(tenant) ? id.toLowerCase() : id),
  };
}

function isKnown(entry: readonly [string, number | undefined]): entry is readonly [string, number] {
  return entry[1] !== undefined;
}

/** Throws if `userIds` of a tenant was changed after its first account: ids that apps, IM and webhooks know would be wrong. */
export async function checkIdsInUse(db: Reader, tenants: readonly Tenant[], log: Log): Promise<void> {
  let changed = false;
  for (const { id, userIds } of tenants) {
    const inUse = await idsInUse(db, id);
    if (inUse === undefined || inUse === userIds) continue;
    log('user_ids_changed', { tenant: id, accounts: inUse, setting: userIds });
    changed = true;
  }
  if (changed) throw new DatabaseError('other', OTHER_IDS);
}
