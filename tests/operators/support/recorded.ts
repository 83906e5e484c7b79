/** The statements that a service sends, as its stores made them, and how either database goes about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { openSqliteFile } from '../../../src/data/engine/sqlite';
import type { Service } from '../../../testkit/service';
import { type Note, type Recorded, watchedDatabase } from '../../../testkit/watched';
import { explain, problemsOf } from '../../data/support/explain';

/** Records every statement of the service from now on: each text once, with its first values. */
export function recordStatements(service: Service): ReadonlyMap<string, Recorded> {
  const recorded = new Map<string, Recorded>();
  onStatement(service, (statement) => {
    if (!recorded.has(statement.text)) recorded.set(statement.text, statement);
    return undefined;
  });
  return recorded;
}

/** Records every statement of the service from now on, in order. */
export function recordAll(service: Service): readonly Recorded[] {
  const recorded: Recorded[] = [];
  onStatement(service, (statement) => {
    recorded.push(statement);
    return undefined;
  });
  return recorded;
}

/** The number of statements that the service has sent since now. */
export function countStatements(service: Service): () => number {
  let count = 0;
  onStatement(service, () => {
    count += 1;
    return undefined;
  });
  return () => count;
}

function onStatement({ services: { database } }: Service, note: Note): void {
  const forRequest = database.forRequest;
  database.forRequest = (budget) => watchedDatabase(forRequest(budget), note);
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

/** SQLite says SCAN if it reads a whole table or index. Explained on a separate connection. */
async function problemsOnSqlite(path: string, { text, values }: Recorded): Promise<string[]> {
  const file = await openSqliteFile(path);
  try {
    // SQLite documents these columns.
    const steps = file.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[];
    return steps
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!CONSTANT ROW|one\b|\d+ CONSTANT)/.test(detail));
  } finally {
    file.close();
  }
}

async function problemsOnMysql(connection: Connection, { text, values }: Recorded): Promise<string[]> {
  const formatted = connection.format(text, [...values]);
  return problemsOf(await explain(connection, formatted), formatted);
}

/** The faults in the plan of a statement. `connection`: to the service's server; undefined = SQLite. */
export function problemsWith(
  { env }: Service,
  connection: Connection | undefined,
  recorded: Recorded,
): Promise<string[]> {
  return connection ? problemsOnMysql(connection, recorded) : problemsOnSqlite(env['SQLITE_PATH'] ?? '', recorded);
}
