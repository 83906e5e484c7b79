/**
 * The texts of a statement for the drivers, put together once for each kind of database and each step of its lists, and the
 * values of a call in the order of the text's ? marks.
 */
import type { Statement } from './database';
import type { DatabaseKind, Fixed, Part, Value } from './pieces';
import { filledLength, type Read, type Write } from './sql';

/** The source of the value of one ?. */
interface Place {
  /** The list of the call whose row has it; null: it is not in a list. */
  list: string | null;
  row: number;
  /** Stands for the rows that the list is too short for. */
  filling: unknown;
  /** Its name in the call's values, or in the row; null: the row itself, or the constant. */
  name: string | null;
  constant: Value;
}

interface Prepared {
  text: string;
  places: readonly Place[];
}

/** The texts of one piece for one kind of database. */
interface Texts {
  /** Its lists, each once. */
  lists: readonly List[];
  /** By the steps of its lists. */
  bySteps: Map<string, Prepared>;
}

type List = Pick<Extract<Part, { each: string }>, 'each' | 'isExact'>;

type Given = Readonly<Record<string, unknown>>;
type Declared = Read<unknown, never> | Write<never>;

function listsIn(parts: readonly Part[], kind: DatabaseKind): List[] {
  return parts.flatMap((part) => {
    if ('text' in part || 'name' in part) return [];
    return 'each' in part ? [part] : listsIn(part[kind], kind);
  });
}

function listsOf(parts: readonly Part[], kind: DatabaseKind): readonly List[] {
  return [...new Map(listsIn(parts, kind).map((list) => [`${list.each} ${list.isExact}`, list])).values()];
}

function rowsOf(given: Given, list: string): readonly unknown[] {
  const rows = given[list];
  if (!Array.isArray(rows) || rows.length === 0) throw new Error(`an empty list: ${list}`);
  return rows;
}

type RowPlace = Pick<Place, 'list' | 'row' | 'filling'>;
const NO_ROW: RowPlace = { list: null, row: 0, filling: undefined };

/** Adds the parts to `text` and `places`. */
class Builder {
  text = '';
  readonly places: Place[] = [];
  private readonly kind: DatabaseKind;
  private readonly given: Given;

  constructor(kind: DatabaseKind, given: Given) {
    this.kind = kind;
    this.given = given;
  }

  /** `row`: the parts are the piece of this row of a list. */
  add(parts: readonly Part[], row = NO_ROW): this {
    for (const part of parts) {
      if ('text' in part) this.addFixed(part);
      else if ('name' in part) this.place({ ...row, name: part.name, constant: null });
      else if ('each' in part) this.repeat(part);
      else this.add(part[this.kind], row);
    }
    return this;
  }

  private addFixed({ text, values }: Fixed): void {
    this.text += text;
    for (const constant of values) this.places.push({ ...NO_ROW, name: null, constant });
  }

  private place(place: Place): void {
    this.text += '?';
    this.places.push(place);
  }

  private repeat({ each, piece, separator, filling, isExact }: Extract<Part, { each: string }>): void {
    const { length } = rowsOf(this.given, each);
    const size = isExact ? length : filledLength(length);
    for (let row = 0; row < size; row += 1) {
      if (row > 0) this.text += separator;
      const at = { list: each, row, filling };
      if (piece) this.add(piece, at);
      else this.place({ ...at, name: null, constant: null });
    }
  }
}

const known: Record<DatabaseKind, WeakMap<Declared, Texts>> = { mysql: new WeakMap(), sqlite: new WeakMap() };

function textsOf(statement: Declared, kind: DatabaseKind): Texts {
  let texts = known[kind].get(statement);
  if (!texts) {
    texts = { lists: listsOf(statement.sql.parts, kind), bySteps: new Map() };
    known[kind].set(statement, texts);
  }
  return texts;
}

/** The values of one call in the order of the places. One loop without calls: it runs for every statement. */
function valuesAt(places: readonly Place[], given: Given): Value[] {
  const values: Value[] = [];
  for (const { list, row, filling, name, constant } of places) {
    let from: unknown = given;
    if (list !== null) {
      // textFor has checked it.
      const rows = given[list] as readonly unknown[];
      from = row < rows.length ? rows[row] : (filling ?? rows[rows.length - 1]);
    }
    // The types of Executor say that a named value is in the values of the call, or in its row.
    const value = name === null ? (list === null ? constant : from) : (from as Given)[name];
    if (value === undefined) throw new Error(`no value for ${name ?? `an item of ${list}`}`);
    // And that it is a text, a number or null.
    values.push(value as Value);
  }
  return values;
}

/** The text for the lengths of the call's lists. */
function textFor(statement: Declared, kind: DatabaseKind, given: Given): Prepared {
  const { lists, bySteps } = textsOf(statement, kind);
  let steps = '';
  for (const { each, isExact } of lists) {
    const { length } = rowsOf(given, each);
    steps += `${isExact ? length : filledLength(length)} `;
  }
  let prepared = bySteps.get(steps);
  if (!prepared) {
    const { text, places } = new Builder(kind, given).add(statement.sql.parts);
    prepared = { text, places };
    bySteps.set(steps, prepared);
  }
  return prepared;
}

/** Adds fixed parts to `into`; false if a part needs a value of the call. */
function addFixed(parts: readonly Part[], kind: DatabaseKind, into: { text: string; values: Value[] }): boolean {
  for (const part of parts) {
    if ('text' in part) {
      into.text += part.text;
      for (const value of part.values) into.values.push(value);
    } else if ('name' in part || 'each' in part || !addFixed(part[kind], kind, into)) return false;
  }
  return true;
}

/** The text of the statement with the values of one call. */
export function bind(statement: Declared, kind: DatabaseKind, values: unknown = {}): Statement {
  // The types of Executor say that they are an object with the values by name.
  const given = values as Given;
  const reads = statement.kind === 'read';
  if (!known[kind].has(statement)) {
    // A statement that was put together by a call, with all its values, is not worth keeping.
    const fixed = { text: '', values: [] };
    if (addFixed(statement.sql.parts, kind, fixed)) return { ...fixed, reads };
  }
  const { text, places } = textFor(statement, kind, given);
  return { text, values: valuesAt(places, given), reads };
}
