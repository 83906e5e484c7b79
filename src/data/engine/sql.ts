/**
 * The one notation for SQL. A statement is a text with its values, a name that logs and plans show, and, where it reads,
 * the columns of its rows: one list that the SELECT and the row's type are both made from.
 *
 *     const USER = columns('users', 'u', ['id', 'name']);
 *     db.query(read('users.find', USER, sql`SELECT ${USER} FROM users u WHERE u.id = ${id}`)) // { id: number; name: string }[]
 *
 * The name stands as a comment in front of the text, so that the server's own logs have it too.
 */
import type { Selectable } from 'kysely';
import type { Schema } from '../schema';

export type Value = string | number | null;

/** A piece of SQL: text with ? marks, and what stands for them in order. Only ever made by this file's functions. */
export class Sql {
  readonly text: string;
  readonly values: readonly Value[];

  constructor(text: string, values: readonly Value[] = []) {
    this.text = text;
    this.values = values;
  }
}

/** Pieces stand as they are; everything else becomes a ? and its value. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Value | Sql)[]): Sql {
  let text = strings[0] ?? '';
  const values: Value[] = [];
  let index = 0;
  for (const part of parts) {
    index += 1;
    if (part instanceof Sql) {
      text += part.text;
      values.push(...part.values);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[index];
  }
  return new Sql(text, values);
}

/** A text of ours as it is: a column, a keyword, a whole number that was checked. Never anything from outside. */
export function raw(text: string): Sql {
  return new Sql(text);
}

export const NOTHING = raw('');

export function join(pieces: readonly Sql[], separator: string): Sql {
  return new Sql(
    pieces.map((piece) => piece.text).join(separator),
    pieces.flatMap((piece) => piece.values),
  );
}

/** Lists are filled up to a power of this, so that a few prepared statements serve all lengths. */
const LIST_STEP = 4;

function filledLength(length: number): number {
  let size = 1;
  while (size < length) size *= LIST_STEP;
  return size;
}

/** The pieces, and behind them fillings that change nothing, up to 1, 4, 16, 64 … of them. */
export function filledUp(pieces: readonly Sql[], filling: Sql, separator: string): Sql {
  const filled = Array.from({ length: filledLength(pieces.length) }, (_, index) => pieces[index] ?? filling);
  return join(filled, separator);
}

/** `?, ?, …` for IN; the last value is repeated up to 1, 4, 16, 64 … of them. At least one value. */
export function list(values: readonly Value[]): Sql {
  const last = values.at(-1);
  if (last === undefined) throw new Error('an empty list of values');
  const filled = Array.from({ length: filledLength(values.length) }, (_, index) => values[index] ?? last);
  return new Sql(filled.map(() => '?').join(', '), filled);
}

/** `CASE of WHEN ? THEN ? … END`: another value for each key, filled up as `list` is; NULL for any other key. */
export function choice(of: Sql, entries: readonly (readonly [key: Value, value: Value])[]): Sql {
  const last = entries.at(-1);
  if (last === undefined) throw new Error('nothing to choose from');
  let size = 1;
  while (size < entries.length) size *= LIST_STEP;
  const filled = Array.from({ length: size }, (_, index) => entries[index] ?? last);
  return new Sql(`CASE ${of.text}${' WHEN ? THEN ?'.repeat(size)} END`, [...of.values, ...filled.flat()]);
}

type Table = keyof Schema & string;
type Row<T extends Table> = Selectable<Schema[T]>;

/** Columns of a SELECT, and what a row with them looks like. */
export class Columns<R> extends Sql {
  readonly names: readonly string[];
  /** Only for the type. */
  declare readonly row: R;

  constructor(names: readonly string[], piece: Sql) {
    super(piece.text, piece.values);
    this.names = names;
  }
}

/** What a row with these columns looks like. */
export type RowOf<C> = C extends Columns<infer R> ? R : never;

