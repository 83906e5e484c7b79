/** Lengths of lists, counted up to a limit: a count of millions of rows takes seconds. */
import type { Executor } from './database';
import { computed, raw, read, type Sql, sql } from './sql';

const COUNT = computed<{ n: number }>({ n: raw('COUNT(*)') });

/** `from`: FROM and WHERE of the list. At most `most` + 1. */
export async function countUpTo(
  db: Pick<Executor, 'query'>,
  name: `${string}.${string}`,
  { from, most }: { from: Sql; most: number },
): Promise<number> {
  const statement = sql`SELECT ${COUNT} FROM (SELECT 1 AS one ${from} LIMIT ${most + 1}) counted`;
  return (await db.query(read(name, COUNT, statement)))[0]?.n ?? 0;
}
