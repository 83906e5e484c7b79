/** The pieces of SQL that differ between MySQL and SQLite. All other texts are the same for both. */
import { byDialect, join, NOTHING, raw, type Sql, sql } from './sql';

/** Follows an INSERT's values so that an existing row is updated instead. `key`: the columns of the unique key. */
export function onConflict<P>(key: string, assignments: Sql<P>): Sql<P> {
  const words = byDialect({
    mysql: raw('ON DUPLICATE KEY UPDATE '),
    sqlite: raw(`ON CONFLICT (${key}) DO UPDATE SET `),
  });
  return sql`${words}${assignments}`;
}

/** The value that the INSERT proposed, inside the assignments of onConflict. */
export function proposed(column: string): Sql {
  return byDialect({ mysql: raw(`VALUES(${column})`), sqlite: raw(`excluded.${column}`) });
}

/** Instead of INSERT: a row that exists stays as it is. MySQL also ignores values that do not fit. */
export const INSERT_IGNORING = byDialect({ mysql: raw('INSERT IGNORE'), sqlite: raw('INSERT OR IGNORE') });

/** The greatest of the values. */
export function greatest<P>(values: readonly Sql<P>[]): Sql<P> {
  const all = join(values, ', ');
  return byDialect({ mysql: sql`GREATEST(${all})`, sqlite: sql`MAX(${all})` });
}

/**
 * Appended to a subquery of a statement that writes: the rows it read stay unchanged until the commit. InnoDB would read them from
 * a snapshot otherwise. SQLite has one writer at a time.
 */
export const SHARED_LOCK = byDialect({ mysql: raw('LOCK IN SHARE MODE'), sqlite: NOTHING });

/**
 * Appended to a query of a transaction, or the SELECT of an INSERT: it reads committed rows, and no other connection changes
 * them or adds to them until the commit.
 */
export const EXCLUSIVE_LOCK = byDialect({ mysql: raw('FOR UPDATE'), sqlite: NOTHING });

/** Follows a table's alias so that the server uses this index, regardless of its statistics. */
export function byIndex(name: string): Sql {
  // SQLite has no name for the primary key's index, and uses it automatically.
  const sqlite = name === 'PRIMARY' ? NOTHING : raw(`INDEXED BY ${name}`);
  return byDialect({ mysql: raw(`FORCE INDEX (${name})`), sqlite });
}

/** The INSERT, which leaves existing rows as they are. `key`: a column of the unique key. */
export function ifMissing<P>(insert: Sql<P>, key: string): Sql<P> {
  // INSERT IGNORE would also ignore values that do not fit.
  const words = byDialect({
    mysql: raw(`ON DUPLICATE KEY UPDATE ${key} = ${key}`),
    sqlite: raw('ON CONFLICT DO NOTHING'),
  });
  return join([insert, words], ' ');
}
