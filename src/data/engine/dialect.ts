/** Where MySQL and SQLite say the same thing differently. Every other statement is one text for both. */
import type { Executor } from './database';
import { join, NOTHING, raw, type Sql } from './sql';

type Kind = Pick<Executor, 'kind'>;

/** What follows an INSERT's values so that an existing row is updated instead. `key` is the unique key's columns. */
export function onConflict(db: Kind, key: string, assignments: Sql): Sql {
  const words = db.kind === 'mysql' ? 'ON DUPLICATE KEY UPDATE ' : `ON CONFLICT (${key}) DO UPDATE SET `;
  return join([raw(words), assignments], '');
}

/** The value that the INSERT proposed, inside the assignments of onConflict. */
export function proposed(db: Kind, column: string): Sql {
  return raw(db.kind === 'mysql' ? `VALUES(${column})` : `excluded.${column}`);
}

/**
 * After a subquery of a statement that writes: what it saw stays so until the statement is committed. InnoDB would read it
 * from a snapshot otherwise; SQLite has one writer at a time.
 */
export function sharedLock(db: Kind): Sql {
  return db.kind === 'mysql' ? raw('LOCK IN SHARE MODE') : NOTHING;
}

/** After a query of a transaction or a SELECT that an INSERT is from: what it found is as committed, and nobody else changes it or adds to it until the commit. */
export function exclusiveLock(db: Kind): Sql {
  return db.kind === 'mysql' ? raw('FOR UPDATE') : NOTHING;
}

/** What follows a table's alias so that the server reads it by this index, whatever its statistics say. */
export function byIndex(db: Kind, name: string): Sql {
  if (db.kind === 'mysql') return raw(`FORCE INDEX (${name})`);
  // SQLite has no name for the primary key's index, and takes it by itself.
  return name === 'PRIMARY' ? NOTHING : raw(`INDEXED BY ${name}`);
}

/** The INSERT, doing nothing for rows that are there already. `key` is a column of the unique key. */
export function ifMissing(db: Kind, insert: Sql, key: string): Sql {
  // INSERT IGNORE would also swallow what is wrong with the values.
  return join(
    [insert, raw(db.kind === 'mysql' ? `ON DUPLICATE KEY UPDATE ${key} = ${key}` : 'ON CONFLICT DO NOTHING')],
    ' ',
  );
}
