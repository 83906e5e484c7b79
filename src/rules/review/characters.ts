/**
 * What becomes of one character in the normal form: NFKC, lower case, no marks, letters that look like Latin ones as Latin,
 * traditional characters as simplified ones. Most characters become one piece; some become several (ligatures) or none.
 */
import { lookAlike } from './look-alikes';
import { simplified } from './traditional';

/** The kind of a character, for the matcher's borders and repeats. A separator (space, punctuation, symbol) is left out. */
export const KIND = { other: 0, letter: 1, digit: 2, separator: 3 } as const;

/** A code point and its KIND in one number, so that reading a text makes no garbage. */
export type Piece = number;
const pieceOf = (point: number, kind: number): Piece => point * 4 + kind;
export const pointOf = (piece: Piece): number => piece >> 2;
export const kindOf = (piece: Piece): number => piece & 3;

const SEPARATOR = pieceOf(0, KIND.separator);

/**
 * Nothing to the eye, or a mark; with letters that are empty (fillers of Hangul, the empty pattern of Braille) or a longer line
 * between two others (Arabic, N'Ko).
 */
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}\p{Cs}\u115f\u1160\u3164\uffa0\u2800\u0640\u07fa]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');

export const withoutInvisible = (text: string): string => text.replace(ALL_INVISIBLE, '');
const CONTROL = /^\p{Cc}$/u;
const MARK = /^[\p{Mn}\p{Me}]$/u;
/** Includes letters that look like punctuation, such as ʼ and ǃ. */
const LEFT_OUT =
  /^[\p{Z}\p{P}\p{S}\p{Cn}\p{Co}\u01c1-\u01c3\u0294\u02b9-\u02d1\u02ec\u02ee\u0374\ua4f8-\ua4fd\ua717-\ua71f\ua788\ua78b\ua78c]$/u;
const SPACE = /^\s$/u;
/** Letters of alphabets that put spaces between words. */
const TOKEN_LETTER =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Canadian_Aboriginal}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}]$/u;
const DIGIT = /^\p{Nd}$/u;

const FLAG_A = 0x1f1e6;
const LETTERS = 26;
const LETTER_A = 0x61;
const DIGIT_0 = 0x30;

/**
 * Letters and digits among the symbols that NFKC leaves as they are: the first symbol, their number, and the meaning of the first one
 * is. Letters in black circles, in black squares and as halves of flags; digits in circles.
 */
const SYMBOLS = [
  [0x1f150, LETTERS, LETTER_A],
  [0x1f170, LETTERS, LETTER_A],
  [FLAG_A, LETTERS, LETTER_A],
  [0x2776, 9, DIGIT_0 + 1],
  [0x2780, 9, DIGIT_0 + 1],
  [0x278a, 9, DIGIT_0 + 1],
  [0x24f5, 9, DIGIT_0 + 1],
  [0x24ff, 1, DIGIT_0],
  [0x1f10b, 2, DIGIT_0],
] as const;

function letterOfSymbol(point: number): number | undefined {
  const symbols = SYMBOLS.find(([first, count]) => point >= first && point < first + count);
  return symbols && symbols[2] + point - symbols[0];
}

/** The digit from 0 to 9 of any script: each has its ten in a row. */
function plainDigit(point: number): number {
  let zero = point;
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return DIGIT_0 + (point - zero);
}

/** Whether a code point is one of the letters of which two make a flag. */
export const isHalfFlag = (point: number): boolean => point >= FLAG_A && point < FLAG_A + LETTERS;

function pieceOfSimple(point: number): Piece | undefined {
  const character = String.fromCodePoint(point);
  if (INVISIBLE.test(character)) return undefined;
  if (CONTROL.test(character)) return SPACE.test(character) ? SEPARATOR : undefined;
  if (LEFT_OUT.test(character)) return SEPARATOR;
  if (DIGIT.test(character)) return pieceOf(plainDigit(point), KIND.digit);
  return pieceOf(simplified(point), TOKEN_LETTER.test(character) ? KIND.letter : KIND.other);
}

function lookOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const plain = lookAlike(point) ?? letterOfSymbol(point);
  return plain === undefined ? character : String.fromCodePoint(plain);
}

/** A letter and its capitals are the same: ß is ss, since SS may be either, and ς is σ. */
const withoutCase = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase();

/** A letter with its marks. */
export function piecesOf(cluster: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const given of cluster.normalize('NFKC')) {
    // é is an e with a mark, as the two characters are.
    for (const base of TOKEN_LETTER.test(given) ? given.normalize('NFD') : given) {
      for (const lower of withoutCase(lookOf(base))) {
        const piece = pieceOfSimple(lookOf(lower).codePointAt(0) ?? 0);
        if (piece !== undefined) pieces.push(piece);
      }
    }
  }
  return pieces;
}

/** Chinese characters that every form but the simplified one leaves as they are: most of a list. */
const CHINESE = { from: 0x4e00, to: 0x9fa5 } as const;

/** Answers without a regular expression: a first build of a list meets thousands of characters. */
function plainPieces(): Int32Array {
  const table = new Int32Array(0x1_0000);
  for (let point = CHINESE.from; point <= CHINESE.to; point += 1) table[point] = pieceOf(simplified(point), KIND.other);
  for (let n = 0; n < LETTERS; n += 1) {
    table[LETTER_A + n] = pieceOf(LETTER_A + n, KIND.letter);
    table[0x41 + n] = pieceOf(LETTER_A + n, KIND.letter);
  }
  for (let digit = 0x30; digit < 0x3a; digit += 1) table[digit] = pieceOf(digit, KIND.digit);
  return table;
}

/** The piece of each UTF-16 unit that has one; 0: it has several or none, or was not met yet. */
let table: Int32Array | undefined;
/** The others. Texts are made of a few thousand characters; the rest is worked out again each time. */
const MAX_KNOWN = 20_000;
const known = new Map<number, readonly Piece[]>();

/** The piece of a character that has one; 0: ask severalPieces(). */
export function onePiece(point: number): Piece | 0 {
  table ??= plainPieces();
  return table[point] ?? 0;
}

export function severalPieces(point: number): readonly Piece[] {
  const found = known.get(point);
  if (found) return found;
  const made = piecesOf(String.fromCodePoint(point));
  const [first] = made;
  if (table && point < table.length && made.length === 1 && first) table[point] = first;
  else if (known.size < MAX_KNOWN) known.set(point, made);
  return made;
}

/** Half-width voicing marks: NFKC puts them into the letter before. */
const isVoicing = (point: number): boolean => point === 0xff9e || point === 0xff9f;

/** A character with a separate piece is no mark, which saves most texts the regular expression. */
export function isMark(point: number): boolean {
  if (point < 0x300) return false;
  // The second and third letters of Hangul: NFKC makes one syllable of them and the letter before.
  if (point >= 0x1161 && point <= 0x11ff) return true;
  if (onePiece(point) > 0) return false;
  return isVoicing(point) || MARK.test(String.fromCodePoint(point));
}
