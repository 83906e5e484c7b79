/** What a tenant's words say about a text. Without any effect: who asks decides what becomes of the text. */
import { BY_STRICTNESS, type Hit, type Matcher } from './matcher';
import { maskText } from './message';
import type { WordAction } from './trie';

export interface WordVerdict {
  /** The strictest action of the words in the text. */
  action: 'pass' | Exclude<WordAction, 'allow'>;
  /** Hits in the order of their beginnings. */
  hits: readonly Hit[];
  /** Ranges to be masked, if the action is mask. */
  masks: readonly { start: number; end: number }[];
}

export const NO_WORDS: WordVerdict = { action: 'pass', hits: [], masks: [] };

export function wordVerdict(matcher: Matcher, text: string): WordVerdict {
  const hits = matcher.find(text);
  if (hits.length === 0) return NO_WORDS;
  const found = BY_STRICTNESS.findLast((action) => hits.some(({ word }) => word.action === action));
  const action = found === undefined || found === 'allow' ? 'pass' : found;
  return { action, hits, masks: action === 'mask' ? hits : [] };
}

/** The text as it would go out. */
export function textAfter(text: string, { masks }: WordVerdict): string {
  return masks.length === 0 ? text : maskText(text, masks);
}
