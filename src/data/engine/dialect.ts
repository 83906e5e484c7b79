/** Where MySQL and SQLite say the same thing differently. Every other query is one text for both. */
import { sql } from 'kysely';
import type { Executor } from './database';

/** What follows an INSERT's values so that an existing row is updated instead. `key` is the unique key's columns. */
export function onConflict(db: Executor, key: string, assignments: string) {
  return sql.raw(
    db.kind === 'mysql'
      ? `ON DUPLICATE KEY UPDATE ${assignments}`
      : `ON CONFLICT (${key}) DO UPDATE SET ${assignments}`,
  );
}

/** The value that the INSERT proposed, inside the assignments of onConflict. */
export function proposed(db: Executor, column: string): string {
  return db.kind === 'mysql' ? `VALUES(${column})` : `excluded.${column}`;
}

/**
 * After a subquery of a statement that writes: what it saw stays so until the statement is committed. InnoDB would read it
 * from a snapshot otherwise; SQLite has one writer at a time.
 */
export function sharedLock(db: Executor): string {
  return db.kind === 'mysql' ? 'LOCK IN SHARE MODE' : '';
}

/** What follows a table's alias so that the server reads it by this index, whatever its statistics say. */
export function byIndex(db: Executor, name: string) {
  if (db.kind === 'mysql') return sql.raw(`FORCE INDEX (${name})`);
  // SQLite has no name for the primary key's index, and takes it by itself.
  return sql.raw(name === 'PRIMARY' ? '' : `INDEXED BY ${name}`);
}
