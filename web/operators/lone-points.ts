/** No document needed. */

/** The places of values with nothing known on either side: a line cannot show them. */
export function lonePoints(values: readonly (number | null)[]): number[] {
  const known = (index: number) => (values[index] ?? null) !== null;
  return [...values.keys()].filter((index) => known(index) && !known(index - 1) && !known(index + 1));
}
