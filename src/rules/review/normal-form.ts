/**
 * The form in which words and texts are compared: NFKC, lower case, without marks and invisible characters, similar-looking
 * letters as Latin ones, traditional characters as simplified ones. Spaces, punctuation and symbols are left out; where a
 * token of letters or digits begins and ends is kept, and so is the place of every character in the original text.
 */
import { simplified } from './traditional';

/** The kind of a character in the normal form, for the matcher's borders and repeats. */
export const KIND = { other: 0, letter: 1, digit: 2 } as const;

/** Letters of other alphabets that look like Latin ones, capital letters by how the capital looks. */
const LOOK_ALIKES: readonly (readonly [from: string, to: string])[] = [
  ['аАΑα', 'a'],
  ['ВβΒь', 'b'],
  ['сСϲ', 'c'],
  ['ԁ', 'd'],
  ['еЕεΕ', 'e'],
  ['нНһҺΗ', 'h'],
  ['іІıιΙӀ', 'i'],
  ['јЈ', 'j'],
  ['кКκΚ', 'k'],
  ['ӏ', 'l'],
  ['мМΜ', 'm'],
  ['ηпΝ', 'n'],
  ['оОοΟσ', 'o'],
  ['рРρΡ', 'p'],
  ['ԛԚ', 'q'],
  ['гГ', 'r'],
  ['ѕЅ', 's'],
  ['тТτΤ', 't'],
  ['υ', 'u'],
  ['ѵνѴ', 'v'],
  ['ѡԝԜω', 'w'],
  ['хХχΧ', 'x'],
  ['уУγΥү', 'y'],
  ['ΖζȤ', 'z'],
];

const LATIN_FORM = new Map(LOOK_ALIKES.flatMap(([from, to]) => [...from].map((one): [string, string] => [one, to])));

/** Letters to the eye that are nothing: fillers of Hangul, and the empty pattern of Braille. */
const BLANKS = new Set([0x115f, 0x1160, 0x3164, 0xffa0, 0x2800]);

const INVISIBLE = /^[\p{Cf}\p{Mn}\p{Me}\p{Cs}]$/u;
const CONTROL = /^\p{Cc}$/u;
const MARK = /^[\p{Mn}\p{Me}]$/u;
const LEFT_OUT = /^[\p{Z}\p{P}\p{S}\p{Cn}\p{Co}]$/u;
const SPACE = /^\s$/u;
const TOKEN_LETTER =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}]$/u;
const DIGIT = /^\p{Nd}$/u;
/** Half-width voicing marks: NFKC puts them into the letter before. */
const VOICING = new Set([0xff9e, 0xff9f]);

/** A part of a normalized character: a code point with its kind, or SEPARATOR. */
interface Piece {
  point: number;
  kind: number;
}
const SEPARATOR: Piece = { point: 0, kind: -1 };
const NOTHING: readonly Piece[] = [];

function kindOf(character: string): number {
  if (DIGIT.test(character)) return KIND.digit;
  return TOKEN_LETTER.test(character) ? KIND.letter : KIND.other;
}

function pieceOf(character: string): Piece | undefined {
  const point = character.codePointAt(0) ?? 0;
  if (BLANKS.has(point) || INVISIBLE.test(character)) return undefined;
  if (CONTROL.test(character)) return SPACE.test(character) ? SEPARATOR : undefined;
  if (LEFT_OUT.test(character)) return SEPARATOR;
  const simple = simplified(point);
  return { point: simple, kind: kindOf(character) };
}

/** Chinese characters that every form leaves as they are. Most of a list are these, and a first build meets each of them once. */
const isPlainChinese = (point: number): boolean => point >= 0x4e00 && point <= 0x9fa5;

/** Normalizes one character with its marks. */
function piecesOf(cluster: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const given of cluster.normalize('NFKC')) {
    // é is an e with a mark, as the two characters are.
    for (const base of TOKEN_LETTER.test(given) ? given.normalize('NFD') : given) {
      for (const lower of (LATIN_FORM.get(base) ?? base).toLowerCase()) {
        const piece = pieceOf(LATIN_FORM.get(lower) ?? lower);
        if (piece) pieces.push(piece);
      }
    }
  }
  return pieces.length === 0 ? NOTHING : pieces;
}

/** Maximum UTF-16 units of a letter with its marks. */
const MAX_CLUSTER = 8;
/** Most texts are made of a few thousand characters; the rest is worked out again each time. */
const MAX_KNOWN = 20_000;
const known = new Map<number, readonly Piece[]>();

function piecesOfPoint(point: number): readonly Piece[] {
  const found = known.get(point);
  if (found) return found;
  const made = isPlainChinese(point)
    ? [{ point: simplified(point), kind: KIND.other }]
    : piecesOf(String.fromCodePoint(point));
  if (known.size < MAX_KNOWN) known.set(point, made);
  return made;
}

