/**
 * Stored secrets. Those that the service has to read are encrypted with DATA_KEYS (AES-256-GCM), bound to their
 * owner: a row copied over another is useless. `enc:<key>:<nonce, tag and text>`; without this prefix it is the
 * readable secret of an earlier time.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ApiError } from '../base/errors';
import type { Log } from '../base/log';
import type { DataKey } from '../config/data-keys';

export interface Sealing<Owner> {
  /** What to store for a secret. */
  seal(secret: string, owner: Owner): string;
  /**
   * Decrypts a stored secret. Throws SystemError, and logs the missing key, if it was encrypted with a
   * key that is no longer configured, or for another owner.
   */
  open(stored: string, owner: Owner): string;
  /** Whether it has to be encrypted again: plain although there are keys, or with an older key. */
  isOutdated(stored: string): boolean;
  /** Name of the newest key; '' = secrets are stored readable. */
  readonly newestKey: string;
}

export interface SealingOptions<Owner> {
  /** Newest first. */
  keys: readonly DataKey[];
  log: Log;
  /** The binding of a secret; differs for every kind of secret. */
  bound: (owner: Owner) => readonly string[];
  /** The log event for a secret of another owner. */
  mismatch: string;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function encrypt({ id, key }: DataKey, secret: string, bound: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(bound);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `enc:${id}:${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

function decrypt({ key }: DataKey, packed: Buffer, bound: Buffer): string {
  const nonce = packed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound);
  decipher.setAuthTag(packed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return decipher.update(packed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

export function createSealing<Owner>({ keys, log, bound, mismatch }: SealingOptions<Owner>): Sealing<Owner> {
  const [newest] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  const boundTo = (owner: Owner) => Buffer.from(JSON.stringify(bound(owner)));
  const fail = (event: string, key: string): never => {
    log(event, { key });
    throw new ApiError('SystemError', 'something went wrong, please try again');
  };
  return {
    newestKey: newest?.id ?? '',
    seal: (secret, owner) => (newest ? encrypt(newest, secret, boundTo(owner)) : secret),
    open(stored, owner) {
      const [, id, packed] = /^enc:([^:]+):(.+)$/.exec(stored) ?? [];
      if (id === undefined || packed === undefined) return stored;
      const key = byId.get(id);
      if (!key) return fail('data_key_missing', id);
      try {
        return decrypt(key, Buffer.from(packed, 'base64url'), boundTo(owner));
      } catch {
        return fail(mismatch, id);
      }
    },
    isOutdated: (stored) => newest !== undefined && !stored.startsWith(`enc:${newest.id}:`),
  };
}

/** The value to store instead; undefined if it is current, or needs a missing key. */
export function sealedAnew<Owner>(sealing: Sealing<Owner>, stored: string, owner: Owner): string | undefined {
  if (!sealing.isOutdated(stored)) return undefined;
  try {
    return sealing.seal(sealing.open(stored, owner), owner);
  } catch {
    // Said in the log by now; it stays as it is.
    return undefined;
  }
}
