/** CSV as RFC 4180 has it, for spreadsheets. */

/**
 * Starts of a formula, also in full width, which spreadsheets of East Asian systems take for the same, and behind characters
 * that cannot be seen. Apostrophes in front count too: a text that has one already is written with one more, so that the
 * text comes back.
 */
const FORMULA = /^'*[\s\p{Cf}]*[=+\-@＝＋－＠\t\r]/u;

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front: users choose their names. */
function cell(value: string): string {
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csvLine(values: readonly string[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** The text of a cell that csvLine wrote, after its quotes were taken off. */
export function cellText(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
