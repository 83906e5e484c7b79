/**
 * JWTs of a tenant's identity provider: OIDC ID tokens, or tokens that the tenant's own backend signs with a shared secret.
 * fast-jwt, which signs our own tokens too, decodes and verifies; the algorithm follows from the configured key, never from the
 * token only.
 */
import { ApiError } from '../../base/errors';
import { fieldsOf } from '../../base/fields';
import type { Log } from '../../base/log';
import type { Tenant } from '../../config/config';
import { createKeySet, JwksError, type KeySet } from '../../vendors/identity/jwks';

export interface IdentityTokens {
  /** The user that the token names. Throws UserOAuthParams(210), UserTokenExpired(203) or ServiceUnavailable(100). */
  userOf(tenant: Tenant, token: string): Promise<string>;
}

/** How far the provider's clock may be off (ms). */
const TOLERANCE_MS = 60_000;

type Jwt = typeof import('../../vendors/identity/jwt-client');

function refused(): ApiError {
  return new ApiError('UserOAuthParams', 'the identity token is not valid');
}

function headerOf({ createDecoder }: Jwt, token: string): { kid: string | undefined; algorithm: string } {
  const { alg, kid } = fieldsOf(fieldsOf(createDecoder({ complete: true })(token))['header']);
  if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) throw refused();
  return { kid, algorithm: alg };
}

interface Trusted {
  key: string;
  algorithm: 'RS256' | 'ES256' | 'EdDSA' | 'HS256';
}

/** The claims of a token that this key has signed, for us, by the right provider; its time may be over. */
function claimsOf(jwt: Jwt, token: string, { tenant, key, algorithm, now }: Trusted & { tenant: Tenant; now: number }) {
  const verify = jwt.createVerifier({
    key,
    algorithms: [algorithm],
    allowedIss: tenant.authIssuer,
    allowedAud: tenant.authAudience,
    requiredClaims: ['iss', 'aud', 'exp'],
    // A token that is invalid in another way is never reported as expired.
    ignoreExpiration: true,
    clockTimestamp: now,
    clockTolerance: TOLERANCE_MS,
    cache: false,
  });
  return fieldsOf(verify(token));
}

function checkTime(exp: unknown, now: number): void {
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw refused();
  if (now <= exp * 1000 + TOLERANCE_MS) return;
  throw new ApiError('UserTokenExpired', 'the identity token has expired, please sign in again');
}

/** Own backends number their users, too. */
function nameIn(claim: unknown): string {
  if (typeof claim === 'string' && claim !== '') return claim;
  if (typeof claim === 'number' && Number.isSafeInteger(claim)) return String(claim);
  throw new ApiError('UserOAuthParams', 'the identity token names no user');
}

export function createIdentityTokens({ clock, log }: { clock: () => number; log: Log }): IdentityTokens {
  const keySets = new Map<string, KeySet>();

  function keySetOf({ id, authJwksUrl: url }: Tenant & { authJwksUrl: URL }): KeySet {
    const known = keySets.get(url.href);
    if (known) return known;
    const onFailure = (reason: string) => log('identity_keys_failed', { tenant: id, reason });
    const made = createKeySet({ url, clock, onFailure });
    keySets.set(url.href, made);
    return made;
  }

  async function trusted(jwt: Jwt, token: string, tenant: Tenant): Promise<Trusted> {
    const { authJwksUrl, authJwtSecret } = tenant;
    if (authJwksUrl === null) return { key: authJwtSecret, algorithm: 'HS256' };
    const found = await keySetOf({ ...tenant, authJwksUrl }).find(headerOf(jwt, token));
    if (!found) throw refused();
    return { key: found.pem, algorithm: found.algorithm };
  }

  return {
    async userOf(tenant, token) {
      const now = clock();
      const jwt = await import('../../vendors/identity/jwt-client');
      try {
        const claims = claimsOf(jwt, token, { ...(await trusted(jwt, token, tenant)), tenant, now });
        checkTime(claims['exp'], now);
        return nameIn(claims[tenant.authUserClaim]);
      } catch (error) {
        if (error instanceof jwt.TokenError) throw refused();
        if (!(error instanceof JwksError)) throw error;
        throw new ApiError('ServiceUnavailable', 'the identity provider cannot be reached, please try again');
      }
    },
  };
}
