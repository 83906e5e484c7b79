/** Reads fields of unknown objects and keys of typed tables. */

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an unknown value; none if it is no object. The caller checks each value. */
export function fieldsOf(value: unknown): Fields {
  // Any object may be read by name, and gives unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The keys of a table that is written out in the sources, so that it has no others than its type says. */
export function keysOf<T extends object>(table: T): (keyof T & string)[] {
  // Object.keys forgets whose keys they are.
  return Object.keys(table) as (keyof T & string)[];
}
