/**
 * Operators' keys: `lrk_`, 32 random characters and six that check them. A made-up key is refused by its
 * check, without asking the database; only a hash is ever stored.
 */
import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'lrk_';
const FORM = /^lrk_[A-Za-z0-9_-]{32}[0-9a-f]{6}$/;

function check(random: string): string {
  return createHash('sha256').update(`live-room operator key ${random}`).digest('hex').slice(0, 6);
}

export function newKey(): string {
  const random = randomBytes(24).toString('base64url');
  return `${PREFIX}${random}${check(random)}`;
}

/** Whether a key can be one of those that newKey() made. */
export function isKey(key: string): boolean {
  return FORM.test(key) && check(key.slice(PREFIX.length, -6)) === key.slice(-6);
}

/** 192 random bits need no salt and no slow hash. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