/** Columns of a table under its alias in the statement ('' = no alias). */
export function columns<T extends Table, K extends keyof Row<T> & string>(
  _table: T,
  alias: string,
  names: readonly K[],
): Columns<Pick<Row<T>, K>> {
  const prefix = alias === '' ? '' : `${alias}.`;
  return new Columns(names, raw(names.map((name) => `${prefix}${name}`).join(', ')));
}

/** Columns that are expressions, by the name they get; the caller says their type. */
export function computed<R extends object>(expressions: { readonly [K in keyof R]: Sql }): Columns<R> {
  const entries = Object.entries<Sql>(expressions);
  const pieces = entries.map(([name, piece]) => new Sql(`${piece.text} AS ${name}`, piece.values));
  return new Columns(
    entries.map(([name]) => name),
    join(pieces, ', '),
  );
}

/** The columns of a row that an outer join may leave empty: all null together. */
export type Nullable<R> = { [K in keyof R]: R[K] | null };

export function nullable<R>(of: Columns<R>): Columns<Nullable<R>> {
  return new Columns(of.names, of);
}

/** What an outer join gave; undefined where it found no row. The first column of `of` must be one that is never null. */
export function joined<R>(of: Columns<R>, row: Nullable<R> & object): R | undefined {
  // All of them are null together.
  return Reflect.get(row, of.names[0] ?? '') === null ? undefined : (row as R);
}

export function both<A, B>(first: Columns<A>, second: Columns<B>): Columns<A & B> {
  return new Columns([...first.names, ...second.names], join([first, second], ', '));
}

type Insertable<T extends Table> = { [K in keyof Row<T>]?: Row<T>[K] & Value };

/** `INSERT INTO table (…) VALUES (…)`, of one row or several with the same columns. */
export function insertInto<T extends Table>(table: T, ...rows: readonly Insertable<T>[]): Sql {
  const [first] = rows;
  if (!first) throw new Error('nothing to insert');
  const names = Object.keys(first);
  const values = rows.map((row) => {
    const given = new Map<string, unknown>(Object.entries(row));
    // The type says that they are values of the table's columns.
    return new Sql(
      `(${names.map(() => '?').join(', ')})`,
      names.map((name) => given.get(name) as Value),
    );
  });
  const all = join(values, ', ');
  return new Sql(`INSERT INTO ${table} (${names.join(', ')}) VALUES ${all.text}`, all.values);
}

/** `a = ?, b = ?` of the given columns; a piece of SQL may stand for a value. */
export function assign<T extends Table>(_table: T, row: { [K in keyof Row<T>]?: (Row<T>[K] & Value) | Sql }): Sql {
  const pieces = Object.entries(row).map(([name, value]) => {
    if (value instanceof Sql) return new Sql(`${name} = ${value.text}`, value.values);
    // As above: the type says so.
    return new Sql(`${name} = ?`, [value as Value]);
  });
  return join(pieces, ', ');
}

/** For questions that are answered by there being a row. */
export const FOUND = computed<{ found: number }>({ found: raw('1') });

type Name = `${string}.${string}`;

/** A statement that gives rows. It changes nothing, so it is asked again where its answer got lost. */
export interface Read<R> {
  kind: 'read';
  /** store.what, for logs, the plan test and the error of a 103: `rooms.find`. */
  name: Name;
  sql: Sql;
  columns: Columns<R>;
}

/** A statement that changes something. */
export interface Write {
  kind: 'write';
  name: Name;
  sql: Sql;
  /**
   * Whether it may be sent again where its answer got lost and nobody knows whether it was carried out: `safe` where
   * doing it twice is doing it once, `never` where the caller has to hear of it.
   */
  repeat: 'safe' | 'never';
}

function named(name: Name, { text, values }: Sql): Sql {
  return new Sql(`/* ${name} */ ${text}`, values);
}

export function read<R>(name: Name, of: Columns<R>, statement: Sql): Read<R> {
  return { kind: 'read', name, sql: named(name, statement), columns: of };
}

export function write(name: Name, repeat: Write['repeat'], statement: Sql): Write {
  return { kind: 'write', name, sql: named(name, statement), repeat };
}
