/**
 * The texts inside of a message of IM (MsgBody and CloudCustomData), and the message with some of them replaced. Messages come from any
 * client: a part that is not understood is left as it is, and JSON is looked through to a bounded depth.
 */
import { createHash } from 'node:crypto';
import type { Fields } from '../../base/fields';
import { textOf } from '../callbacks/callback';

/** Limits of depth and number of values when JSON is searched: a chat message has less. */
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
  /** The message with each character in a range of `text` replaced by *, as IM takes it; CloudCustomData only if it changes. */
  masked(ranges: readonly { start: number; end: number }[]): MaskedMessage;
}

export interface MaskedMessage {
  MsgBody: unknown[];
  CloudCustomData?: unknown;
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

/** JSON inside of a text; undefined if it is none. Only objects and lists hold further texts. */
function parsedIn(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Place {
  holder: object;
  depth: number;
  /** Under one of the keys: lists of texts belong to their key. */
  named: boolean;
  /** Writes the holder back into the text that it was read from. */
  changed: () => void;
}

/** The texts under the given keys, in any depth and also in JSON inside of texts. Keys are compared without case. */
function namedParts(content: Holder, keys: ReadonlySet<string>): Part[] {
  if (keys.size === 0) return [];
  const found: Part[] = [];
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
      else if (typeof inner === 'string' && inner !== '' && isNamed) found.push({ text: inner, replace: write });
      else if (typeof inner === 'string') {
        const parsed = parsedIn(inner);
        if (parsed) walk({ ...below, holder: parsed, changed: () => write(JSON.stringify(parsed)) });
      }
    }
  };
  walk({ holder: content, depth: 0, named: false, changed: () => {} });
  return found;
}

/** Names of the texts that people read, by kind of element. */
const TEXTS: Readonly<Record<string, string>> = {
  TIMTextElem: 'Text',
  TIMLocationElem: 'Desc',
  TIMFileElem: 'FileName',
};

/** A message that forwards others: its title, the lines that stand for them, and the messages themselves. */
function relayParts(content: Holder, keys: ReadonlySet<string>, depth: number): Part[] {
  const { AbstractList: lines, MsgList: messages } = content;
  const listed = Array.isArray(lines) ? lines.flatMap((_line, index) => partOf(lines as never, String(index))) : [];
  const inner = (Array.isArray(messages) ? messages : []).flatMap((one) => {
    const body = isHolder(one) ? one['MsgBody'] : undefined;
    return Array.isArray(body) ? body.flatMap((element) => partsOf(element, keys, depth + 1)) : [];
  });
  return [...partOf(content, 'Title'), ...partOf(content, 'CompatibleText'), ...listed, ...inner];
}

function partsOf(element: unknown, keys: ReadonlySet<string>, depth = 0): Part[] {
  if (!isHolder(element) || depth > MAX_DEPTH) return [];
  const content = element['MsgContent'];
  const type = element['MsgType'];
  if (!isHolder(content) || typeof type !== 'string') return [];
  if (type === 'TIMRelayElem') return relayParts(content, keys, depth);
  const name = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
  return name === undefined ? namedParts(content, keys) : partOf(content, name);
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

/**
 * `customKeys`: names of texts in the JSON of custom elements and of CloudCustomData, or of fields of the element such as Desc.
 * The message is copied before it is changed.
 */
export function readMessage({ MsgBody, CloudCustomData }: Fields, customKeys: readonly string[]): ImMessage {
  const elements: unknown[] = Array.isArray(MsgBody) ? MsgBody : [];
  const keys = new Set(customKeys.map((key) => key.toLowerCase()));
  const partsIn = (message: { elements: readonly unknown[]; custom: Holder }) => [
    ...message.elements.flatMap((element) => partsOf(element, keys)),
    ...namedParts(message.custom, keys),
  ];
  return {
    text: partsIn({ elements, custom: { CloudCustomData } })
      .map(({ text }) => text)
      .join(SEPARATOR),
    masked(ranges) {
      const copy = { elements: structuredClone(elements), custom: { CloudCustomData } };
      const ordered = [...ranges].sort((a, b) => a.start - b.start);
      let offset = 0;
      for (const part of partsIn(copy)) {
        const masked = maskPart(part.text, offset, ordered);
        if (masked !== part.text) part.replace(masked);
        offset += part.text.length + SEPARATOR.length;
      }
      const { custom } = copy;
      return { MsgBody: copy.elements, ...(custom.CloudCustomData !== CloudCustomData && custom) };
    },
  };
}

/** What names a message at IM; the same before and after it has gone out. */
export function messageKey(tenant: string, { MsgId, GroupId, From_Account, Random }: Fields): string {
  const id = textOf(MsgId) || [GroupId, From_Account, Random].map(textOf).join(' ');
  return createHash('sha256').update(`${tenant} ${id}`).digest('base64url');
}
