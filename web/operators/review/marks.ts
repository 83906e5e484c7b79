/** Places of words in a text, and the text in parts for marking them. Needs no document. */

export interface Place {
  start: number;
  /** Exclusive. */
  end: number;
}

export interface Piece {
  text: string;
  hit: boolean;
}

const BETWEEN = '[\\s\\p{P}\\p{S}\\p{Cf}]*';

/**
 * Places of the words in any case, with spaces and punctuation between their characters. The service compares more forms
 * than this: a hit that is written in another form is not found here.
 */
export function placesOf(text: string, words: readonly string[]): Place[] {
  return words.flatMap((word) => {
    const characters = [...word].filter((one) => !/[\s\p{P}\p{S}\p{Cf}]/u.test(one));
    if (characters.length === 0) return [];
    const pattern = new RegExp(characters.join(BETWEEN), 'giu');
    return [...text.matchAll(pattern)].map((found) => ({ start: found.index, end: found.index + found[0].length }));
  });
}

/** The text in pieces, in order; overlapping places are one. */
export function piecesOf(text: string, places: readonly Place[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of places.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(start, at);
    if (end <= from) continue;
    const last = pieces.at(-1);
    if (from > at) pieces.push({ text: text.slice(at, from), hit: false });
    if (from === at && last?.hit) last.text += text.slice(from, end);
    else pieces.push({ text: text.slice(from, end), hit: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}
