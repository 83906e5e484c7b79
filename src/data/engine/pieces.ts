/** What pieces of SQL are made of (sql.ts). */

export type Value = string | number | null;
export type DatabaseKind = 'mysql' | 'sqlite';

export interface Fixed {
  text: string;
  values: readonly Value[];
}

/** The parts of a piece, in order. */
export type Part =
  /** Text with ? marks, and their values. */
  | Fixed
  /** A ? whose value comes with the call. */
  | { name: string }
  /** `piece` for each row of a list that comes with the call; null: the list's items are values, and it is a ?. */
  | { each: string; piece: readonly Part[] | null; separator: string; filling: unknown; isExact: boolean }
  /** Another piece for each kind of database. */
  | Readonly<Record<DatabaseKind, readonly Part[]>>;

/** Puts pieces together; fixed parts that follow each other become one. */
export class Pieces {
  text = '';
  private values: Value[] = [];
  private readonly done: Part[] = [];

  add(parts: readonly Part[]): void {
    for (const part of parts) {
      if ('text' in part) {
        this.text += part.text;
        for (const value of part.values) this.values.push(value);
        continue;
      }
      this.done.push({ text: this.text, values: this.values }, part);
      this.text = '';
      this.values = [];
    }
  }

  addValue(value: Value): void {
    this.text += '?';
    this.values.push(value);
  }

  parts(): readonly Part[] {
    this.done.push({ text: this.text, values: this.values });
    return this.done;
  }
}
