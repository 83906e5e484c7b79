/**
 * Reads the content of a UserSig: base64 (with * - _ for + / =) of zlib of JSON
 * (https://cloud.tencent.com/document/product/269/32688). It proves nothing: the signature needs the secret, which never
 * comes here.
 */

export interface UserSigContent {
  userId: string;
  sdkAppId: number;
  /** Milliseconds since 1970. */
  issuedAt: number;
  expiresAt: number;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Response(bytes).body?.pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream ?? null).text();
}

/** Rejects if the text is not a UserSig. */
export async function decodeUserSig(userSig: string): Promise<UserSigContent> {
  const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const parsed: unknown = JSON.parse(await inflate(bytes));
  const document = new Map<string, unknown>(Object.entries(Object(parsed)));
  const seconds = Number(document.get('TLS.time'));
  const lifetime = Number(document.get('TLS.expire'));
  const sdkAppId = Number(document.get('TLS.sdkappid'));
  if (![seconds, lifetime, sdkAppId].every(Number.isFinite)) throw new Error('not a UserSig');
  return {
    userId: String(document.get('TLS.identifier') ?? ''),
    sdkAppId,
    issuedAt: seconds * 1000,
    expiresAt: (seconds + lifetime) * 1000,
  };
}
