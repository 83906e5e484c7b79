/** Which user names can be ids, in tenants with `userIds: username`. */
import { ApiError } from '../../base/errors';
import type { Tenant } from '../../config/config';

/** What IM takes as a user id, and TRTC as user and room. */
const FORM = /^[A-Za-z0-9_-]{1,32}$/;
/** Generated roomIds look like this (data/accounts/public-ids.ts). */
const GENERATED = /^\d{9,10}$/;

/** Throws 210 if the name cannot be an id, in tenants whose ids are not numbers. */
export function checkName({ userIds, imAdmin }: Tenant, username: string): void {
  if (userIds === 'number') return;
  if (!FORM.test(username)) {
    throw new ApiError('UserOAuthParams', 'username must be 1 to 32 letters, digits, _ or -');
  }
  if (GENERATED.test(username)) {
    throw new ApiError('UserOAuthParams', 'username must not be a number of nine or ten digits');
  }
  // A UserSig of this account may do everything in IM.
  if (username.toLowerCase() === imAdmin.toLowerCase()) {
    throw new ApiError('UserOAuthParams', 'username is that of the IM administrator');
  }
}

/** The name is the id of another user's open room. */
export function nameIsRoom(): ApiError {
  return new ApiError('UserOAuthParams', 'username is the id of an open room');
}
