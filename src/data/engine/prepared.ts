/**
 * The texts of a statement for the drivers, built once for each kind of database and each step of its lists, and the
 * values of a call in the order of the text's ? marks.
 */
import type { Statement } from './database';
import type { DatabaseKind, Each, Part, Piece, Template, Value } from './pieces';
import type { Read, Write } from './sql';

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
  places: Place[];
}

/** A list with the texts, values and places of its piece. */
interface List extends Each {
  /** The index of its room: a list may be filled up in one place of a statement, and exact in another. */
  index: number;
  flat: readonly Flat[];
}

/** A statement for one kind of database. */
interface Texts {
  flat: readonly Flat[];
  /** Its lists, each once. */
  lists: readonly Each[];
  /** Keyed by the room for rows of its lists. */
  byRoom: Map<string, Prepared>;
}

type Flat = Exclude<Part, Each | Piece | Template | Readonly<Record<DatabaseKind, Piece>>> | List;
type Given = Readonly<Record<string, unknown>>;
type Declared = Read<unknown, never> | Write<never>;

/** Lists are filled up to a power of this. */
const LIST_STEP = 4;

/** How many rows of the call's list the text has room for. At least one. */
function roomFor({ each, isExact }: Each, given: Given): number {
  const rows = given[each];
  if (!Array.isArray(rows) || rows.length === 0) throw new Error(`an empty list: ${each}`);
  if (isExact) return rows.length;
  let size = 1;
  while (size < rows.length) size *= LIST_STEP;
  return size;
}

/** The texts, values, places and lists of a piece for one kind of database, in order; adds its lists to `lists`. */
function flattened(piece: Piece, kind: DatabaseKind, lists: Each[]): readonly Flat[] {
  const flat: Flat[] = [];
  const left: Part[] = [piece];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (typeof part === 'string' || 'value' in part || 'name' in part) flat.push(part);
    else if ('each' in part) {
      const { each, isExact } = part;
      const known = lists.findIndex((list) => list.each === each && list.isExact === isExact);
      const index = known < 0 ? lists.push(part) - 1 : known;
      flat.push({ ...part, index, flat: flattened(part.piece, kind, lists) });
    } else if ('parts' in part) for (let n = part.parts.length - 1; n >= 0; n -= 1) left.push(part.parts[n] ?? '');
    else if (!('strings' in part)) left.push(part[kind]);
    else {
      for (let n = part.strings.length - 1; n >= 0; n -= 1) {
        const behind = part.between[n];
        if (behind !== undefined) left.push(behind !== null && typeof behind === 'object' ? behind : { value: behind });
        left.push(part.strings[n] ?? '');
      }
    }
  }
  return flat;
}

/** The text with this much room for rows of each list, and its places. */
function prepare(flat: readonly Flat[], room: readonly number[]): Prepared {
  const prepared: Prepared = { text: '', places: [] };
  for (const part of flat) {
    const list = typeof part === 'object' && 'each' in part ? part : undefined;
    const rows = list ? (room[list.index] ?? 0) : 1;
    for (let row = 0; row < rows; row += 1) {
      if (list && row > 0) prepared.text += list.separator;
      for (const leaf of list ? list.flat : [part]) {
        if (typeof leaf === 'string') prepared.text += leaf;
        else if ('each' in leaf) throw new Error(`a list in a list: ${leaf.each}`);
        else {
          prepared.text += '?';
          prepared.places.push(
            'value' in leaf
              ? { list: null, row: 0, filling: undefined, name: null, constant: leaf.value }
              : { list: list?.each ?? null, row, filling: list?.filling, name: leaf.name, constant: null },
          );
        }
      }
    }
  }
  return prepared;
}

const known: Record<DatabaseKind, WeakMap<Declared, Texts>> = { mysql: new WeakMap(), sqlite: new WeakMap() };

/** The text for the lengths of the call's lists. */
function textFor(statement: Declared, kind: DatabaseKind, given: Given): Prepared {
  let texts = known[kind].get(statement);
  if (!texts) {
    const lists: Each[] = [];
    texts = { flat: flattened(statement.sql, kind, lists), lists, byRoom: new Map() };
    known[kind].set(statement, texts);
  }
  const room: number[] = [];
  for (const list of texts.lists) room.push(roomFor(list, given));
  const key = room.join(' ');
  let prepared = texts.byRoom.get(key);
  if (!prepared) {
    prepared = prepare(texts.flat, room);
    texts.byRoom.set(key, prepared);
  }
  return prepared;
}

/** The text of the statement with the values of one call, in one loop: it runs for every statement. */
export function bind(statement: Declared, kind: DatabaseKind, values: unknown = {}): Statement {
  // The types of Executor say that they are an object with the values by name.
  const given = values as Given;
  const { text, places } = textFor(statement, kind, given);
  const bound: Value[] = [];
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
    bound.push(value as Value);
  }
  return { text, values: bound, reads: statement.kind === 'read' };
}
