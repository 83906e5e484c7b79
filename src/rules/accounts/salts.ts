/** Salts as they are stored: one signs its owner in as well as a password does, and the protocol needs it readable. */
import type { Log } from '../../base/log';
import type { DataKey } from '../../config/data-keys';
import { createSealing, type Sealing } from '../sealing';

/** Whose salt it is. `username` as it is stored, not as it was typed this time. */
export interface SaltOwner {
  tenant: string;
  username: string;
}

export type Salts = Sealing<SaltOwner>;

export function createSalts(keys: readonly DataKey[], log: Log): Salts {
  const bound = ({ tenant, username }: SaltOwner) => ['salt', tenant, username];
  return createSealing({ keys, log, bound, mismatch: 'salt_not_of_its_owner' });
}
