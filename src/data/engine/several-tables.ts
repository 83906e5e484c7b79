/** Writes to several tables: one statement of MySQL, which may join them, several of SQLite. */
import type { Executor } from './database';
import { byDialect, type Given, join, NOTHING, type Sql, sql, type Write, write } from './sql';

/** An UPDATE that changes rows of a second table too is declared once. This is the change of the second table. */
export interface Along<P> {
  /** Parts of MySQL's single statement: how the second table is joined, and its assignments. */
  join: Sql<P>;
  set: Sql<P>;
  /** SQLite's statement about the second table. */
  single: Write<P>;
  /** `after`: only if the first table was changed. `before` is for a change that does no harm by itself. */
  order: 'before' | 'after';
  /** The condition of an inner join on the first table's row, for SQLite. */
  requires?: Sql<P>;
}

export interface UpdateOfTwo<P> {
  update: Write<P>;
  along: Along<P> | undefined;
}

/** If `along` is missing, it is an UPDATE of one table. */
export function updateOfTwo<T, S, W, A = unknown>(
  name: Write['name'],
  first: { table: Sql<T>; set: Sql<S>; where: Sql<W> },
  along?: Along<A>,
): UpdateOfTwo<T & S & W & A> {
  const { table, set, where } = first;
  const one = sql`UPDATE ${table} SET ${set} WHERE ${where}`;
  if (!along) return { update: write(name, 'safe', one), along };
  const requires = along.requires ? sql` AND ${along.requires}` : NOTHING;
  const texts = byDialect({
    mysql: sql`UPDATE ${table} ${along.join} SET ${join([set, along.set], ', ')} WHERE ${where}`,
    sqlite: sql`${one}${requires}`,
  });
  return { update: write(name, 'safe', texts), along };
}

/** True if rows of the first table matched. */
export async function updateTwo<P>(
  db: Executor,
  { update, along }: UpdateOfTwo<P>,
  ...values: Given<P>
): Promise<boolean> {
  const extra = db.kind === 'sqlite' ? along : undefined;
  if (extra?.order === 'before') await db.execute(extra.single, ...values);
  const changed = (await db.execute(update, ...values)).affected > 0;
  if (changed && extra?.order === 'after') await db.execute(extra.single, ...values);
  return changed;
}

/** True if the first statement changed something; without that the others are not sent. */
export async function writeToAll<P>(
  db: Executor,
  { mysql, sqlite }: { mysql: Write<P>; sqlite: readonly [Write<P>, ...Write<P>[]] },
  ...values: Given<P>
): Promise<boolean> {
  const [first, ...others] = db.kind === 'mysql' ? ([mysql] as const) : sqlite;
  if ((await db.execute(first, ...values)).affected === 0) return false;
  for (const other of others) await db.execute(other, ...values);
  return true;
}
