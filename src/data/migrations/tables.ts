/**
 * What migrations are made of, in the words of either database. Each step finds out whether it was done before, since MySQL
 * commits each of them separately and a migration may be continued half-way.
 */
import { type Kysely, sql } from 'kysely';

export type Kind = 'mysql' | 'sqlite';

/** Column types, the same in all tables. Times are milliseconds since 1970. */
export const TIME = 'BIGINT NOT NULL DEFAULT 0';
export const FLAG = 'SMALLINT NOT NULL DEFAULT 0';
export const text = (length: number) => `VARCHAR(${length}) NOT NULL DEFAULT ''`;

/** The words in which the two dialects differ. */
export function words(kind: Kind) {
  const mysql = kind === 'mysql';
  return {
    mysql,
    autoId: mysql ? 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY' : 'INTEGER PRIMARY KEY AUTOINCREMENT',
    // utf8mb4_bin compares exactly, as SQLite does; the lengths are those of contract/limits.ts.
    options: mysql ? 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC' : '',
  };
}

export interface Index {
  name: string;
  columns: string;
  unique?: boolean;
}

export async function createTable(
  db: Kysely<unknown>,
  kind: Kind,
  table: { name: string; columns: string; indexes?: Index[] },
) {
  const { mysql, options } = words(kind);
  const indexes = table.indexes ?? [];
  const inline = mysql
    ? indexes.map(({ name, columns, unique }) => `, ${unique ? 'UNIQUE ' : ''}KEY ${name} (${columns})`).join('')
    : '';
  await sql.raw(`CREATE TABLE IF NOT EXISTS ${table.name} (${table.columns}${inline}) ${options}`).execute(db);
  if (mysql) return;
  for (const { name, columns, unique } of indexes) {
    const create = `CREATE ${unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${name}`;
    await sql.raw(`${create} ON ${table.name} (${columns})`).execute(db);
  }
}

export async function columnExists(db: Kysely<unknown>, kind: Kind, table: string, column: string): Promise<boolean> {
  const { rows } =
    kind === 'mysql'
      ? await sql`SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
          AND table_name = ${table} AND column_name = ${column}`.execute(db)
      : await sql`SELECT 1 FROM pragma_table_info(${table}) WHERE name = ${column}`.execute(db);
  return rows.length > 0;
}

/** `definition` as in CREATE TABLE; it needs a default, since there may be rows. */
export async function addColumn(
  db: Kysely<unknown>,
  kind: Kind,
  added: { table: string; column: string; definition: string },
): Promise<void> {
  if (await columnExists(db, kind, added.table, added.column)) return;
  await sql.raw(`ALTER TABLE ${added.table} ADD COLUMN ${added.column} ${added.definition}`).execute(db);
}

export async function dropColumn(db: Kysely<unknown>, kind: Kind, table: string, column: string): Promise<void> {
  if (!(await columnExists(db, kind, table, column))) return;
  await sql.raw(`ALTER TABLE ${table} DROP COLUMN ${column}`).execute(db);
}

export async function addIndex(db: Kysely<unknown>, kind: Kind, table: string, index: Index): Promise<void> {
  const { name, columns, unique } = index;
  const create = `CREATE ${unique ? 'UNIQUE ' : ''}INDEX`;
  if (kind === 'sqlite') {
    await sql.raw(`${create} IF NOT EXISTS ${name} ON ${table} (${columns})`).execute(db);
    return;
  }
  if (await indexExists(db, table, name)) return;
  await sql.raw(`${create} ${name} ON ${table} (${columns})`).execute(db);
}

/** MySQL only: SQLite has IF EXISTS. */
async function indexExists(db: Kysely<unknown>, table: string, name: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = ${table} AND index_name = ${name} LIMIT 1`.execute(db);
  return rows.length > 0;
}

export async function dropIndex(db: Kysely<unknown>, kind: Kind, table: string, name: string): Promise<void> {
  if (kind === 'sqlite') await sql.raw(`DROP INDEX IF EXISTS ${name}`).execute(db);
  else if (await indexExists(db, table, name)) await sql.raw(`DROP INDEX ${name} ON ${table}`).execute(db);
}

/** `definition` is the current one of the column; MySQL 5.7 requires it again. */
export async function renameColumn(
  db: Kysely<unknown>,
  kind: Kind,
  column: { table: string; from: string; to: string; definition: string },
): Promise<void> {
  const { table, from, to, definition } = column;
  if (!(await columnExists(db, kind, table, from))) return;
  const change = kind === 'mysql' ? `CHANGE COLUMN ${from} ${to} ${definition}` : `RENAME COLUMN ${from} TO ${to}`;
  await sql.raw(`ALTER TABLE ${table} ${change}`).execute(db);
}
