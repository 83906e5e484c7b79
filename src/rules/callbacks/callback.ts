/** Shared by the callbacks of IM and TRTC: the request, the outcomes, and reading fields. */
import { type Fields, fieldsOf } from '../../base/fields';
import type { Tenant } from '../../config/config';
import type { SignatureVerdict } from '../../vendors/tencent/callback-signatures';
import type { Services } from '../context';

export interface Callback {
  /** Parameters of the query, names in lower case. */
  query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The received bytes, which TRTC signs. */
  body: Buffer;
}

/** accepted: understood, or nothing to do. refused: not shown to be the vendor's. malformed: signed, but unreadable. */
export type CallbackOutcome =
  | { result: 'accepted' }
  /** A callback with a specific answer, which IM acts on. */
  | { result: 'answered'; answer: object }
  | { result: 'refused' | 'malformed'; reason: string; tenant: string };

export const ACCEPTED: CallbackOutcome = { result: 'accepted' };

export function refused(reason: string, tenant = ''): CallbackOutcome {
  return { result: 'refused', reason, tenant };
}

/** A text, or a number as text (both vendors have sent ids in both forms); '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A time in ms, as a number or as text; undefined for anything else. */
export function timeOf(value: unknown): number | undefined {
  const text = textOf(value);
  return /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

export function parseBody(body: Buffer): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? fieldsOf(parsed) : undefined;
  } catch {
    return undefined;
  }
}

/** The tenant's secret for each kind of callback, and the refusal if no tenant has one. */
const MISSING = { imCallbackToken: 'no_token_configured', trtcCallbackKey: 'no_key_configured' } as const;

/** The sender that a callback claims. */
export interface Claim {
  sdkAppId: string | undefined;
  sign: string;
  secret: keyof typeof MISSING;
  check(secret: string): SignatureVerdict;
}

/**
 * Whose the callback is, or why it is refused. Several tenants may share one application and its secret; which of them an
 * event names they know by its ids.
 */
export function authenticate(
  { config }: Services,
  { sdkAppId, sign, secret, check }: Claim,
): Tenant[] | CallbackOutcome {
  const good: Tenant[] = [];
  let first: Tenant | undefined;
  let reason: string = MISSING[secret];
  for (const tenant of config.tenants) {
    if (String(tenant.sdkAppId) !== sdkAppId) continue;
    first ??= tenant;
    if (tenant[secret] === '') continue;
    const verdict = check(tenant[secret]);
    if (verdict === 'good') good.push(tenant);
    else if (reason !== 'stale') reason = sign === '' ? 'not_signed' : verdict;
  }
  if (good.length > 0) return good;
  return first ? refused(reason, first.id) : refused('unknown_app');
}

/** No event is from the future: a wrong clock elsewhere must not silence later news. */
export function eventTime(at: unknown, now: number): number {
  return Math.min(timeOf(at) ?? now, now);
}
