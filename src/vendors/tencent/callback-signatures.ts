/**
 * Checks that a webhook was sent by the vendor. IM: https://cloud.tencent.com/document/product/269/1522, TRTC:
 * https://cloud.tencent.com/document/product/647/51586. Does not interpret the callback.
 */
import { createHash, createHmac } from 'node:crypto';
import { sameText } from '../../base/same-text';

/** IM's RequestTime may differ from our clock by so much; its sister product Live asks for this limit. */
const IM_WINDOW_MS = 60_000;
/** TRTC repeats a callback for one minute, so a valid one may have that age; the rest allows for clock differences. */
export const TRTC_WINDOW_MS = 120_000;

export type SignatureVerdict = 'good' | 'bad_signature' | 'stale';

/** `Sign` is the lower-case hex sha256 of token and RequestTime (seconds). It does not cover the body. */
export function checkImSignature(
  token: string,
  sent: { sign: string; requestTime: string },
  now: number,
): SignatureVerdict {
  const expected = createHash('sha256').update(`${token}${sent.requestTime}`).digest('hex');
  if (!/^\d{1,12}$/.test(sent.requestTime) || !sameText(sent.sign.toLowerCase(), expected)) return 'bad_signature';
  return Math.abs(now - Number(sent.requestTime) * 1000) > IM_WINDOW_MS ? 'stale' : 'good';
}

/** `Sign` is the base64 HMAC-SHA256 of the raw body, white space included. */
export function isTrtcSignature(key: string, sent: { sign: string; body: Buffer }): boolean {
  return sameText(sent.sign, createHmac('sha256', key).update(sent.body).digest('base64'));
}
