/**
 * The order in which a text with U+202E is shown: from right to left, until the override ends. It is Unicode's bidirectional algorithm
 * (UAX #9) for letters that are written from left to right; those of Arabic and Hebrew are also found in the order of the text.
 */
const OVERRIDE = '\u202e';
/** Directions that begin: embeddings and overrides, which END ends, and isolates. Inside of all others such letters keep their order. */
const BEGIN = /[\u202a\u202b\u202d\u202e]/;
const BEGIN_ISOLATE = /[\u2066-\u2068]/;
const END = '\u202c';
const END_ISOLATE = '\u2069';
const PARAGRAPH = /[\n\r\u0085\u2029]/;
/** UAX #9 ignores deeper ones. */
const MAX_DEPTH = 125;

interface Part {
  /** Places in the text, in the shown order. */
  places: number[];
  fromRight: boolean;
  isolate: boolean;
}

export const hasOverride = (text: string): boolean => text.includes(OVERRIDE);

/** The positions of the shown characters in the text (UTF-16 units). */
export function shownOrder(text: string): number[] {
  const whole: number[] = [];
  const open: Part[] = [{ places: whole, fromRight: false, isolate: false }];
  const last = () => open.at(-1) as Part;
  const end = () => {
    if (open.length === 1) return;
    const { places, fromRight } = last();
    open.pop();
    const around = last();
    // A part is also turned around by the parts around it.
    if (fromRight !== around.fromRight) places.reverse();
    for (const place of places) around.places.push(place);
  };
  const endAll = () => {
    while (open.length > 1) end();
  };
  for (let at = 0; at < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const isolate = BEGIN_ISOLATE.test(character);
    if ((isolate || BEGIN.test(character)) && open.length < MAX_DEPTH) {
      open.push({ places: [], fromRight: character === OVERRIDE, isolate });
    } else if (character === END && !last().isolate) end();
    else if (character === END_ISOLATE && open.some((part) => part.isolate)) {
      while (!last().isolate) end();
      end();
    } else {
      if (PARAGRAPH.test(character)) endAll();
      last().places.push(at);
    }
    at += character.length;
  }
  endAll();
  return whole;
}
