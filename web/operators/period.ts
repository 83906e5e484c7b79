/** One number for a period, and how it compares with another. No document needed. */

type Values = readonly (number | null)[];

const TOTALS: ReadonlySet<string> = new Set(['signIns', 'signUps', 'entries']);

/** Whether a series counts what happened; the others are levels, of which the highest matters. */
export function isTotal(name: string): boolean {
  return TOTALS.has(name);
}

export function summaryOf(name: string, values: Values): number {
  const known = values.map((value) => value ?? 0);
  return isTotal(name) ? known.reduce((sum, value) => sum + value, 0) : known.reduce((a, b) => Math.max(a, b), 0);
}

/** `+12%`, `-3%`, `±0%`, `×12`; '' if the earlier value is 0. */
export function changeText(now: number, before: number): string {
  if (before === 0) return '';
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return '±0%';
  if (percent > 999) return `×${Math.round(now / before)}`;
  return `${percent > 0 ? '+' : '-'}${Math.abs(percent)}%`;
}
