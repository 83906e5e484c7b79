/**
 * Tokens: JWTs (HS256) that name a tenant, a user and a session row. A forged or expired one is refused without asking
 * the database; the session row makes them revocable.
 */
import { randomUUID } from 'node:crypto';
import { fieldsOf } from '../../base/fields';

/** README: a token is valid for 30 days. */
export const TOKEN_MS = 30 * 86_400_000;

export interface TokenClaims {
  tenant: string;
  userId: number;
  sessionId: string;
  /** The user's name, in tenants whose ids are names: it never changes, so no request has to look it up. */
  name?: string;
}

export type TokenVerdict =
  | { status: 'valid'; claims: TokenClaims }
  /** Really one of ours, but too old. */
  | { status: 'expired'; claims: TokenClaims }
  | { status: 'invalid' };

export interface Tokens {
  issue(claims: TokenClaims, expiresAt: number): string;
  verify(token: string): TokenVerdict;
}

const ALGORITHM = 'HS256';

/** The library is loaded by the first token: it would be a tenth of a cold start. */
function loadJwt(): typeof import('../../vendors/identity/jwt-client') {
  return require('../../vendors/identity/jwt-client');
}

interface Verified {
  claims: TokenClaims;
  expiresAt: number;
}

/** The payload of a valid signature; undefined if this file did not sign it. */
function verifiedOf(payload: unknown): Verified | undefined {
  const { t, u, s, n, exp } = fieldsOf(payload);
  if (typeof t !== 'string' || typeof u !== 'number' || typeof s !== 'string' || typeof exp !== 'number') {
    return undefined;
  }
  const name = typeof n === 'string' && { name: n };
  return { claims: { tenant: t, userId: u, sessionId: s, ...name }, expiresAt: exp * 1000 };
}

export interface TokenOptions {
  /** Old keys, whose tokens are still valid. */
  older?: readonly Uint8Array[];
  /** The service's clock (ms). */
  clock: () => number;
  /**
   * Size of the cache of verified tokens: the same token comes every 10 s, and verifying it again
   * costs a tenth of the request. Each takes about half a kilobyte.
   */
  remembered?: number;
}

function withKeys(newest: Uint8Array, older: readonly Uint8Array[]) {
  const { createSigner, createVerifier } = loadJwt();
  // Whether the time is up is asked by our clock, and every time.
  const checkBy = (secret: Uint8Array) =>
    createVerifier({ key: Buffer.from(secret), algorithms: [ALGORITHM], ignoreExpiration: true, cache: false });
  return {
    sign: createSigner({ key: Buffer.from(newest), algorithm: ALGORITHM, noTimestamp: true }),
    checks: [newest, ...older].map(checkBy),
  };
}

export function createTokens(newest: Uint8Array, { clock, older = [], remembered = 1_000 }: TokenOptions): Tokens {
  let jwt: ReturnType<typeof withKeys> | undefined;
  /**
   * Tokens whose signature was verified. A full cache is emptied: to find the oldest entry would cost more
   * than verifying every signature, as soon as more people are online than its size.
   */
  const known = new Map<string, Verified>();

  function verified(token: string): Verified | undefined {
    jwt ??= withKeys(newest, older);
    for (const check of jwt.checks) {
      try {
        const found = verifiedOf(check(token));
        if (!found) return undefined;
        if (known.size >= remembered) known.clear();
        known.set(token, found);
        return found;
      } catch {
        // The text is no token, or not signed with this key: the response does not say which.
      }
    }
    return undefined;
  }

  return {
    issue({ tenant, userId, sessionId, name }, expiresAt) {
      jwt ??= withKeys(newest, older);
      // Two tokens of one session made in the same second must still be two.
      const jti = randomUUID().slice(0, 8);
      return jwt.sign({ t: tenant, u: userId, s: sessionId, n: name, exp: Math.floor(expiresAt / 1000), jti });
    },
    verify(token) {
      const found = known.get(token) ?? verified(token);
      if (!found) return { status: 'invalid' };
      return { status: found.expiresAt > clock() ? 'valid' : 'expired', claims: found.claims };
    },
  };
}
