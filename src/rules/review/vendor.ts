/**
 * Asks a vendor about texts that words cannot judge, and about pictures: within a deadline and a limit a second for each tenant, and not at all for
 * a while after it has failed several times in a row. The tenant chooses the meaning of each verdict.
 */
import type { Log } from '../../base/log';

export type VendorVerdict = 'pass' | 'review' | 'block';

export interface VendorAnswer {
  verdict: VendorVerdict;
  /** Free text: Normal, Porn, Abuse, Ad … */
  label: string;
}

export interface TextToReview {
  text: string;
  userId: string;
  roomId: string;
  nickname: string;
  /** IPv4, or '' */
  address: string;
  dataId: string;
}

export interface PictureToReview {
  url: string;
  userId: string;
}

interface Reviewer<T> {
  /** Throws if there is no answer within `budgetMs`. */
  review(asked: T, budgetMs: number): Promise<VendorAnswer>;
}

export interface GuardedReviewer<T> {
  /** undefined: not asked, or no answer. */
  review(tenant: string, asked: T, budgetMs: number): Promise<VendorAnswer | undefined>;
}

/** Failures in a row after which the vendor rests, and for how long (ms). */
const FAILURES = 5;
const REST_MS = 5_000;

export function guard<T>(
  reviewer: Reviewer<T>,
  { perSecond, log }: { perSecond: number; log: Log },
): GuardedReviewer<T> {
  let failures = 0;
  let restUntil = 0;
  let second = 0;
  let asked = new Map<string, number>();

  function mayAsk(tenant: string): boolean {
    const now = performance.now();
    if (now < restUntil) return false;
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      asked = new Map();
    }
    const count = (asked.get(tenant) ?? 0) + 1;
    if (count > perSecond) return false;
    asked.set(tenant, count);
    return true;
  }

  return {
    async review(tenant, what, budgetMs) {
      if (budgetMs <= 0 || !mayAsk(tenant)) return undefined;
      try {
        const answer = await reviewer.review(what, budgetMs);
        failures = 0;
        return answer;
      } catch (error) {
        failures += 1;
        const code = typeof error === 'object' && error !== null ? String(Reflect.get(error, 'code') ?? '') : '';
        log('review_vendor_failed', { tenant, reason: /^[\w.]{1,80}$/.test(code) ? code : 'failed' });
        if (failures >= FAILURES) {
          restUntil = performance.now() + REST_MS;
          failures = 0;
        }
        return undefined;
      }
    },
  };
}

/** Five digits in a row are a number to call or to add. */
const NUMBERS = /(?:\d[\s-]?){5,}/;

/** Suspects: contacts, links, and texts with hits of words. */
export function isSuspect(text: string, { hasHits, hasLink }: { hasHits: boolean; hasLink: boolean }): boolean {
  return hasHits || hasLink || text.includes('@') || NUMBERS.test(text.normalize('NFKC'));
}
