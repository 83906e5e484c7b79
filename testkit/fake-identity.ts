/**
 * An identity provider on loopback: publishes a JWK set, signs tokens, rotates its keys, and can be down, slow or lie. Tokens
 * are put together by hand with node:crypto, so that a test can make any that a library would refuse to make.
 */
import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { type Failure, FailureSwitches, startFakeServer } from './fake-http';

export type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

export interface ProviderKey {
  kid: string;
  algorithm: Algorithm;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

export type Claims = Readonly<Record<string, unknown>>;

export interface FakeIdentity {
  issuer: string;
  jwksUrl: string;
  /** Reads of the JWK set so far. */
  reads(): number;
  fail(failure: Failure<never>): void;
  clear(): void;
  /** Publishes these keys alone. */
  publish(...keys: readonly ProviderKey[]): void;
  /** Answers this document instead of the JWK set; undefined: tells the truth again. */
  lie(document: unknown): void;
  stop(): Promise<void>;
}

export const AUDIENCE = 'live-room-tests';

let keys = 0;
export function newProviderKey(algorithm: Algorithm = 'RS256', { bits = 2_048, kid = '' } = {}): ProviderKey {
  keys += 1;
  const pair =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  return { kid: kid || `key-${keys}`, algorithm, ...pair };
}

export function jwkOf(key: ProviderKey, extra: Claims = {}): Claims {
  return { ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, use: 'sig', alg: key.algorithm, ...extra };
}

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Any header and payload with any signature. */
export function assemble(header: unknown, payload: unknown, signer: (input: Buffer) => Buffer): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signer(Buffer.from(input)).toString('base64url')}`;
}

export function signerOf({ algorithm, privateKey }: ProviderKey): (input: Buffer) => Buffer {
  if (algorithm === 'EdDSA') return (input) => signBytes(null, input, privateKey);
  return (input) => signBytes('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

export const hmacOf = (secret: string | Buffer) => (input: Buffer) =>
  createHmac('sha256', secret).update(input).digest();

/** A token as the provider would sign it. */
export function tokenOf(key: ProviderKey, claims: Claims, header: Claims = {}): string {
  return assemble({ alg: key.algorithm, typ: 'JWT', kid: key.kid, ...header }, claims, signerOf(key));
}

export async function startFakeIdentity(...first: readonly ProviderKey[]): Promise<FakeIdentity> {
  const failures = new FailureSwitches<never>();
  let published = first;
  let lie: unknown;
  let reads = 0;
  const server = await startFakeServer<never>(({ path }) => {
    if (path !== '/jwks.json') throw new Error(`the provider has no ${path}`);
    reads += 1;
    return { json: lie ?? { keys: published.map((key) => jwkOf(key)) }, failure: failures.take('jwks') };
  });
  return {
    issuer: 'https://login.example.com',
    jwksUrl: `${server.url}/jwks.json`,
    reads: () => reads,
    fail: (failure) => failures.add(failure),
    clear: () => failures.clear(),
    publish: (...keys) => {
      published = keys;
    },
    lie: (document) => {
      lie = document;
    },
    stop: () => server.stop(),
  };
}
