/**
 * The public keys of an identity provider (RFC 7517). They are cached and kept while the provider is down; an unknown key id
 * asks again, at most every 30 s. rules/accounts/identity-tokens.ts checks the claims of a token.
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { fieldsOf } from '../../base/fields';

export type KeyAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

export interface PublicKey {
  /** '' = the provider gave none. */
  kid: string;
  algorithm: KeyAlgorithm;
  /** SPKI, as PEM. */
  pem: string;
}

export interface KeySet {
  /** The key for a token with this header; undefined if the provider has none. Throws JwksError until a set has been read. */
  find(header: { kid: string | undefined; algorithm: string }): Promise<PublicKey | undefined>;
}

/** No set of keys could be read. `message` says why, without anything that was received. */
export class JwksError extends Error {
  override readonly name = 'JwksError';
}

const TIMEOUT_MS = 3_000;
/** Providers publish two or three keys, each below 3 KiB. */
const MAX_BYTES = 262_144;
const MAX_KEYS = 100;
const MIN_RSA_BITS = 2_048;
/** An unknown key id asks the provider again after this time (ms). */
export const ASK_AGAIN_MS = 30_000;
/** The same before the first set is read, when no user can sign in yet. */
const FIRST_TRY_MS = 3_000;
/** A set older than this is read again in the background, so that a key that was withdrawn goes (ms). */
const FRESH_MS = 600_000;

const ALGORITHMS: ReadonlyMap<string, KeyAlgorithm> = new Map([
  ['RSA', 'RS256'],
  ['EC P-256', 'ES256'],
  ['OKP Ed25519', 'EdDSA'],
]);

/** Chosen by the type of the key, never by the token. Symmetric keys and encryption keys are ignored. */
function algorithmOf({ kty, crv, alg, use, key_ops: operations }: Record<string, unknown>): KeyAlgorithm | undefined {
  if (use !== undefined && use !== 'sig') return undefined;
  if (Array.isArray(operations) && !operations.includes('verify')) return undefined;
  const own = ALGORITHMS.get(kty === 'RSA' ? 'RSA' : `${kty} ${crv}`);
  return alg === undefined || alg === own || (alg === 'Ed25519' && own === 'EdDSA') ? own : undefined;
}

function keyOf(jwk: unknown): PublicKey[] {
  const fields = fieldsOf(jwk);
  const algorithm = algorithmOf(fields);
  const { kid, kty, crv, n, e, x, y } = fields;
  if (!algorithm || (kid !== undefined && typeof kid !== 'string')) return [];
  try {
    // Keeps the public members: of a private key published by mistake only the public half is used.
    const members = Object.entries({ kty, crv, n, e, x, y }).filter(([, value]) => value !== undefined);
    // node:crypto checks every member itself.
    const key = createPublicKey({ key: Object.fromEntries(members) as JsonWebKey, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    if (bits !== undefined && bits < MIN_RSA_BITS) return [];
    return [{ kid: kid ?? '', algorithm, pem: key.export({ type: 'spki', format: 'pem' }).toString() }];
  } catch {
    return [];
  }
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) throw new JwksError(`the answer is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function keysIn(text: string): PublicKey[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new JwksError('the answer is not JSON');
  }
  const { keys } = fieldsOf(parsed);
  if (!Array.isArray(keys)) throw new JwksError('the answer is not a JWK set');
  const usable = keys.slice(0, MAX_KEYS).flatMap(keyOf);
  // A set without a usable key would block all sign-ins; the previous one stays.
  if (usable.length === 0) throw new JwksError('the JWK set has no RS256, ES256 or EdDSA key');
  return usable;
}

async function readKeys(url: URL): Promise<PublicKey[]> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal });
    if (!response.ok) throw new JwksError(`HTTP status ${response.status}`);
    return keysIn(await textOf(response));
  } catch (error) {
    if (error instanceof JwksError) throw error;
    throw new JwksError(
      error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection',
    );
  }
}

export interface KeySetParts {
  url: URL;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Called after each failed read. */
  onFailure: (reason: string) => void;
}

export function createKeySet({ url, clock, onFailure }: KeySetParts): KeySet {
  let keys: readonly PublicKey[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  // A clock that was set back must not keep the provider from being asked.
  const isOlder = (at: number, ms: number) => clock() - at >= ms || clock() < at;

  async function readAgain(): Promise<void> {
    try {
      keys = await readKeys(url);
      readAt = clock();
    } catch (error) {
      const reason = error instanceof JwksError ? error.message : 'unknown';
      onFailure(reason);
      if (keys.length === 0) throw error;
    } finally {
      reading = undefined;
    }
  }

  /** Requests that ask at the same time share one read. */
  function refresh(): Promise<void> | undefined {
    if (reading) return reading;
    if (!isOlder(askedAt, keys.length > 0 ? ASK_AGAIN_MS : FIRST_TRY_MS)) return undefined;
    askedAt = clock();
    reading = readAgain();
    return reading;
  }

  /** A token without a key id is accepted only if the set has exactly one key for it. */
  function known(header: { kid: string | undefined; algorithm: string }): PublicKey | undefined {
    const fitting = keys.filter(({ algorithm }) => algorithm === header.algorithm);
    if (header.kid !== undefined) return fitting.find(({ kid }) => kid === header.kid);
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  return {
    async find(header) {
      const found = known(header);
      if (found) {
        if (isOlder(readAt, FRESH_MS)) refresh()?.catch(() => {});
        return found;
      }
      await refresh();
      if (keys.length === 0) throw new JwksError('no keys could be read yet');
      return known(header);
    },
  };
}