function isMark(point: number): boolean {
  // Chinese characters, the most frequent ones by far, are answered without a regular expression.
  if (point < 0x300 || (point >= 0x3400 && point < 0xa000)) return false;
  return VOICING.has(point) || MARK.test(String.fromCodePoint(point));
}

/** A token begins, or ends, with a character. Each character of a script without tokens (Chinese) is a token. */
export const BORDER = { begin: 1, end: 2, both: 3 } as const;

/**
 * The normal form of one text at a time: reading the next one overwrites it, so that a message makes no garbage. Equal
 * characters that follow each other are one run.
 */
export class NormalForm {
  /** Number of runs. */
  runs = 0;
  /** Code point, KIND and BORDER flags of each run: a token begins, or ends, somewhere in it. */
  points = new Int32Array(128);
  kinds = new Int8Array(128);
  runBorders = new Uint8Array(128);
  /** First character of each run; one more entry behind the last. */
  firsts = new Int32Array(129);
  /** UTF-16 units of the original text, for each character, end exclusive; and its BORDER flags. */
  starts = new Int32Array(128);
  ends = new Int32Array(128);
  borders = new Uint8Array(128);
  private length = 0;
  /** Whether the next letter or digit begins a token. */
  private atBorder = true;

  /** Linear in the length of the text. Drops halves of surrogate pairs. */
  read(text: string): this {
    this.runs = 0;
    this.length = 0;
    this.atBorder = true;
    for (let at = 0; at < text.length; ) {
      const start = at;
      const point = text.codePointAt(at) ?? 0;
      at += point > 0xffff ? 2 : 1;
      const marked = at < text.length && text.charCodeAt(at) >= 0x300 && isMark(text.codePointAt(at) ?? 0);
      if (marked) at = endOfMarks(text, at);
      // Marks are left out, but for the few that make another letter: thousands of them are not sorted.
      const pieces = marked ? piecesOf(text.slice(start, Math.min(at, start + MAX_CLUSTER))) : piecesOfPoint(point);
      for (const piece of pieces) this.add(piece, start, at);
    }
    this.endToken();
    this.firsts[this.runs] = this.length;
    return this;
  }

  /** How many characters a run has. */
  count(run: number): number {
    return (this.firsts[run + 1] ?? 0) - (this.firsts[run] ?? 0);
  }

  private add({ point, kind }: Piece, start: number, end: number): void {
    if (kind < 0 || kind === KIND.other) this.endToken();
    if (kind < 0) return;
    if (this.length === this.starts.length) this.grow();
    const at = this.length;
    this.starts[at] = start;
    this.ends[at] = end;
    const border = kind === KIND.other ? BORDER.both : this.atBorder ? BORDER.begin : 0;
    if (kind !== KIND.other) this.atBorder = false;
    this.borders[at] = border;
    const run = this.runs - 1;
    if (run >= 0 && this.points[run] === point) {
      this.runBorders[run] = (this.runBorders[run] ?? 0) | border;
    } else {
      this.points[run + 1] = point;
      this.kinds[run + 1] = kind;
      this.runBorders[run + 1] = border;
      this.firsts[run + 1] = at;
      this.runs += 1;
    }
    this.length += 1;
  }

  private endToken(): void {
    if (this.atBorder) return;
    const last = this.length - 1;
    this.borders[last] = (this.borders[last] ?? 0) | BORDER.end;
    this.runBorders[this.runs - 1] = (this.runBorders[this.runs - 1] ?? 0) | BORDER.end;
    this.atBorder = true;
  }

  private grow(): void {
    const size = this.starts.length * 2;
    const ints = (from: Int32Array, length: number) => {
      const to = new Int32Array(length);
      to.set(from);
      return to;
    };
    const bytes = (from: Uint8Array) => {
      const to = new Uint8Array(size);
      to.set(from);
      return to;
    };
    this.points = ints(this.points, size);
    this.firsts = ints(this.firsts, size + 1);
    this.starts = ints(this.starts, size);
    this.ends = ints(this.ends, size);
    this.kinds = new Int8Array(bytes(new Uint8Array(this.kinds)));
    this.runBorders = bytes(this.runBorders);
    this.borders = bytes(this.borders);
  }
}

function endOfMarks(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    if (!isMark(point)) return at;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

/** The characters of a normal form as text: what two texts that read the same have in common. */
export function normalText(text: string): string {
  const form = new NormalForm().read(text);
  let result = '';
  for (let run = 0; run < form.runs; run += 1) {
    result += String.fromCodePoint(form.points[run] ?? 0).repeat(form.count(run));
  }
  return result;
}
