/**
 * Checks the TC3-HMAC-SHA256 signature of a Tencent cloud API request as the gateway does
 * (https://cloud.tencent.com/document/api/647/34269). Knows no product.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FakeRequest } from './fake-http';

export interface CloudKey {
  readonly secretId: string;
  readonly secretKey: string;
}

export interface CloudError {
  readonly Code: string;
  readonly Message: string;
}

/** How far a request's clock may be off, in seconds. */
const clockWindow = 300;

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function header(request: FakeRequest, name: string): string {
  return String(request.headers[name] ?? '');
}

interface Authorization {
  readonly secretId: string;
  readonly date: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const pattern =
  /^TC3-HMAC-SHA256 Credential=([^/,]+)\/(\d{4}-\d\d-\d\d)\/([^/,]+)\/tc3_request, *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})$/;

function parseAuthorization(text: string): Authorization | undefined {
  const [, secretId, date, service, names, signature] = pattern.exec(text) ?? [];
  if (secretId === undefined || date === undefined || service === undefined) return undefined;
  if (names === undefined || signature === undefined) return undefined;
  return { secretId, date, service, signedHeaders: names.split(';'), signature };
}

/** The signature a request must carry, with the host as its client wrote it: some SDKs leave the port out. */
function expectedSignature(request: FakeRequest, auth: Authorization, signing: { key: string; host: string }): string {
  const value = (name: string) => (name === 'host' ? signing.host : header(request, name).trim());
  const headerLines = auth.signedHeaders.map((name) => `${name}:${value(name)}\n`).join('');
  const query = request.query.toString();
  const canonical = [request.method, '/', query, headerLines, auth.signedHeaders.join(';'), sha256(request.body)];
  const scope = `${auth.date}/${auth.service}/tc3_request`;
  const timestamp = header(request, 'x-tc-timestamp');
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical.join('\n'))}`;
  const derived = hmac(hmac(hmac(`TC3${signing.key}`, auth.date), auth.service), 'tc3_request');
  return hmac(derived, toSign).toString('hex');
}

/** The error of a badly signed request, or undefined for a good one. `service` is the product's own host label. */
export function verifyTc3(request: FakeRequest, key: CloudKey, service: string): CloudError | undefined {
  const auth = parseAuthorization(header(request, 'authorization'));
  if (auth === undefined) return { Code: 'AuthFailure.InvalidAuthorization', Message: 'Authorization is malformed' };
  if (auth.secretId !== key.secretId) return { Code: 'AuthFailure.SecretIdNotFound', Message: 'no such SecretId' };
  const timestamp = header(request, 'x-tc-timestamp');
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : 0;
  if (Math.abs(Date.now() / 1000 - seconds) > clockWindow) {
    return { Code: 'AuthFailure.SignatureExpire', Message: 'the timestamp is more than five minutes off' };
  }
  const hostWithPort = header(request, 'host');
  const host = hostWithPort.replace(/:\d+$/, '');
  const goodScope = auth.date === new Date(seconds * 1000).toISOString().slice(0, 10);
  // An SDK takes the service from the first label of its endpoint's host, so `127` for a fake on the loopback.
  const goodService = auth.service === service || auth.service === host.split('.')[0];
  const complete = auth.signedHeaders.includes('content-type') && auth.signedHeaders.includes('host');
  const given = Buffer.from(auth.signature);
  const matches = [host, hostWithPort].some((name) =>
    timingSafeEqual(given, Buffer.from(expectedSignature(request, auth, { key: key.secretKey, host: name }))),
  );
  if (goodScope && goodService && complete && matches) return undefined;
  return { Code: 'AuthFailure.SignatureFailure', Message: 'the signature does not match' };
}
