/**
 * Keyed hashes by which a sanction recognizes the user name, phone number and mail address of a deleted account. 1.1.0 stored
 * plain hashes, which are found too until the scheduled work has keyed them.
 */
import { createHmac, hash } from 'node:crypto';

/** Stands in front of a keyed hash; base64url has no colon. */
export const KEYED = 'h:';
/** The columns take 43 characters. */
const LENGTH = 41;

/** The hash of a phone number or mail address that the keyed one is made from. '' = there is none. */
export function contactHash(contact: string): string {
  return contact === '' ? '' : hash('sha256', `contact ${contact}`, 'base64url');
}

export interface PersonHashes {
  /** The stored form of a plain hash (base64url); a keyed one and '' stay as they are. */
  keyed(plain: string): string;
  /** All stored forms that a plain hash may have. */
  forms(plain: string): readonly string[];
}

/** `keys`: newest first; the others are still recognized. */
export function createPersonHashes(keys: readonly Uint8Array[]): PersonHashes {
  const withKey = (key: Uint8Array, plain: string) =>
    `${KEYED}${createHmac('sha256', key).update(plain).digest('base64url').slice(0, LENGTH)}`;
  const [newest] = keys;
  return {
    forms: (plain) => [...keys.map((key) => withKey(key, plain)), plain],
    keyed: (plain) => (plain === '' || plain.startsWith(KEYED) || !newest ? plain : withKey(newest, plain)),
  };
}
