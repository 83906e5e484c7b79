/**
 * Salts as they are stored. A salt signs its owner in as well as a password does, and the protocol needs it readable, so with
 * DATA_KEYS it is encrypted (AES-256-GCM), bound to the tenant and name it is for: a row copied over another is good for
 * nothing. `enc:<key>:<nonce, tag and text>`; without that beginning it is the readable salt of an earlier time.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ApiError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { DataKey } from '../../config/data-keys';

/** Whose salt it is. `username` as it is stored, not as it was typed this time. */
export interface SaltOwner {
  tenant: string;
  username: string;
}

export interface Salts {
  /** What to store for a salt. */
  seal(salt: string, owner: SaltOwner): string;
  /**
   * The salt of what is stored. Throws SystemError, and says in the log which key is missing, where it was encrypted with a
   * key that is not configured any more; also where it was not encrypted for this owner.
   */
  open(stored: string, owner: SaltOwner): string;
  /** Whether it should be sealed anew: readable though there are keys, or under an older key. */
  isOutdated(stored: string): boolean;
  /** Name of the newest key; '' = salts are stored readable. */
  readonly newestKey: string;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function boundTo({ tenant, username }: SaltOwner): Buffer {
  return Buffer.from(JSON.stringify(['salt', tenant, username]));
}

function encrypt({ id, key }: DataKey, salt: string, owner: SaltOwner): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(boundTo(owner));
  const text = Buffer.concat([cipher.update(salt, 'utf8'), cipher.final()]);
  return `enc:${id}:${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

function decrypt({ key }: DataKey, packed: Buffer, owner: SaltOwner): string {
  const nonce = packed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(owner));
  decipher.setAuthTag(packed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return decipher.update(packed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

export function createSalts(keys: readonly DataKey[], log: Log): Salts {
  const [newest] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  const fail = (event: string, key: string): never => {
    log(event, { key });
    throw new ApiError('SystemError', 'something went wrong, please try again');
  };
  return {
    newestKey: newest?.id ?? '',
    seal: (salt, owner) => (newest ? encrypt(newest, salt, owner) : salt),
    open(stored, owner) {
      const [, id, packed] = /^enc:([^:]+):(.+)$/.exec(stored) ?? [];
      if (id === undefined || packed === undefined) return stored;
      const key = byId.get(id);
      if (!key) return fail('data_key_missing', id);
      try {
        return decrypt(key, Buffer.from(packed, 'base64url'), owner);
      } catch {
        return fail('salt_not_of_its_owner', id);
      }
    },
    isOutdated: (stored) => newest !== undefined && !stored.startsWith(`enc:${newest.id}:`),
  };
}
