/** The verdict of a tenant's words on a text. It has no effect: the caller decides about the text. */
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

function strictest(hits: readonly Hit[]): WordVerdict['action'] {
  const found = BY_STRICTNESS.findLast((action) => hits.some(({ word }) => word.action === action));
  return found === undefined || found === 'allow' ? 'pass' : found;
}

export function wordVerdict(matcher: Matcher, text: string): WordVerdict {
  const hits = matcher.find(text);
  if (hits.length === 0) return NO_WORDS;
  const action = strictest(hits);
  if (action !== 'mask') return { action, hits, masks: [] };
  // Masks may join the parts of another word: 加坏微信 becomes 加*微信.
  const left = strictest(matcher.find(maskText(text, hits)));
  if (left === 'pass') return { action, hits, masks: hits };
  return { action: left === 'mask' ? 'refuse' : left, hits, masks: [] };
}

/** The text as it would go out. */
export function textAfter(text: string, { masks }: WordVerdict): string {
  return masks.length === 0 ? text : maskText(text, masks);
}
