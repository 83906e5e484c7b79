/** CSV as RFC 4180 has it, for spreadsheets. */

/**
 * Starts of a formula, also in full width, which spreadsheets of East Asian systems take for the same, and behind characters
 * that cannot be seen.
 */
const FORMULA = /^[\s\p{Cf}]*[=+\-@＝＋－＠\t\r]/u;

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front: users choose their names. */
function cell(value: string): string {
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csvLine(values: readonly string[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}
