/** SQL of tests, which no store has: looking into tables, and changing what no rule would change. */
import type { Executor, Written } from '../src/data/engine/database';
import { type Columns, raw, read, type Sql, write } from '../src/data/engine/sql';

export function look<R>(db: Executor, of: Columns<R>, statement: Sql): Promise<R[]> {
  return db.query(read('test.look', of, statement));
}

/** A text stands for a statement without values. */
export function meddle(db: Executor, statement: Sql | string): Promise<Written> {
  return db.execute(write('test.meddle', 'never', typeof statement === 'string' ? raw(statement) : statement));
}
