/** Those who sign in at the same moment are looked up in one batch (data/engine/batcher.ts). */
import { findUsersByName, type User } from '../../data/accounts/accounts';
import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import type { Database } from '../../data/engine/database';

export interface AccountName {
  tenant: string;
  username: string;
}

/** undefined: nobody has the name. */
export type AccountsByName = Batcher<AccountName, User | undefined>;

async function findAll(db: Database, names: readonly AccountName[]): Promise<readonly (User | undefined)[]> {
  const found = new Map<AccountName, User>();
  for (const tenant of new Set(names.map((name) => name.tenant))) {
    const asked = names.filter((name) => name.tenant === tenant);
    const users = await findUsersByName(
      db,
      tenant,
      asked.map(({ username }) => username),
    );
    for (const [index, name] of asked.entries()) {
      const user = users[index];
      if (user) found.set(name, user);
    }
  }
  return names.map((name) => found.get(name));
}

export function createAccountsByName(parts: BatcherParts): AccountsByName {
  // Each asked for by itself: the same name twice is found twice.
  return createBatcher(parts, { name: 'account_names', keyOf: (name) => name, run: findAll });
}
