/**
 * The texts inside of a message of IM (MsgBody and CloudCustomData), and the message with some of them replaced. Messages come from any
 * client: a part that is not understood is left as it is, and JSON is looked through to a bounded depth.
 */
import { createHash } from 'node:crypto';
import type { Fields } from '../../base/fields';
import { textOf } from '../callbacks/callback';

/** Limits of depth and number of values when JSON is searched: a message of 12 KB has fewer values. */
const MAX_DEPTH = 8;
const MAX_VALUES = 12_000;

/** Between the texts of one message: nothing in a normal form. */
const SEPARATOR = '\n';

interface Range {
  start: number;
  end: number;
}

interface Part {
  text: string;
  /** Puts another text in its place. */
  replace(text: string): void;
}

/** The texts of a message in their order, and what writes changed JSON back into the text that it was read from, inner JSON first. */
interface Found {
  parts: Part[];
  writeBacks: (() => void)[];
}

export interface ImMessage {
  /** All texts that people read, joined; '' if there is none. */
  text: string;
  /** The message with each character in a range of `text` replaced by *, as IM takes it; CloudCustomData only if it changes. */
  masked(ranges: readonly Range[]): MaskedMessage;
}

export interface MaskedMessage {
  MsgBody: unknown[];
  CloudCustomData?: unknown;
}

type Holder = Record<string, unknown>;

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function addText(found: Found, holder: object, name: string): void {
  const text: unknown = Reflect.get(holder, name);
  if (typeof text !== 'string' || text === '') return;
  found.parts.push({ text, replace: (other) => Reflect.set(holder, name, other) });
}

