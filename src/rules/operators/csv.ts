/** CSV as RFC 4180 has it, for spreadsheets. */

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front: user names come from anybody. */
function cell(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csvLine(values: readonly string[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}
