/**
 * Finds the words of a list in a text, both in their normal form (normal-form.ts), by a trie of runs of equal characters.
 *
 * A letter that is written more often than the word has it (加加加微信, baaadword) is still the word; of Latin letters only
 * from three on, since "god" is not "good". A hit that begins or ends with a Latin letter or a digit has to begin or end
 * with a token: "embadwordened" is no hit, "b a d w o r d" is one. A matcher never changes; a list that changes
 * gets a new one.
 */
import { KIND } from './characters';
import { BORDER, NormalForm } from './normal-form';
import { hasOverride, shownOrder } from './shown-order';
import { isRepetition, REPEATED, Trie, type Word, type WordAction } from './trie';

/** The strictest one last. */
export const BY_STRICTNESS: readonly WordAction[] = ['allow', 'mask', 'hold', 'refuse', 'silent'];

export interface Hit {
  word: Word;
  /** UTF-16 units of the text, end exclusive. */
  start: number;
  end: number;
}

export interface Matcher {
  readonly size: number;
  /** Ordered by start, without those that a word of action `allow` covers. */
  find(text: string): Hit[];
}

/** Index of the character in the run at which the word begins; -1: none. */
function beginning(form: NormalForm, run: number, wanted: number): number {
  const first = form.firsts[run] ?? 0;
  const end = form.firsts[run + 1] ?? 0;
  const kind = form.kinds[run] ?? 0;
  if (kind === KIND.other) return end - first < wanted ? -1 : end - first >= REPEATED ? first : end - wanted;
  const begins = (at: number) => at >= first && ((form.borders[at] ?? 0) & BORDER.begin) !== 0;
  if (kind === KIND.letter) {
    for (let at = first; end - at >= Math.max(wanted, REPEATED); at += 1) if (begins(at)) return at;
  }
  return begins(end - wanted) ? end - wanted : -1;
}

/** Index behind the last character of the word in its last run; -1: none. */
function ending(form: NormalForm, run: number, wanted: number): number {
  const first = form.firsts[run] ?? 0;
  const end = form.firsts[run + 1] ?? 0;
  const kind = form.kinds[run] ?? 0;
  if (kind === KIND.other) return end - first < wanted ? -1 : end - first >= REPEATED ? end : first + wanted;
  const ends = (behind: number) => behind <= end && ((form.borders[behind - 1] ?? 0) & BORDER.end) !== 0;
  if (kind === KIND.letter) {
    for (let behind = end; behind - first >= Math.max(wanted, REPEATED); behind -= 1) if (ends(behind)) return behind;
  }
  return ends(first + wanted) ? first + wanted : -1;
}

/** Positions of a one-run word in the run, longest first. */
function within(form: NormalForm, run: number, wanted: number): [start: number, end: number] | undefined {
  const first = form.firsts[run] ?? 0;
  const end = form.firsts[run + 1] ?? 0;
  const kind = form.kinds[run] ?? 0;
  if (kind === KIND.other) return end - first < wanted ? undefined : [first, end];
  let from = first;
  let to = end;
  const begins = (at: number) => ((form.borders[at] ?? 0) & BORDER.begin) !== 0;
  const ends = (behind: number) => ((form.borders[behind - 1] ?? 0) & BORDER.end) !== 0;
  while (from < to && !begins(from)) from += 1;
  while (to > from && !ends(to)) to -= 1;
  if (to - from >= wanted && isRepetition(to - from, wanted, kind)) return [from, to];
  for (let at = from; at + wanted <= to; at += 1) {
    if (begins(at) && ends(at + wanted)) return [at, at + wanted];
  }
  return undefined;
}

/** The characters of the text that are this word, if it begins in the run `from`. */
function placeOf(form: NormalForm, from: number, counts: readonly number[]): [start: number, end: number] | undefined {
  const last = counts.length - 1;
  if (last === 0) return within(form, from, counts[0] ?? 0);
  for (let at = 1; at < last; at += 1) {
    if (!isRepetition(form.count(from + at), counts[at] ?? 0, form.kinds[from + at] ?? 0)) return undefined;
  }
  const start = beginning(form, from, counts[0] ?? 0);
  if (start < 0) return undefined;
  const end = ending(form, from + last, counts[last] ?? 0);
  return end < 0 ? undefined : [start, end];
}

/**
 * Words that differ in repeated letters only are at one node. A list of thousands of them would make a long text take
 * seconds: after this number of comparisons a text is compared with the first few of a node.
 */
