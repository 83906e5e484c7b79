/** Prints figures in columns. */

export function cell(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ');
  process.stdout.write(`${[head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n')}\n`);
}
