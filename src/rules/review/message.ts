/**
 * The texts inside of a message of IM (MsgBody), and the message with some of them replaced. Bodies come from any client: a part that
 * is not understood is left as it is, and JSON inside of custom elements is looked through to a bounded depth.
 */
import { fieldsOf } from '../../base/fields';

/** Limits of depth and number of values when JSON of custom elements is searched: a chat message has less. */
const MAX_DEPTH = 8;
const MAX_VALUES = 2_000;

/** Between the texts of one message: nothing in a normal form. */
const SEPARATOR = '\n';

interface Part {
  text: string;
  /** Puts another text in its place. */
  replace(text: string): void;
}

export interface ImMessage {
  /** All texts that people read, joined; '' if there is none. */
  text: string;
  /** The body with each character in a range of `text` replaced by *. */
  masked(ranges: readonly { start: number; end: number }[]): unknown[];
}

type Holder = Record<string, unknown>;

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function partOf(holder: Holder, name: string): Part[] {
  const text = holder[name];
  if (typeof text !== 'string' || text === '') return [];
  const replace = (other: string) => {
    holder[name] = other;
  };
  return [{ text, replace }];
}

/** The texts under the given keys, however deep they are; undefined: the text is no JSON, or too deep to be one of an app. */
function jsonParts(content: Holder, keys: ReadonlySet<string>): Part[] {
  const data = content['Data'];
  if (keys.size === 0 || typeof data !== 'string') return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return [];
  }
  const found: Part[] = [];
  let values = 0;
  const walk = (value: unknown, depth: number): void => {
    values += 1;
    if (depth > MAX_DEPTH || values > MAX_VALUES || typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && keys.has(key)) {
        // An object or a list: both take it by its key.
        for (const part of partOf(value as Holder, key)) {
          found.push({
            text: part.text,
            replace: (other) => {
              part.replace(other);
              content['Data'] = JSON.stringify(parsed);
            },
          });
        }
      } else walk(inner, depth + 1);
    }
  };
  walk(parsed, 0);
  return found;
}

/** Names of the texts that people read, by kind of element. */
const TEXTS: Readonly<Record<string, string>> = {
  TIMTextElem: 'Text',
  TIMLocationElem: 'Desc',
  TIMFileElem: 'FileName',
};

function partsOf(element: unknown, keys: ReadonlySet<string>): Part[] {
  if (!isHolder(element)) return [];
  const content = element['MsgContent'];
  const type = element['MsgType'];
  if (!isHolder(content) || typeof type !== 'string') return [];
  if (type === 'TIMCustomElem') return jsonParts(content, keys);
  const name = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
  return name === undefined ? [] : partOf(content, name);
}

function starred(text: string): string {
  return '*'.repeat([...text].length);
}

/** A text with the ranges of the whole message that fall into it masked; `offset`: its beginning in the message. */
function maskPart(text: string, offset: number, ranges: readonly { start: number; end: number }[]): string {
  let result = '';
  let done = 0;
  for (const range of ranges) {
    const start = Math.max(range.start - offset, done);
    const end = Math.min(range.end - offset, text.length);
    if (end <= start) continue;
    result += text.slice(done, start) + starred(text.slice(start, end));
    done = end;
  }
  return result + text.slice(done);
}

/** The text with the given ranges masked. */
export function maskText(text: string, ranges: readonly { start: number; end: number }[]): string {
  return maskPart(
    text,
    0,
    [...ranges].sort((a, b) => a.start - b.start),
  );
}

/** `customKeys`: names of texts in the JSON of custom elements. The body is copied before it is changed. */
export function readMessage(body: unknown, customKeys: readonly string[]): ImMessage {
  const elements: unknown[] = Array.isArray(body) ? body : [];
  const keys = new Set(customKeys);
  const partsIn = (all: readonly unknown[]) => all.flatMap((element) => partsOf(element, keys));
  return {
    text: partsIn(elements)
      .map(({ text }) => text)
      .join(SEPARATOR),
    masked(ranges) {
      const copy: unknown[] = structuredClone(elements);
      const ordered = [...ranges].sort((a, b) => a.start - b.start);
      let offset = 0;
      for (const part of partsIn(copy)) {
        const masked = maskPart(part.text, offset, ordered);
        if (masked !== part.text) part.replace(masked);
        offset += part.text.length + SEPARATOR.length;
      }
      return copy;
    },
  };
}

/** The parts of a body that is not a list. */
export function bodyOf(fields: unknown): unknown {
  return fieldsOf(fields)['MsgBody'];
}
