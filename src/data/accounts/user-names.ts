/** When two spellings of a user name are one name. */
import { hash } from 'node:crypto';

/** Invisible characters: zero-width spaces, joiners, direction marks, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Whether two names that are one here are also one for a backend or an identity provider that knows case only. Both maps of
 * case, since each alone takes some letters for others: the Kelvin sign for k, the dotless i for I, ß for SS.
 */
export function isSpelledAlike(one: string, other: string): boolean {
  const [a, b] = [one.trim(), other.trim()];
  return a.toLowerCase() === b.toLowerCase() && a.toUpperCase() === b.toUpperCase();
}

/**
 * users.username_key of an account, by the spelling that all spellings of a name share: compatibility forms, case, blanks around and
 * invisible characters gone. A hash, so that it compares exactly with any collation of the server.
 */
export function usernameKey(username: string): string {
  const plain = username.normalize('NFKC').replace(INVISIBLE, '').trim();
  // Up and down again: ß and ss, and the sigmas, meet only in capitals.
  const folded = plain.toUpperCase().toLowerCase().normalize('NFKC');
  return hash('sha256', folded, 'base64url');
}

/**
 * A name as it was typed, and the keys under which its account may be. Installations of 1.0.0 compared names byte by byte: if two
 * of those accounts have one folded name, one of them keeps the exact key permanently.
 */
export interface AccountName {
  tenant: string;
  username: string;
  keys: readonly [folded: string, exact: string];
}

export function accountName(tenant: string, username: string): AccountName {
  return { tenant, username, keys: [usernameKey(username), hash('sha256', username, 'base64url')] };
}
