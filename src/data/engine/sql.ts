/**
 * The one notation for SQL. A statement is declared once, at the top of its store: a name that logs and plans show, its text
 * with places for values, and, if it reads, the columns of its rows: one list that the SELECT and the row's type are made from.
 *
 *     const USER = columns('users', 'u', ['id', 'name']);
 *     const FIND = read('users.find', USER, sql`SELECT ${USER} FROM users u WHERE u.id = ${int('id')}`);
 *     db.query(FIND, { id }) // Promise<{ id: number; name: string }[]>
 *
 * The compiler checks that a call gives all values, of the right types. Texts are put together at the first call
 * (prepared.ts). The name is also a comment in front of the text, so that the server's own logs show it.
 */
import type { Selectable } from 'kysely';
import type { Schema } from '../schema';
import type { Part, Value } from './pieces';

/** A piece of SQL that needs the values P with the call. Only this file's functions make them. */
export class Sql<P = unknown> {
  readonly parts: readonly Part[];
  /** Exists in the type only: a piece that needs values is not assignable where none are given. */
  declare readonly needs: (values: P) => void;

  constructor(parts: readonly Part[]) {
    this.parts = parts;
  }
}

/** All values that these pieces need. */
type NeedsOf<Pieces extends readonly unknown[]> = [Extract<Pieces[number], Sql<never>>] extends [Sql<infer P>]
  ? P
  : unknown;

/** Pieces stay as they are. Everything else becomes a ? with this value: a constant of the service. */
export function sql<const Pieces extends readonly (Value | Sql<never>)[]>(
  strings: TemplateStringsArray,
  ...pieces: Pieces
): Sql<NeedsOf<Pieces>> {
  return new Sql([{ strings, between: pieces }]);
}

/** A text of the service's own: a column, a keyword, a whole number that was checked. Never anything from outside. */
export function raw(text: string): Sql {
  return new Sql([text]);
}

export const NOTHING = raw('');

export function join<const Pieces extends readonly Sql<never>[]>(
  pieces: Pieces,
  separator: string,
): Sql<NeedsOf<Pieces>> {
  return new Sql(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece])));
}

/** A number that comes with the call, under this name. */
export function int<N extends string>(name: N): Sql<Record<N, number>> {
  return new Sql([{ name }]);
}

/** A text that comes with the call. */
export function text<N extends string>(name: N): Sql<Record<N, string>> {
  return new Sql([{ name }]);
}

/** A number or null that comes with the call. */
export function intOrNull<N extends string>(name: N): Sql<Record<N, number | null>> {
  return new Sql([{ name }]);
}

/** A text or null that comes with the call. */
export function textOrNull<N extends string>(name: N): Sql<Record<N, string | null>> {
  return new Sql([{ name }]);
}

/** Another text for MySQL than for SQLite. */
export function byDialect<M, S>(texts: { mysql: Sql<M>; sqlite: Sql<S> }): Sql<M & S> {
  return new Sql([texts]);
}

/**
 * Repeats `piece` for each row of a list that comes with the call. The text has room for 1, 4, 16, 64 … rows, so that a few
 * prepared statements serve all lengths: `filling`, or else the last row, fills it up. At least one row.
 */
export function each<N extends string, P>(
  name: N,
  piece: Sql<P>,
  separator: string,
  filling?: P,
): Sql<Record<N, readonly P[]>> {
  return new Sql([{ each: name, piece, separator, filling, isExact: false }]);
}

/** The same with room for exactly the rows of the call: each length is a text of its own. For rows that are inserted. */
export function eachExactly<N extends string, P>(
  name: N,
  piece: Sql<P>,
  separator: string,
): Sql<Record<N, readonly P[]>> {
  return new Sql([{ each: name, piece, separator, filling: undefined, isExact: true }]);
}

/** The row itself. */
const ITEM = new Sql([{ name: null }]);

/** `?, ?, …` for IN, of numbers that come with the call; filled up as `each` is. */
export function ints<N extends string>(name: N): Sql<Record<N, readonly number[]>> {
  return new Sql([{ each: name, piece: ITEM, separator: ', ', filling: undefined, isExact: false }]);
}

/** `?, ?, …` for IN, of texts that come with the call. */
export function texts<N extends string>(name: N): Sql<Record<N, readonly string[]>> {
  return new Sql([{ each: name, piece: ITEM, separator: ', ', filling: undefined, isExact: false }]);
}

type Table = keyof Schema & string;
type Row<T extends Table> = Selectable<Schema[T]>;

/** Columns of a SELECT, and the type of a row with them. */
export class Columns<R, P = unknown> extends Sql<P> {
  readonly names: readonly string[];
  /** Type only. */
  declare readonly row: R;

  constructor(names: readonly string[], parts: readonly Part[]) {
    super(parts);
    this.names = names;
  }
}

/** The type of a row with these columns. */
export type RowOf<C> = C extends Columns<infer R, never> ? R : never;

