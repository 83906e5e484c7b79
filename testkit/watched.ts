/** Statements as they reach a driver, for tests and measurements that look at each of them. */
import type { Database, Executor, Statement } from '../src/data/engine/database';
import { bind } from '../src/data/engine/prepared';
import type { Read, Write } from '../src/data/engine/sql';

export interface Recorded extends Statement {
  name: string;
}

/** Calls `note` with each statement before it is sent; a function that `note` returns is called when its answer is there. */
export type Note = (statement: Recorded) => (() => void) | undefined;

function asSent(kind: Executor['kind'], statement: Read<unknown, never> | Write<never>, values: unknown): Recorded {
  return { name: statement.name, ...bind(statement, kind, values) };
}

/** The same executor, with every statement noted. */
export function watchedExecutor(db: Executor, note: Note): Executor {
  return {
    kind: db.kind,
    changed: (change) => db.changed(change),
    query: async (statement, ...given) => {
      const done = note(asSent(db.kind, statement, given[0]));
      const rows = await db.query(statement, ...given);
      done?.();
      return rows;
    },
    execute: async (statement, ...given) => {
      const done = note(asSent(db.kind, statement, given[0]));
      const written = await db.execute(statement, ...given);
      done?.();
      return written;
    },
  };
}

/** The same handle, with every statement noted, those of transactions included. */
export function watchedDatabase(db: Database, note: Note): Database {
  return {
    ...watchedExecutor(db, note),
    inBatch: (work, input) => db.inBatch(work, input),
    transaction: (work) => db.transaction((tx) => work(watchedExecutor(tx, note))),
  };
}
