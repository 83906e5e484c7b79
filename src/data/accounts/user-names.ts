/** When two spellings of a user name are one name. */
import { hash } from 'node:crypto';

function hashOf(name: string): string {
  return hash('sha256', name, 'base64url');
}

/** Invisible characters: zero-width spaces, joiners, direction marks, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** The spelling that all spellings of a name share: compatibility forms, case, blanks around and invisible characters gone. */
function foldedName(username: string): string {
  const plain = username.normalize('NFKC').replace(INVISIBLE, '').trim();
  // Up and down again: ß and ss, and the sigmas, meet only in capitals.
  return plain.toUpperCase().toLowerCase().normalize('NFKC');
}

/** users.username_key of an account: a hash, so that it compares exactly with any collation of the server. */
export function usernameKey(username: string): string {
  return hashOf(foldedName(username));
}

/**
 * The keys under which the account of a typed name may be. Installations of 1.0.0 compared names byte by byte: if two
 * of those accounts have one folded name, one of them keeps the exact key permanently.
 */
export function usernameKeys(username: string): readonly string[] {
  return [usernameKey(username), hashOf(username)];
}
