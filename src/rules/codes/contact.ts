/** Normalizes a phone number or mail address from all the spellings of clients. */
import { ApiError } from '../../base/errors';
import { LIMITS } from '../../contract/limits';

export interface Address {
  kind: 'phone' | 'email';
  /** E.164 with its +, or a mail address in lower case. */
  text: string;
}

const MAINLAND = /^\+861[3-9]\d{9}$/;
/** ITU-T E.164: at most 15 digits; no country has numbers shorter than this with its code. */
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * `+8613800000001`, `8613800000001`, `13800000001`, `0086…`, ` 86…` (a + that was not escaped in a URL), with blanks and
 * dashes anywhere. undefined if it is no phone number.
 */
export function parsePhone(text: string): string | undefined {
  const international = /^[ +]|^ *00/.test(text);
  const compact = text.replaceAll(/[ -]/g, '');
  const digits = compact.replace(/^(\+|00)/, '');
  if (!/^\d{5,20}$/.test(digits)) return undefined;
  const bare = !international && /^1[3-9]\d{9}$/.test(digits);
  const phone = bare ? `+86${digits}` : `+${digits}`;
  return (phone.startsWith('+86') ? MAINLAND : E164).test(phone) ? phone : undefined;
}

/** Rejects addresses that no mail server accepts. Whether the mailbox exists, only the code shows. */
const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

function parseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= LIMITS.email && EMAIL.test(email) && !email.includes('..') ? email : undefined;
}

/** Throws 98 for an invalid phone number or for both kinds, and 207 for an invalid mail address. */
export function addressOf(given: { phone?: string | undefined; email?: string | undefined }): Address {
  const { phone, email } = given;
  if (phone !== undefined && email === undefined) {
    const text = parsePhone(phone);
    if (text === undefined) throw new ApiError('SystemVerifyError', 'this is not a phone number');
    return { kind: 'phone', text };
  }
  if (email !== undefined && phone === undefined) {
    const text = parseEmail(email);
    if (text === undefined) throw new ApiError('UserEmailInvalid', 'this is not a mail address');
    return { kind: 'email', text };
  }
  throw new ApiError('SystemVerifyError', 'give a phone number or a mail address');
}

/**
 * The key that the limits of sending count: the mailbox behind `name+anything@example.com`, which most mail servers deliver to
 * `name@example.com` (RFC 5233).
 */
export function receiverOf({ kind, text }: Address): Address {
  return { kind, text: kind === 'email' ? text.replace(/^([^+@]+)\+[^@]*@/, '$1@') : text };
}

/** The ways an operator may have written a phone number into the table of users. */
export function spellingsOf(phone: string): string[] {
  const digits = phone.slice(1);
  return [phone, digits, `00${digits}`, ...(phone.startsWith('+86') ? [digits.slice(2)] : [])];
}