const MAX_COMPARED = 200_000;
const FEW = 4;

/** The longest hit of each action that begins in this run: those inside of it say nothing more. Gives the comparisons. */
function hitsFrom(trie: Trie, form: NormalForm, at: { from: number; mayCompare: number }, found: Hit[]): number {
  const { from, mayCompare } = at;
  let compared = 0;
  let longest: (Hit | undefined)[] | undefined;
  let node = 0;
  for (let run = from; run < form.runs; run += 1) {
    const slot = trie.slotOf(node, form.points[run] ?? 0);
    node = trie.childAt(slot);
    if (node === 0) break;
    if (((form.runBorders[run] ?? 0) & BORDER.end) === 0) continue;
    const mayBe = Math.max(mayCompare, compared + FEW);
    for (let one = trie.endingAt(slot); one > 0 && compared < mayBe; one = trie.others[one] ?? 0) {
      compared += 1;
      const word = trie.words[one];
      const place = word && placeOf(form, from, trie.counts[one] ?? []);
      if (!place) continue;
      const start = form.starts[place[0]] ?? 0;
      const end = form.ends[place[1] - 1] ?? 0;
      const rank = BY_STRICTNESS.indexOf(word.action);
      longest ??= [];
      const before = longest[rank];
      if (!before || end - start > before.end - before.start) longest[rank] = { word, start, end };
    }
  }
  for (const hit of longest ?? []) if (hit) found.push(hit);
  return compared;
}

function hitsIn(trie: Trie, form: NormalForm): Hit[] {
  const found: Hit[] = [];
  let mayCompare = MAX_COMPARED;
  for (let from = 0; from < form.runs; from += 1) {
    if (((form.runBorders[from] ?? 0) & BORDER.begin) === 0) continue;
    mayCompare -= hitsFrom(trie, form, { from, mayCompare }, found);
  }
  return found;
}

/** Hits in the order in which the text is shown, except the known ones; each with everything between its ends. */
function shownHits(trie: Trie, form: NormalForm, { text, known }: { text: string; known: readonly Hit[] }): Hit[] {
  const places = shownOrder(text).flatMap((at) => ((text.codePointAt(at) ?? 0) > 0xffff ? [at, at + 1] : at));
  const shown = places.map((at) => text[at]).join('');
  const same = new Set(known.map(({ word, start, end }) => `${word.id} ${start} ${end}`));
  const hits = hitsIn(trie, form.read(shown)).map(({ word, start, end }) => {
    let from = places[start] ?? 0;
    let to = from;
    for (const place of places.slice(start, end)) {
      from = Math.min(from, place);
      to = Math.max(to, place);
    }
    return { word, start: from, end: to + 1 };
  });
  return hits.filter(({ word, start, end }) => !same.has(`${word.id} ${start} ${end}`));
}

/** Hits without the allowed ones: those that lie inside of a hit of `allow`. */
function withoutAllowed(hits: readonly Hit[]): Hit[] {
  const allowed = hits.filter(({ word }) => word.action === 'allow').sort((a, b) => a.start - b.start);
  const others = hits.filter(({ word }) => word.action !== 'allow').sort((a, b) => a.start - b.start);
  let next = 0;
  let reach = -1;
  return others.filter(({ start, end }) => {
    for (let one = allowed[next]; one && one.start <= start; next += 1, one = allowed[next])
      reach = Math.max(reach, one.end);
    return reach < end;
  });
}

/** Takes the words of a list in parts: all 20,000 at once would hold up every request of the process. */
export class MatcherBuilder {
  private readonly form = new NormalForm();
  private readonly trie = new Trie();
  private size = 0;

  /** Words whose normal form is empty are left out: nothing would be one, or everything. */
  add(words: readonly Word[]): void {
    for (const word of words) {
      if (this.form.read(word.text).runs === 0) continue;
      this.trie.add(word, this.form);
      this.size += 1;
    }
  }

  /** The builder is not used after this. */
  build(): Matcher {
    const { form, trie, size } = this;
    return {
      size,
      find(text) {
        if (size === 0) return [];
        const found = hitsIn(trie, form.read(text));
        if (hasOverride(text)) found.push(...shownHits(trie, form, { text, known: found }));
        return found.length === 0 ? found : withoutAllowed(found);
      },
    };
  }
}

export function createMatcher(words: readonly Word[]): Matcher {
  const builder = new MatcherBuilder();
  builder.add(words);
  return builder.build();
}
