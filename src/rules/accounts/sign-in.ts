/** What every successful sign-in answers, and the tenant of a call without a token. */

import { ApiError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import { formatUtc } from '../../contract/fields';
import { type Context, findTenant, type Services } from '../context';
import { TOKEN_MS } from './tokens';

export const DEFAULT_AVATAR =
  'https://imgcache.qq.com/operation/dianshi/other/1.724142271f4e811457eee00763e63f454af52d13.png';

interface SignedIn {
  id: number;
  username: string;
  name: string;
  avatar: string;
  phone: string;
  email: string;
}

/** A new token of the session and the UserSig that the SDKs of IM and TRTC want. */
export async function signInData(ctx: Context, tenant: Tenant, session: { id: string; user: SignedIn }) {
  const { services, now } = ctx;
  const { user } = session;
  const userId = services.userIds.from(tenant.id, user);
  const expiresAt = now + TOKEN_MS;
  const name = services.userIds.isNamed(tenant.id) && { name: userId };
  const claims = { tenant: tenant.id, userId: user.id, sessionId: session.id, ...name };
  const sig = services.vendors.signer.sign(tenant, userId, services.config.userSigSeconds);
  return {
    userId,
    apaasUserId: userId,
    apaasAppId: tenant.id,
    sdkAppId: tenant.sdkAppId,
    sdkUserSig: sig,
    userSig: sig,
    token: services.tokens.issue(claims, expiresAt),
    expire: formatUtc(expiresAt),
    phone: user.phone,
    email: user.email,
    name: user.name,
    avatar: user.avatar,
  };
}

/** The tenant of an unauthenticated call. With a single tenant, every value means that one. */
export function tenantOfCall(services: Services, apaasAppId: string | undefined): Tenant {
  const [first, ...others] = services.config.tenants;
  const named = findTenant(services, apaasAppId ?? '');
  if (named) return named;
  if (first && others.length === 0) return first;
  throw new ApiError('SystemVerifyError', 'unknown apaasAppId');
}
