/** What pieces of SQL are made of (sql.ts). */

export type Value = string | number | null;
export type DatabaseKind = 'mysql' | 'sqlite';

/** A piece for each row of a list that comes with the call. */
export interface Each {
  /** The name of the list. */
  each: string;
  piece: Piece;
  separator: string;
  /** Stands for the rows that the list is too short for; undefined: its last row does. */
  filling: unknown;
  /** The text has room for exactly the rows of the call, and not for 1, 4, 16, 64 … */
  isExact: boolean;
}

/** The parts of a piece, in order. */
export type Part =
  | string
  /** A ? with this value. */
  | { value: Value }
  /** A ? whose value comes with the call, or with the row of a list; null: the row is the value. */
  | { name: string | null }
  | Each
  /** Another piece for each kind of database. */
  | Readonly<Record<DatabaseKind, Piece>>
  | Template
  | Piece;

/** The text as it is written, taken apart at the first use, so that a process that starts does not do it for all statements. */
export interface Template {
  strings: readonly string[];
  /** One less than strings. */
  between: readonly (Value | Piece)[];
}

export interface Piece {
  readonly parts: readonly Part[];
}
