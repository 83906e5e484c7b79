/** The decision of a tenant's words about a text, without any effect. */

import type { Hit, Matcher, WordAction } from './matcher';
import { maskText } from './message';

export type Verdict = 'pass' | Exclude<WordAction, 'allow'>;

export interface Judged {
  verdict: Verdict;
  /** Hits in the order of their beginnings. */
  hits: readonly Hit[];
  /** Ranges to be masked, if the verdict is mask. */
  masks: readonly { start: number; end: number }[];
}

/** Strictest first. */
const STRICTEST: readonly Exclude<WordAction, 'allow'>[] = ['silent', 'refuse', 'hold', 'mask'];

export const PASSED: Judged = { verdict: 'pass', hits: [], masks: [] };

export function judge(matcher: Matcher, text: string): Judged {
  if (text === '') return PASSED;
  const hits = matcher.find(text);
  if (hits.length === 0) return PASSED;
  const verdict = STRICTEST.find((action) => hits.some(({ word }) => word.action === action)) ?? 'pass';
  return { verdict, hits, masks: verdict === 'mask' ? hits : [] };
}

/** The text as it would go out. */
export function textAfter(text: string, { masks }: Judged): string {
  return masks.length === 0 ? text : maskText(text, masks);
}
