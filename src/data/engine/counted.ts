/** Lengths of lists, counted up to a limit: a count of millions of rows takes seconds. */
import { computed, int, type Read, raw, read, type Sql, sql } from './sql';

const COUNT = computed<{ n: number }>({ n: raw('COUNT(*)') });

/** A count that ends at `atMost`, a value of the call. `from`: FROM and WHERE of the list. */
export function countUpTo<P>(name: Read<unknown>['name'], from: Sql<P>) {
  return read(name, COUNT, sql`SELECT ${COUNT} FROM (SELECT 1 AS one ${from} LIMIT ${int('atMost')}) counted`);
}
