/**
 * Word lists as files: one word a line, or CSV with the columns text, action, tag. No document needed. A word that a
 * spreadsheet would take for a formula gets an apostrophe in front when it is written, and loses it when it is read.
 */
import { cellText, csvLine } from '../../../src/base/csv';

export const WORD_ACTIONS = ['refuse', 'hold', 'mask', 'silent', 'allow'] as const;

export interface ListedWord {
  text: string;
  action: (typeof WORD_ACTIONS)[number];
  tag: string;
}

export type FileFormat = 'csv' | 'txt';

const HEAD = ['text', 'action', 'tag'];
/** Spreadsheets take a CSV without it for a text of another encoding. */
const BOM = '\uFEFF';

export function writeWords(words: readonly ListedWord[], format: FileFormat): string {
  if (format === 'txt') return words.map(({ text }) => `${text}\n`).join('');
  const rows = [HEAD, ...words.map(({ text, action, tag }) => [text, action, tag])];
  return BOM + rows.map(csvLine).join('');
}

/** Rows of the texts of their cells. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end = ''] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    row.push(cellText(quoted === undefined ? plain : quoted.replaceAll('""', '"')));
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
    const wanted = given.trim().toLowerCase();
    if (word.trim() === '') return [];
    return [{ text: word.trim(), action: isAction(wanted) ? wanted : action, tag: tag.trim() }];
  });
}
