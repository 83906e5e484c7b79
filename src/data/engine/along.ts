/** An UPDATE that changes rows of a second table too. MySQL does both in one statement; SQLite takes two. */
import type { Executor } from './database';
import { join, NOTHING, type Sql, sql, type Write, write } from './sql';

/** The change of the second table, in the form that the server takes. */
export interface Along {
  /** For one statement: how the second table is joined, and its assignments. */
  together: () => { join: Sql; set: Sql };
  /** For two statements: the change of the second table only. */
  alone: () => Write;
  /** `after` runs it only if the first table was changed. `before` is for a change that does no harm by itself. */
  order: 'before' | 'after';
  /** What an inner join demands of the first table's row, for two statements. */
  requires?: Sql;
}

export interface Update {
  name: Write['name'];
  table: Sql;
  set: Sql;
  where: Sql;
}

/** True if rows of the first table matched. */
export async function updateAlong(db: Executor, update: Update, along?: Along): Promise<boolean> {
  const { name, table, set, where } = update;
  const run = async (from: Sql, assignments: Sql, condition: Sql) => {
    const statement = sql`UPDATE ${from} SET ${assignments} WHERE ${condition}`;
    return (await db.execute(write(name, 'safe', statement))).affected > 0;
  };
  if (!along) return run(table, set, where);
  if (db.joinsInWrites) {
    const second = along.together();
    return run(join([table, second.join], ' '), join([set, second.set], ', '), where);
  }
  const { alone, order, requires = NOTHING } = along;
  const condition = requires === NOTHING ? where : join([where, requires], ' AND ');
  if (order === 'before') await db.execute(alone());
  const changed = await run(table, set, condition);
  if (changed && order === 'after') await db.execute(alone());
  return changed;
}
