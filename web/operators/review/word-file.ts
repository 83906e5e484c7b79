/**
 * Word lists as files: one word a line, or CSV with the columns text, action, tag. No document needed. A word that a
 * spreadsheet would take for a formula gets an apostrophe in front when it is written, and loses it when it is read.
 */

export const WORD_ACTIONS = ['refuse', 'hold', 'mask', 'silent', 'allow'] as const;

export interface ListedWord {
  text: string;
  action: (typeof WORD_ACTIONS)[number];
  tag: string;
}

export type FileFormat = 'csv' | 'txt';

const FORMULA = /^[=+\-@＝＋－＠\t]/u;
const HEAD = ['text', 'action', 'tag'];
/** Spreadsheets take a CSV without it for a text of another encoding. */
const BOM = '\uFEFF';

function cell(value: string): string {
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function writeWords(words: readonly ListedWord[], format: FileFormat): string {
  if (format === 'txt') return words.map(({ text }) => `${text}\n`).join('');
  const rows = [HEAD, ...words.map(({ text, action, tag }) => [text, action, tag])];
  return BOM + rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Rows of cells, as RFC 4180 has them. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end = ''] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const isAction = (text: string): text is ListedWord['action'] => WORD_ACTIONS.some((one) => one === text);

/** A CSV is recognised by its head; in other files each line is one word. Rows without an action get `action`. */
export function readWords(file: string, action: ListedWord['action']): ListedWord[] {
  const text = file.startsWith(BOM) ? file.slice(1) : file;
  const isCsv = /^"?text"?(,|\r?\n|$)/i.test(text);
  const rows = isCsv ? rowsOf(text).slice(1) : text.split(/\r\n|\n|\r/).map((line) => [line]);
  return rows.flatMap(([word = '', given = '', tag = '']) => {
    const plain = isCsv && word.startsWith("'") && FORMULA.test(word.slice(1)) ? word.slice(1) : word;
    const wanted = given.trim().toLowerCase();
    if (plain.trim() === '') return [];
    return [{ text: plain.trim(), action: isAction(wanted) ? wanted : action, tag: tag.trim() }];
  });
}
