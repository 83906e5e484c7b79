/** SQL of tests, which no store has: looking into tables, and changing what no rule would change. */
import type { Executor, Written } from '../src/data/engine/database';
import { type Columns, join, raw, read, type Sql, sql, write } from '../src/data/engine/sql';
import type { Schema } from '../src/data/schema';

type Table = keyof Schema & string;
type Row = Readonly<Record<string, string | number | null>>;

/** `INSERT INTO table (…) VALUES (…)`, of one row or several with the same columns. */
export function rowsInto(table: Table, ...rows: readonly Row[]): Sql {
  const names = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => {
    const stored = names.map((name) => sql`${row[name] ?? null}`);
    return sql`(${join(stored, ', ')})`;
  });
  return sql`INSERT INTO ${raw(table)} (${raw(names.join(', '))}) VALUES ${join(values, ', ')}`;
}

/** `a = ?, b = ?` of the given columns. */
export function columnsSet(row: Row): Sql {
  const pieces = Object.entries(row).map(([name, value]) => sql`${raw(name)} = ${value}`);
  return join(pieces, ', ');
}

export function look<R>(db: Executor, of: Columns<R>, statement: Sql): Promise<R[]> {
  return db.query(read('test.look', of, statement));
}

/** A text stands for a statement without values. */
export function meddle(db: Executor, statement: Sql | string): Promise<Written> {
  return db.execute(write('test.meddle', 'never', typeof statement === 'string' ? raw(statement) : statement));
}
