/**
 * Tokens: JWTs (HS256) that name a tenant, a user and a session row. A forged or expired one is refused without asking
 * the database; the session row makes them revocable.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { type Fields, fieldsOf } from '../../base/fields';
import { sameText } from '../../base/same-text';

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

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Nothing if it is no JSON. */
function decoded(part: string): Fields {
  try {
    return fieldsOf(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    return {};
  }
}

/** Of a token's header and payload, with the dot between them. */
function signatureOf(text: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

const HEADER = encoded({ alg: 'HS256', typ: 'JWT' });

function signed(payload: object, key: Uint8Array): string {
  const text = `${HEADER}.${encoded(payload)}`;
  return `${text}.${signatureOf(text, key)}`;
}

interface Verified {
  claims: TokenClaims;
  expiresAt: number;
}

/** The claims of a token that one of the keys has signed; undefined: none has. The response does not say why. */
function verifiedOf(token: string, keys: readonly Uint8Array[]): Verified | undefined {
  const [header = '', payload = '', signature = '', ...others] = token.split('.');
  const text = `${header}.${payload}`;
  if (others.length > 0 || !keys.some((key) => sameText(signature, signatureOf(text, key)))) return undefined;
  // Read after the signature: until then it is the client's word.
  if (decoded(header)['alg'] !== 'HS256') return undefined;
  const { t, u, s, n, exp } = decoded(payload);
  if (typeof t !== 'string' || typeof u !== 'number' || typeof s !== 'string' || typeof exp !== 'number') {
    return undefined;
  }
  const name = typeof n === 'string' && { name: n };
  return { claims: { tenant: t, userId: u, sessionId: s, ...name }, expiresAt: exp * 1000 };
}

/** Two tokens of one session made in the same second must still be two. */
function serial(): string {
  return randomUUID().slice(0, 8);
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

export function createTokens(newest: Uint8Array, { clock, older = [], remembered = 1_000 }: TokenOptions): Tokens {
  const keys = [newest, ...older];
  /**
   * Tokens whose signature was verified. A full cache is emptied: to find the oldest entry would cost more
   * than verifying every signature, as soon as more people are online than its size.
   */
  const known = new Map<string, Verified>();

  function verified(token: string): Verified | undefined {
    const found = verifiedOf(token, keys);
    if (!found) return undefined;
    if (known.size >= remembered) known.clear();
    known.set(token, found);
    return found;
  }

  return {
    issue: ({ tenant, userId, sessionId, name }, expiresAt) =>
      signed({ t: tenant, u: userId, s: sessionId, n: name, exp: Math.floor(expiresAt / 1000), jti: serial() }, newest),
    verify(token) {
      const found = known.get(token) ?? verified(token);
      if (!found) return { status: 'invalid' };
      return { status: found.expiresAt > clock() ? 'valid' : 'expired', claims: found.claims };
    },
  };
}
