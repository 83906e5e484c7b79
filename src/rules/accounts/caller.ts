/** Finds out who is calling from the token and the ids that came with it. */

import { ApiError } from '../../base/errors';
import type { SessionKey } from '../../data/accounts/sessions';
import { type Caller, type Context, findTenant, type Services } from '../context';

/** The caller's own parameters, unchecked: any type, or absent. */
export interface Claimed {
  userId?: unknown;
  apaasUserId?: unknown;
  token?: unknown;
  apaasAppId?: unknown;
}

export type CallerVerdict = { status: 'valid' | 'expired'; caller: Caller<SessionKey> } | { status: 'invalid' };

/** The context of a rule that handles an invalid token itself (session: 'optional'). */
export interface ClaimedContext extends Context {
  verdict: CallerVerdict;
  claimed: Claimed;
}

/** userId, else apaasUserId; never compared with each other (one client sends its token as apaasUserId). */
export function claimedUserId({ userId, apaasUserId }: Claimed): string | undefined {
  for (const id of [userId, apaasUserId]) {
    if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id);
  }
  return undefined;
}

export function identify(services: Services, claimed: Claimed): CallerVerdict {
  const { token } = claimed;
  if (typeof token !== 'string' || token === '' || token.length > 1024) return { status: 'invalid' };
  const verdict = services.tokens.verify(token);
  if (verdict.status === 'invalid') return verdict;
  const { claims } = verdict;
  const tenant = findTenant(services, claims.tenant);
  if (!tenant) return { status: 'invalid' };
  const publicId = services.userIds.from(tenant.id, { id: claims.userId, username: claims.name ?? '' });
  const userId = claimedUserId(claimed) ?? publicId;
  if (userId !== publicId || publicId === '') return { status: 'invalid' };
  const caller: Caller<SessionKey> = {
    id: claims.userId,
    publicId,
    tenant,
    session: { id: claims.sessionId, userId: claims.userId },
  };
  return { status: verdict.status, caller };
}

export function tokenExpired(): ApiError {
  return new ApiError('UserTokenExpired', 'the token has expired, please sign in again');
}

export function tokenInvalid(): ApiError {
  return new ApiError('UserTokenInvalid', 'the token is not valid, please sign in again');
}

/** The caller of a valid token; throws 203 or 204. */
export function callerOf(verdict: CallerVerdict): Caller<SessionKey> {
  if (verdict.status === 'invalid') throw tokenInvalid();
  if (verdict.status === 'expired') throw tokenExpired();
  return verdict.caller;
}
