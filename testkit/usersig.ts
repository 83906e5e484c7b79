/**
 * Checks a UserSig as Tencent's servers do: undo the encoding, compute the signature again, compare app, user and time.
 * Written from the documented format, independently of tls-sig-api-v2, which the service signs with.
 * Not for the service itself: it only ever signs.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { inflateSync } from 'node:zlib';

export interface UserSigExpectation {
  readonly sdkAppId: number;
  readonly secret: string;
  /** The user the signature must be for. */
  readonly identifier: string;
  /** The time to check at, in milliseconds. Default: now. */
  readonly now?: number;
}

export interface ValidUserSig {
  readonly ok: true;
  /** When it was signed, in seconds since 1970. */
  readonly time: number;
  /** How long it is good for, in seconds. */
  readonly expire: number;
  /** The room permission inside, undecoded, where there is one (a PrivateMapKey). */
  readonly userbuf?: Buffer;
}

/** `errorCode` is what the IM REST API answers for it. */
export interface InvalidUserSig {
  readonly ok: false;
  readonly errorCode: number;
  readonly reason: string;
}

interface Document {
  readonly identifier: string;
  readonly sdkAppId: number;
  readonly time: number;
  readonly expire: number;
  readonly userbuf: string | undefined;
  readonly sig: string;
}

const maxDocumentBytes = 8192;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The signed JSON document inside, or undefined where it is not one. */
function readDocument(sig: string): Document | undefined {
  if (!/^[A-Za-z0-9*\-_]+$/.test(sig)) return undefined;
  const base64 = sig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  let fields: Record<string, unknown>;
  try {
    const text = inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: maxDocumentBytes }).toString('utf8');
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    fields = parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const identifier = fields['TLS.identifier'];
  const sdkAppId = fields['TLS.sdkappid'];
  const time = fields['TLS.time'];
  const expire = fields['TLS.expire'];
  const userbuf = fields['TLS.userbuf'];
  const signature = fields['TLS.sig'];
  if (fields['TLS.ver'] !== '2.0' || typeof identifier !== 'string' || typeof signature !== 'string') return undefined;
  if (!isCount(sdkAppId) || !isCount(time) || !isCount(expire)) return undefined;
  if (userbuf !== undefined && typeof userbuf !== 'string') return undefined;
  return { identifier, sdkAppId, time, expire, userbuf, sig: signature };
}

/** The base64 signature over a document's fields. */
export function signUserSigFields(secret: string, document: Omit<Document, 'sig'>): string {
  const lines = [
    `TLS.identifier:${document.identifier}`,
    `TLS.sdkappid:${document.sdkAppId}`,
    `TLS.time:${document.time}`,
    `TLS.expire:${document.expire}`,
  ];
  if (document.userbuf !== undefined) lines.push(`TLS.userbuf:${document.userbuf}`);
  return createHmac('sha256', secret)
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('base64');
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(errorCode: number, reason: string): InvalidUserSig {
  return { ok: false, errorCode, reason };
}

/** Judges a UserSig (or a PrivateMapKey, which is one with a userbuf). Never throws. */
export function verifyUserSig(sig: string, expected: UserSigExpectation): ValidUserSig | InvalidUserSig {
  if (sig === '') return refuse(70002, 'UserSig is empty');
  const document = readDocument(sig);
  if (document === undefined) return refuse(70003, 'UserSig is malformed');
  if (document.sdkAppId !== expected.sdkAppId) return refuse(70014, 'UserSig is for another SDKAppID');
  if (document.identifier !== expected.identifier) return refuse(70013, 'UserSig is for another user');
  if (!sameText(document.sig, signUserSigFields(expected.secret, document))) {
    return refuse(70009, 'UserSig is signed with another key');
  }
  const now = (expected.now ?? Date.now()) / 1000;
  if (document.time + document.expire <= now) return refuse(70001, 'UserSig has expired');
  const { time, expire, userbuf } = document;
  return { ok: true, time, expire, ...(userbuf !== undefined && { userbuf: Buffer.from(userbuf, 'base64') }) };
}
