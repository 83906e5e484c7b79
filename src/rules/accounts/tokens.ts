/**
 * Tokens: JWTs (HS256) that name a tenant, a user and a session row. A forged or expired one is refused without asking
 * the database; the session row makes them revocable.
 */
import { errors, jwtVerify, SignJWT } from 'jose';

/** README: a token is good for 30 days. */
export const TOKEN_MS = 30 * 86_400_000;

export interface TokenClaims {
  tenant: string;
  userId: number;
  sessionId: string;
}

export type TokenVerdict =
  | { status: 'valid'; claims: TokenClaims }
  /** Really one of ours, but too old. */
  | { status: 'expired'; claims: TokenClaims }
  | { status: 'invalid' };

export interface Tokens {
  issue(claims: TokenClaims, expiresAt: number): Promise<string>;
  verify(token: string): Promise<TokenVerdict>;
}

const ALGORITHM = 'HS256';
/** Verifying costs more than the rest of a keepalive, and the same token comes every 10 s. */
const REMEMBERED = 20_000;

function claimsOf(payload: Readonly<Record<string, unknown>>): TokenClaims | undefined {
  const { t, u, s } = payload;
  if (typeof t !== 'string' || typeof u !== 'number' || typeof s !== 'string') return undefined;
  return { tenant: t, userId: u, sessionId: s };
}

export function createTokens(key: Uint8Array, clock: () => number): Tokens {
  /** Tokens whose signature was found good, with their expiry; the oldest is forgotten first. */
  const known = new Map<string, { claims: TokenClaims; expiresAt: number }>();

  async function check(token: string): Promise<TokenVerdict> {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], currentDate: new Date(clock()) });
      const claims = claimsOf(payload);
      if (!claims || payload.exp === undefined) return { status: 'invalid' };
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
      known.set(token, { claims, expiresAt: payload.exp * 1000 });
      return { status: 'valid', claims };
    } catch (error) {
      // jose checks the signature before the time, so this payload is our own.
      const claims = error instanceof errors.JWTExpired ? claimsOf(error.payload) : undefined;
      return claims ? { status: 'expired', claims } : { status: 'invalid' };
    }
  }

  return {
    issue: (claims, expiresAt) =>
      new SignJWT({ t: claims.tenant, u: claims.userId, s: claims.sessionId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setExpirationTime(Math.floor(expiresAt / 1000))
        // Two tokens of one session made in the same second must still be two.
        .setJti(crypto.randomUUID().slice(0, 8))
        .sign(key),
    verify: async (token) => {
      const entry = known.get(token);
      if (!entry) return check(token);
      return { status: entry.expiresAt > clock() ? 'valid' : 'expired', claims: entry.claims };
    },
  };
}
