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

/** The sender that a callback claims. */
export interface Claim {
  sdkAppId: string | undefined;
  sign: string;
  /** The tenant's secret for callbacks of this kind; '' = it has none. */
  keyOf(tenant: Tenant): string;
  /** The refusal if no tenant has a secret. */
  keyMissing: 'no_token_configured' | 'no_key_configured';
  check(key: string): SignatureVerdict;
}

/**
 * Whose the callback is, or why it is refused. Several tenants may share one application and its secret; which of them an
 * event names them by its ids.
 */
export function authenticate({ config }: Services, claim: Claim): Tenant[] | CallbackOutcome {
  const tenants = config.tenants.filter((tenant) => String(tenant.sdkAppId) === claim.sdkAppId);
  const [first] = tenants;
  if (!first) return refused('unknown_app');
  const withKey = tenants.filter((tenant) => claim.keyOf(tenant) !== '');
  if (withKey.length === 0) return refused(claim.keyMissing, first.id);
  const verdicts = withKey.map((tenant) => ({ tenant, verdict: claim.check(claim.keyOf(tenant)) }));
  const good = verdicts.filter(({ verdict }) => verdict === 'good').map(({ tenant }) => tenant);
  if (good.length > 0) return good;
  const stale = verdicts.some(({ verdict }) => verdict === 'stale');
  return refused(claim.sign === '' ? 'not_signed' : stale ? 'stale' : 'bad_signature', first.id);
}

/** No event is from the future: a wrong clock elsewhere must not silence later news. */
export function eventTime(at: number | undefined, now: number): number {
  return Math.min(at ?? now, now);
}