/** Objects and lists have further texts. */
const LOOKS_LIKE_JSON = /^\s*[[{]/;

/** undefined: no JSON. */
function parsedIn(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON that only lenient readers take, as a whole: quotes and commas are nothing in a normal form. */
const unescaped = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

interface Place {
  holder: object;
  depth: number;
  /** Under one of the keys: lists of texts belong to their key. */
  named: boolean;
  /** The holder, or something in it, is another one now. */
  changed: () => void;
}

/** The texts under the given keys, in any depth and also in JSON inside of texts. Keys are compared without case. */
function addNamed(found: Found, content: Holder, keys: ReadonlySet<string>): void {
  if (keys.size === 0) return;
  let values = 0;
  const walk = ({ holder, depth, named, changed }: Place): void => {
    if (depth > MAX_DEPTH) return;
    for (const [key, inner] of Object.entries(holder)) {
      values += 1;
      if (values > MAX_VALUES) return;
      const isNamed = Array.isArray(holder) ? named : keys.has(key.toLowerCase());
      const write = (value: string) => {
        // An object or a list: both take it by its key.
        Reflect.set(holder, key, value);
        changed();
      };
      const below = { depth: depth + 1, named: isNamed };
      if (typeof inner === 'object' && inner !== null) walk({ ...below, holder: inner, changed });
      else if (typeof inner !== 'string' || inner === '') continue;
      else if (isNamed) found.parts.push({ text: inner, replace: write });
      else if (LOOKS_LIKE_JSON.test(inner)) walkJson(inner, { ...below, write });
    }
  };
  const walkJson = (
    text: string,
    { write, ...below }: Omit<Place, 'holder' | 'changed'> & { write(text: string): void },
  ) => {
    const parsed = parsedIn(text);
    if (!parsed) {
      found.parts.push({ text: unescaped(text), replace: write });
      return;
    }
    let isChanged = false;
    walk({ ...below, holder: parsed, changed: () => (isChanged = true) });
    found.writeBacks.push(() => isChanged && write(JSON.stringify(parsed)));
  };
  walk({ holder: content, depth: 0, named: false, changed: () => {} });
}

/** Names of the texts that people read, by kind of element. */
const TEXTS: Readonly<Record<string, string>> = {
  TIMTextElem: 'Text',
  TIMLocationElem: 'Desc',
  TIMFileElem: 'FileName',
};

/** A message that forwards others: its title, the lines that stand for them, and the messages themselves. */
function addRelay(found: Found, content: Holder, { keys, depth }: { keys: ReadonlySet<string>; depth: number }): void {
  const { AbstractList: lines, MsgList: messages } = content;
  addText(found, content, 'Title');
  addText(found, content, 'CompatibleText');
  if (Array.isArray(lines)) for (const index of lines.keys()) addText(found, lines, String(index));
  for (const one of Array.isArray(messages) ? messages : []) {
    const body = isHolder(one) ? one['MsgBody'] : undefined;
    for (const element of Array.isArray(body) ? body : []) addElement(found, element, { keys, depth: depth + 1 });
  }
}

function addElement(found: Found, element: unknown, at: { keys: ReadonlySet<string>; depth: number }): void {
  if (!isHolder(element) || at.depth > MAX_DEPTH) return;
  const { MsgContent: content, MsgType: type } = element;
  if (!isHolder(content) || typeof type !== 'string') return;
  const name = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
  if (type === 'TIMRelayElem') addRelay(found, content, at);
  else if (name === undefined) addNamed(found, content, at.keys);
  else addText(found, content, name);
}

/** Lines stay, as they do between the texts of a message. */
function starred(text: string): string {
  return text.replace(/[^\n]/gu, '*');
}

/** Sorted, and none inside another. */
function inOrder(ranges: readonly Range[]): Range[] {
  const found: Range[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (!last || start >= last.end) found.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return found;
}

/** A text with the ranges of the whole message that fall into it masked; `offset`: its beginning in the message. */
function maskPart(text: string, offset: number, ranges: readonly Range[]): string {
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
export function maskText(text: string, ranges: readonly Range[]): string {
  return maskPart(text, 0, inOrder(ranges));
}

function maskParts(parts: readonly Part[], ranges: readonly Range[]): void {
  const ordered = inOrder(ranges);
  let offset = 0;
  let next = 0;
  for (const { text, replace } of parts) {
    const end = offset + text.length;
    const first = next;
    while ((ordered[next]?.end ?? Number.POSITIVE_INFINITY) <= end) next += 1;
    // The one behind them may begin in this part.
    const masked = maskPart(text, offset, ordered.slice(first, next + 1));
    if (masked !== text) replace(masked);
    offset = end + SEPARATOR.length;
  }
}

/**
 * `customKeys`: names of texts in the JSON of custom elements and of CloudCustomData, or of fields of the element such as Desc.
 * The message is copied before it is changed.
 */
export function readMessage({ MsgBody, CloudCustomData }: Fields, customKeys: readonly string[]): ImMessage {
  const elements: unknown[] = Array.isArray(MsgBody) ? MsgBody : [];
  const keys = new Set(customKeys.map((key) => key.toLowerCase()));
  const textsIn = (body: readonly unknown[], custom: Holder): Found => {
    const found: Found = { parts: [], writeBacks: [] };
    for (const element of body) addElement(found, element, { keys, depth: 0 });
    addNamed(found, custom, keys);
    return found;
  };
  return {
    text: textsIn(elements, { CloudCustomData })
      .parts.map(({ text }) => text)
      .join(SEPARATOR),
    masked(ranges) {
      const copy = structuredClone(elements);
      const custom = { CloudCustomData };
      const { parts, writeBacks } = textsIn(copy, custom);
      maskParts(parts, ranges);
      for (const writeBack of writeBacks) writeBack();
      return { MsgBody: copy, ...(custom.CloudCustomData !== CloudCustomData && custom) };
    },
  };
}

/** What names a message at IM; the same before and after it has gone out. */
export function messageKey(tenant: string, { MsgId, GroupId, From_Account, Random }: Fields): string {
  const id = textOf(MsgId) || [GroupId, From_Account, Random].map(textOf).join(' ');
  return createHash('sha256').update(`${tenant} ${id}`).digest('base64url');
}
