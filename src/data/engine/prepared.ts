/**
 * The texts of a statement for the drivers, built once for each kind of database and each step of its lists, and the
 * values of a call in the order of the text's ? marks.
 */
import type { Statement } from './database';
import type { DatabaseKind, Each, Part, Value } from './pieces';
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
  /** The room for rows of its lists. */
  room: string;
  /** Its lists, each once. */
  lists: readonly Each[];
}

/** A statement for one kind of database. */
interface Texts {
  lists: readonly Each[];
  byRoom: Map<string, Prepared>;
}

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

/** A part that is still to be written, and the row of a list that it belongs to. */
interface Left {
  part: Part;
  list?: Each;
  row: number;
}

/** The text with room for the lists of this call. */
function prepare(statement: Declared, kind: DatabaseKind, given: Given): Prepared {
  const places: Place[] = [];
  const lists: Each[] = [];
  let [text, room] = ['', ''];
  /** The next one is last. */
  const left: Left[] = [{ part: statement.sql, row: 0 }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { part, list, row } = next;
    if (typeof part === 'string') text += part;
    else if ('value' in part) {
      text += '?';
      places.push({ list: null, row: 0, filling: undefined, name: null, constant: part.value });
    } else if ('name' in part) {
      text += '?';
      places.push({ list: list?.each ?? null, row, filling: list?.filling, name: part.name, constant: null });
    } else if ('each' in part) {
      if (list) throw new Error(`a list in a list: ${part.each}`);
      const rows = roomFor(part, given);
      if (!lists.some(({ each, isExact }) => each === part.each && isExact === part.isExact)) {
        lists.push(part);
        room += `${rows} `;
      }
      for (let n = rows - 1; n >= 0; n -= 1) {
        left.push({ part: part.piece, list: part, row: n });
        if (n > 0) left.push({ part: part.separator, row: 0 });
      }
    } else if ('parts' in part) for (const inner of part.parts.toReversed()) left.push({ ...next, part: inner });
    else if (!('strings' in part)) left.push({ ...next, part: part[kind] });
    else {
      for (let n = part.strings.length - 1; n >= 0; n -= 1) {
        const behind = part.between[n];
        if (behind !== undefined) {
          left.push({ ...next, part: behind !== null && typeof behind === 'object' ? behind : { value: behind } });
        }
        left.push({ ...next, part: part.strings[n] ?? '' });
      }
    }
  }
  return { text, places, room, lists };
}

const known: Record<DatabaseKind, WeakMap<Declared, Texts>> = { mysql: new WeakMap(), sqlite: new WeakMap() };

/** The text of the statement with the values of one call, in one loop: it runs for every statement. */
export function bind(statement: Declared, kind: DatabaseKind, values: unknown = {}): Statement {
  // The types of Executor say that they are an object with the values by name.
  const given = values as Given;
  const texts = known[kind].get(statement);
  let room = '';
  if (texts) for (const list of texts.lists) room += `${roomFor(list, given)} `;
  let prepared = texts?.byRoom.get(room);
  if (!prepared) {
    prepared = prepare(statement, kind, given);
    if (texts) texts.byRoom.set(room, prepared);
    else known[kind].set(statement, { lists: prepared.lists, byRoom: new Map([[prepared.room, prepared]]) });
  }
  const bound: Value[] = [];
  for (const { list, row, filling, name, constant } of prepared.places) {
    let from: unknown = given;
    if (list !== null) {
      // roomFor has checked it.
      const rows = given[list] as readonly unknown[];
      from = row < rows.length ? rows[row] : (filling ?? rows[rows.length - 1]);
    }
    // The types of Executor say that a named value is in the values of the call, or in its row.
    const value = name === null ? (list === null ? constant : from) : (from as Given)[name];
    if (value === undefined) throw new Error(`no value for ${name ?? `an item of ${list}`}`);
    // And that it is a text, a number or null.
    bound.push(value as Value);
  }
  return { text: prepared.text, values: bound, reads: statement.kind === 'read' };
}
