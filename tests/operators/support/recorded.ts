/** The statements that a service sends, as its stores made them, and how either database goes about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import type { Sql } from '../../../src/data/engine/sql';
import { openSqliteFile } from '../../../src/data/engine/sqlite';
import type { Service } from '../../../testkit/service';
import { explain, problemsOf } from '../../data/support/explain';

export interface Recorded {
  name: string;
  sql: Sql;
}

interface Named {
  name: string;
  sql: Sql;
}

/** From now on, every statement of the service: each text once, with the values it was first sent with. */
export function recordStatements(service: Service): ReadonlyMap<string, Recorded> {
  const recorded = new Map<string, Recorded>();
  onStatement(service, ({ name, sql }) => {
    if (!recorded.has(sql.text)) recorded.set(sql.text, { name, sql });
  });
  return recorded;
}

/** From now on, every statement of the service, in order. */
export function recordAll(service: Service): readonly Recorded[] {
  const recorded: Recorded[] = [];
  onStatement(service, ({ name, sql }) => recorded.push({ name, sql }));
  return recorded;
}

/** How many the service has sent since now. */
export function countStatements(service: Service): () => number {
  let count = 0;
  onStatement(service, () => {
    count += 1;
  });
  return () => count;
}

function onStatement({ services: { database } }: Service, note: (statement: Named) => void): void {
  const forRequest = database.forRequest;
  database.forRequest = (budget) => {
    const db = forRequest(budget);
    const [query, execute, transaction] = [db.query.bind(db), db.execute.bind(db), db.transaction.bind(db)];
    db.query = (statement) => {
      note(statement);
      return query(statement);
    };
    db.execute = (statement) => {
      note(statement);
      return execute(statement);
    };
    db.transaction = (work) =>
      transaction((tx) =>
        work({
          kind: tx.kind,
          changed: tx.changed,
          query: (statement) => {
            note(statement);
            return tx.query(statement);
          },
          execute: (statement) => {
            note(statement);
            return tx.execute(statement);
          },
        }),
      );
    return db;
  };
}

const DATA = join(__dirname, '../../../src/data');

/** The names of all statements in these folders or files of src/data. */
export function namesIn(places: readonly string[]): string[] {
  const files = places.flatMap((place) =>
    place.endsWith('.ts') ? [place] : readdirSync(join(DATA, place)).map((name) => join(place, name)),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(join(DATA, file), 'utf8');
    return [...text.matchAll(/\b(?:read|write|one)\(\s*(?:db,\s*)?'([a-z_]+\.[a-z_]+)'/g)].map(
      ([, name]) => name ?? '',
    );
  });
  return [...new Set(names)].sort();
}

/** SQLite says SCAN where it reads a table or an index from end to end. Asked on a connection of its own. */
async function problemsOnSqlite(path: string, { sql }: Recorded): Promise<string[]> {
  const file = await openSqliteFile(path);
  try {
    // SQLite documents these columns.
    const steps = file.prepare(`EXPLAIN QUERY PLAN ${sql.text}`).all(...sql.values) as { detail: string }[];
    return steps
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!CONSTANT ROW|one\b|\d+ CONSTANT)/.test(detail));
  } finally {
    file.close();
  }
}

async function problemsOnMysql(connection: Connection, { sql }: Recorded): Promise<string[]> {
  const text = connection.format(sql.text, [...sql.values]);
  return problemsOf(await explain(connection, text), text);
}

/** What is wrong with the plan of a statement. `connection`: to the service's server; undefined = SQLite. */
export function problemsWith(
  { env }: Service,
  connection: Connection | undefined,
  recorded: Recorded,
): Promise<string[]> {
  return connection ? problemsOnMysql(connection, recorded) : problemsOnSqlite(env['SQLITE_PATH'] ?? '', recorded);
}
