/**
 * The form in which words and texts are compared. What becomes of each character is in characters.ts; spaces, punctuation and
 * symbols are left out. Where a token of letters or digits begins and ends is kept, and so is the place of every character
 * in the original text.
 */
import { isHalfFlag, isMark, KIND, kindOf, onePiece, type Piece, piecesOf, pointOf, severalPieces } from './characters';

/** Maximum UTF-16 units of a letter with its marks. */
const MAX_CLUSTER = 8;
/** UTF-16 units of a flag, which is two characters. */
const FLAG_UNITS = 4;

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
      if (isHalfFlag(point)) at = this.addFlags(text, start);
      else if (at < text.length && isMark(text.codePointAt(at) ?? 0)) {
        at = endOf(text, at, isMark);
        // Marks are left out, but for the few that make another letter: thousands of them are not sorted.
        for (const piece of piecesOf(text.slice(start, Math.min(at, start + MAX_CLUSTER)))) this.add(piece, start, at);
      } else this.addCharacter(point, start, at);
    }
    this.endToken();
    this.firsts[this.runs] = this.length;
    return this;
  }

  /** How many characters a run has. */
  count(run: number): number {
    return (this.firsts[run + 1] ?? 0) - (this.firsts[run] ?? 0);
  }

  private addCharacter(point: number, start: number, end: number): void {
    const one = onePiece(point);
    if (one > 0) this.add(one, start, end);
    else for (const piece of severalPieces(point)) this.add(piece, start, end);
  }

  /** Two halves are a flag, and so a symbol; a single one and more than two are read as letters. Gives their end. */
  private addFlags(text: string, start: number): number {
    const end = endOf(text, start, isHalfFlag);
    if (end - start === FLAG_UNITS) this.endToken();
    else for (let at = start; at < end; at += 2) this.addCharacter(text.codePointAt(at) ?? 0, at, at + 2);
    return end;
  }

  private add(piece: Piece, start: number, end: number): void {
    const kind = kindOf(piece);
    if (kind === KIND.separator || kind === KIND.other) this.endToken();
    if (kind === KIND.separator) return;
    const point = pointOf(piece);
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

/** The end of the characters from `from` on that are of a kind. */
function endOf(text: string, from: number, isOne: (point: number) => boolean): number {
  let at = from;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    if (!isOne(point)) return at;
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
