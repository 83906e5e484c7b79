/** Objects that came from outside, and tables of our own, read by name. */

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of whatever it is; none where it is no object. Every value is still to be checked where it is used. */
export function fieldsOf(value: unknown): Fields {
  // Any object may be read by name, and gives unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The keys of a table that is written out in the sources, so that it has no others than its type says. */
export function keysOf<T extends object>(table: T): (keyof T & string)[] {
  // Object.keys forgets whose keys they are.
  return Object.keys(table) as (keyof T & string)[];
}
