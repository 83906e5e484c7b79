/** The words of a list as a tree of runs of equal characters: how they are stored, and which repetitions are the same word. */
import type { WORD_ACTIONS } from '../../contract/admin/words';
import { KIND } from './characters';
import type { NormalForm } from './normal-form';

export type WordAction = (typeof WORD_ACTIONS)[number];

export interface Word {
  id: number;
  text: string;
  action: WordAction;
}

/** How often a letter has to be repeated until it is a repetition and no spelling. */
export const REPEATED = 3;

/** Whether `count` equal characters of a text are the `wanted` ones of a word. */
export function isRepetition(count: number, wanted: number, kind: number): boolean {
  if (count === wanted) return true;
  if (count < wanted || kind === KIND.digit) return false;
  return kind === KIND.other || count >= REPEATED;
}

/** Whether every text with the second word has the first, so that the first is enough: 坏 for 坏坏, but not "god" for "good". */
function includes(wide: readonly number[], narrow: readonly number[], kinds: Int8Array): boolean {
  return wide.every((count, at) => isRepetition(narrow[at] ?? 0, count, kinds[at] ?? 0));
}

/** Runs of most words: each character once. Shared, since building 20,000 lists takes time. */
const ONCE: (readonly number[] | undefined)[] = [];

function countsOf(form: NormalForm): readonly number[] {
  const repeated = form.firsts[form.runs] !== form.runs;
  if (repeated) return Array.from({ length: form.runs }, (_, run) => form.count(run));
  ONCE[form.runs] ??= Array<number>(form.runs).fill(1);
  return ONCE[form.runs] ?? [];
}

/** Numbers of a slot: node, character, child, ending. 16 bytes side by side, so that a look takes one line of the processor's cache. */
const SLOT = 4;

/** Comparisons of a new word with others that differ from it in repeated characters only: a list may have thousands of them. */
const MAX_SPELLINGS = 64;

/**
 * Children by (node, character), in one open hash table, and the endings of words as lists of indexes: 20,000 words make a few
 * arrays and no object per node or word. The root is node 0, which is no child, and no ending has the index 0: 0 is none.
 */
export class Trie {
  private slots = new Int32Array(1_024 * SLOT);
  private nodes = 1;
  /** Keyed by ending: the word, the count of each character of its path, and another ending of the same path. */
  readonly words: (Word | undefined)[] = [undefined];
  readonly counts: (readonly number[])[] = [[]];
  readonly others: number[] = [0];

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 4);
    for (let from = 0; from < old.length; from += SLOT) {
      if (old[from + 2] === 0) continue;
      const to = this.slotOf(old[from] ?? 0, old[from + 1] ?? 0);
      // No subarray(): an object for each slot would take longer than the rest.
      for (let at = 0; at < SLOT; at += 1) this.slots[to + at] = old[from + at] ?? 0;
    }
  }

  /** The slot of the child, or the empty one for it. */
  slotOf(node: number, point: number): number {
    const { slots } = this;
    const last = slots.length - SLOT;
    const mixed = Math.imul(Math.imul(node, 0x9e3779b1) + point, 0x85ebca6b);
    let slot = ((mixed ^ (mixed >>> 15)) * SLOT) & last;
    while (slots[slot + 2] !== 0 && (slots[slot] !== node || slots[slot + 1] !== point)) slot = (slot + SLOT) & last;
    return slot;
  }

  childAt(slot: number): number {
    return this.slots[slot + 2] ?? 0;
  }

  endingAt(slot: number): number {
    return this.slots[slot + 3] ?? 0;
  }

  /** The slot of the child, which is created if missing. */
  private slotToBe(node: number, point: number): number {
    const slot = this.slotOf(node, point);
    if (this.childAt(slot) > 0) return slot;
    this.slots[slot] = node;
    this.slots[slot + 1] = point;
    this.slots[slot + 2] = this.nodes;
    this.nodes += 1;
    if (this.nodes * 2 * SLOT <= this.slots.length) return slot;
    this.grow();
    return this.slotOf(node, point);
  }

  add(word: Word, form: NormalForm): void {
    let slot = 0;
    let node = 0;
    for (let run = 0; run < form.runs; run += 1) {
      slot = this.slotToBe(node, form.points[run] ?? 0);
      node = this.childAt(slot);
    }
    const counts = countsOf(form);
    const last = this.endingAt(slot);
    for (let other = last, seen = 0; other > 0 && seen < MAX_SPELLINGS; other = this.others[other] ?? 0, seen += 1) {
      const known = this.counts[other] ?? [];
      if (known.every((count, at) => count === counts[at])) {
        // The same form twice: an older version, whose form was another one, has stored the first. The newest counts.
        this.words[other] = word;
        return;
      }
      if (this.words[other]?.action === word.action && includes(known, counts, form.kinds)) return;
    }
    this.slots[slot + 3] = this.words.length;
    this.words.push(word);
    this.counts.push(counts);
    this.others.push(last);
  }
}