/** Columns of a table under its alias in the statement ('' = no alias). */
export function columns<T extends Table, K extends keyof Row<T> & string>(
  _table: T,
  alias: string,
  names: readonly K[],
): Columns<Pick<Row<T>, K>> {
  const prefix = alias === '' ? '' : `${alias}.`;
  return new Columns(names, raw(names.map((name) => `${prefix}${name}`).join(', ')).parts);
}

/** Columns that are expressions, by the names they get; R is the caller's word for their types. */
export function computed<R extends object, P = unknown>(
  expressions: { readonly [K in keyof R]: Sql<P> },
): Columns<R, P> {
  const entries = Object.entries<Sql<P>>(expressions);
  const pieces = entries.map(([name, piece]) => new Sql<P>([piece, ` AS ${name}`]));
  return new Columns(
    entries.map(([name]) => name),
    join(pieces, ', ').parts,
  );
}

/** The columns of a row that an outer join may leave empty: all of them are null then. */
export type Nullable<R> = { [K in keyof R]: R[K] | null };

export function nullable<R, P>(of: Columns<R, P>): Columns<Nullable<R>, P> {
  return new Columns(of.names, of.parts);
}

/** The row of an outer join; undefined: it found none. The first column of `of` must be non-null. */
export function joined<R>(of: Columns<R, never>, row: Nullable<R> & object): R | undefined {
  // All of them are null, or none is.
  return Reflect.get(row, of.names[0] ?? '') === null ? undefined : (row as R);
}

export function both<A, B, P, Q>(first: Columns<A, P>, second: Columns<B, Q>): Columns<A & B, P & Q> {
  return new Columns([...first.names, ...second.names], join([first, second], ', ').parts);
}

/** Values of these columns, each under its column's name. */
function placesOf<T extends Table, K extends keyof Row<T> & string>(names: readonly K[]): Sql<Pick<Row<T>, K>> {
  return new Sql(names.flatMap((name, index): Part[] => [index === 0 ? '' : ', ', { name }]));
}

/** `INSERT INTO table (…) VALUES (…)` of one row: the values come with the call, under the columns' names. */
export function insertInto<T extends Table, K extends keyof Row<T> & string>(
  table: T,
  names: readonly K[],
): Sql<Pick<Row<T>, K>> {
  return sql`INSERT INTO ${raw(table)} (${raw(names.join(', '))}) VALUES (${placesOf<T, K>(names)})`;
}

/** The same of at least one row, which come as the list `list`. */
export function insertAllInto<N extends string, T extends Table, K extends keyof Row<T> & string>(
  list: N,
  table: T,
  names: readonly K[],
): Sql<Record<N, readonly Pick<Row<T>, K>[]>> {
  const rows = eachExactly(list, sql`(${placesOf<T, K>(names)})`, ', ');
  return sql`INSERT INTO ${raw(table)} (${raw(names.join(', '))}) VALUES ${rows}`;
}

/** `a = ?, b = ?` of columns whose values come with the call, under their names. */
export function assign<T extends Table, K extends keyof Row<T> & string>(
  _table: T,
  names: readonly K[],
): Sql<Pick<Row<T>, K>> {
  return new Sql(names.flatMap((name, index): Part[] => [`${index === 0 ? '' : ', '}${name} = `, { name }]));
}

/** The columns of statements that check whether a row exists. */
export const FOUND = computed<{ found: number }>({ found: raw('1') });

type Name = `${string}.${string}`;

/** The values that come with a call; nothing for a statement that needs none. */
export type Given<P> = unknown extends P ? [] : [values: P];

/** A statement that gives rows. It changes nothing, so it is repeated if its answer was lost. */
export interface Read<R, P = unknown> {
  kind: 'read';
  /** store.what, for logs, the plan test and the error of a 103: `rooms.find`. */
  name: Name;
  sql: Sql<P>;
  columns: Columns<R, never>;
}

/** A statement that changes something. */
export interface Write<P = unknown> {
  kind: 'write';
  name: Name;
  sql: Sql<P>;
  /**
   * Whether it may be sent again if its answer was lost and it may have been carried out: `safe` if doing it twice has the
   * effect of doing it once, `never` if the caller has to know. The first copy is over when the second one is sent, so a newer
   * change is not undone; except on a cluster, if the second copy goes to another node (lost-sessions.ts).
   */
  repeat: 'safe' | 'never';
}

function named<P>(name: Name, statement: Sql<P>): Sql<P> {
  return new Sql([`/* ${name} */ `, statement]);
}

export function read<R, P>(name: Name, of: Columns<R, never>, statement: Sql<P>): Read<R, P> {
  return { kind: 'read', name, sql: named(name, statement), columns: of };
}

export function write<P>(name: Name, repeat: Write['repeat'], statement: Sql<P>): Write<P> {
  return { kind: 'write', name, sql: named(name, statement), repeat };
}
