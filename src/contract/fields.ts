/**
 * The building blocks of a request: the allowed form of each parameter, for the validator and for the documents.
 * Parameters come from queries, forms and JSON, so a number may arrive as text and an id as a number.
 */
import * as v from 'valibot';

export interface FieldDocs {
  type: 'string' | 'integer' | 'string[]' | 'boolean' | 'object';
  en: string;
  zh: string;
  example?: string | number | readonly string[];
  /** Its name in error texts, if that differs. */
  label?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  /** The words that mean something. Others are refused where `closed`, else taken as they are. */
  words?: readonly string[];
  closed?: true;
}

export interface Field<T = unknown, R extends boolean = boolean> {
  schema: v.GenericSchema<unknown, T>;
  required: R;
  /** An empty text is a value ("clear it"), not an absent parameter. */
  allowEmpty: boolean;
  docs: FieldDocs;
}

export type Fields = Readonly<Record<string, Field>>;
export type FieldsInput<F extends Fields> = {
  [K in keyof F as F[K] extends Field<unknown, true> ? K : never]: FieldValue<F[K]>;
} & {
  [K in keyof F as F[K] extends Field<unknown, true> ? never : K]?: FieldValue<F[K]>;
};
type FieldValue<F> = F extends Field<infer T> ? T : never;

/** Whether a value that comes from elsewhere than a parameter would be a valid one. */
export function isValid({ schema }: Field, value: unknown): boolean {
  return v.safeParse(schema, value).success;
}

/**
 * Unicode text that every database and client can store: no control characters, no half characters; in a line nothing
 * that breaks the line or turns its direction around (the joiners of emoji and of Persian stay).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this rejects control characters
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same, but line breaks and tabs are welcome
const CONTROL_MULTILINE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** A decoder writes U+FFFD for bytes that are not UTF-8; no keyboard types it. */
function wellFormed(text: string, multiline: boolean): boolean {
  return !(multiline ? CONTROL_MULTILINE : CONTROL).test(text) && !text.includes('\ufffd') && text.isWellFormed();
}

/** Length in characters as MySQL counts them: code points. */
function length(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const stringOrNumber = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.safeInteger('must be text'))], 'must be text'),
  v.transform(String),
);

interface TextOptions {
  max: number;
  min?: number;
  multiline?: boolean;
  pattern?: RegExp;
  patternText?: string;
  numbers?: boolean;
  allowEmpty?: boolean;
  label?: string;
}

type Describe = Pick<FieldDocs, 'en' | 'zh'> & Partial<Pick<FieldDocs, 'example' | 'words'>>;

function textSchema(options: TextOptions): v.GenericSchema<unknown, string> {
  const { max, min = 0, multiline = false, pattern, patternText = 'has the wrong form' } = options;
  const checks = [
    // No character has more than two units.
    v.check<string, string>(
      (text) => text.length <= max || (text.length <= max * 2 && length(text) <= max),
      `must be at most ${max} characters`,
    ),
    ...(min > 0 ? [v.check<string, string>((text) => length(text) >= min, `must be at least ${min} characters`)] : []),
    v.check<string, string>((text) => wellFormed(text, multiline), 'contains characters that are not allowed'),
    ...(pattern ? [v.check<string, string>((text) => text === '' || pattern.test(text), patternText)] : []),
  ];
  return v.pipe(options.numbers ? stringOrNumber : v.string('must be text'), ...checks);
}

/** Optional text of at most `max` characters (code points). */
export function text(options: TextOptions, docs: Describe): Field<string, false> {
  const pattern = options.pattern ? { pattern: options.pattern.source } : {};
  return {
    schema: textSchema(options),
    required: false,
    allowEmpty: options.allowEmpty ?? false,
    docs: {
      type: 'string',
      maxLength: options.max,
      ...pattern,
      ...(options.label && { label: options.label }),
      ...docs,
    },
  };
}

/** Optional address of a picture. Apps send names of built-in pictures too, so only other schemes than http are refused. */
export function pictureAddress(options: Pick<TextOptions, 'max' | 'allowEmpty'>, docs: Describe): Field<string, false> {
  const pattern = /^(?!\s*(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:)/i;
  return text({ ...options, pattern, patternText: 'must be the address of a picture, http or https' }, docs);
}

/** Optional whole number, as a number or as decimal text. */
export function integer(range: { min: number; max: number }, docs: Describe): Field<number, false> {
  const message = `must be a whole number from ${range.min} to ${range.max}`;
  const schema = v.pipe(
    v.union([v.string(), v.number()], message),
    v.check((value) => /^\d{1,15}$/.test(String(value)), message),
    v.transform(Number),
    v.minValue(range.min, message),
    v.maxValue(range.max, message),
  );
  return {
    schema,
    required: false,
    allowEmpty: false,
    docs: { type: 'integer', minimum: range.min, maximum: range.max, ...docs },
  };
}

function partsOf(value: string | number | readonly (string | number)[]): string[] {
  return (typeof value === 'object' ? value : [value]).map(String);
}

/** Optional list of texts: a JSON list, a repeated parameter, or one text with commas. Empty parts are dropped. */
export function textList(options: TextOptions & { maxEntries: number }, docs: Describe): Field<string[], false> {
  const message = 'must be a list of texts';
  const tooMany = `must be at most ${options.maxEntries} entries`;
  const entry = textSchema(options);
  // Before anything is split: each entry, its comma and a blank.
  const longest = options.maxEntries * (options.max + 2);
  const schema = v.pipe(
    v.union(
      [v.string(), v.number(), v.array(v.union([v.string(), v.pipe(v.number(), v.safeInteger(message))], message))],
      message,
    ),
    v.check(
      (value) => partsOf(value).length <= options.maxEntries && partsOf(value).join(' ').length <= longest,
      tooMany,
    ),
    v.transform((value) =>
      partsOf(value)
        .flatMap((part) => part.split(','))
        .map((part) => part.trim()),
    ),
    v.transform((parts) => [...new Set(parts.filter((part) => part !== ''))]),
    v.maxLength(options.maxEntries, tooMany),
    v.check((parts) => parts.every((part) => v.is(entry, part)), options.patternText ?? message),
  );
  return { schema, required: false, allowEmpty: false, docs: { type: 'string[]', ...docs } };
}

/** `YYYY-MM-DD HH:mm:ss` in UTC, or ISO 8601 in UTC, as milliseconds since 1970. */
export function utcTime(docs: Describe): Field<number, false> {
  const message = 'must be a UTC time like 2021-09-12 16:00:00';
  const schema = v.pipe(
    v.string(message),
    v.regex(/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z?$/, message),
    v.transform((value) => {
      const time = Date.parse(`${value.slice(0, 10)}T${value.slice(11).replace(/Z$/, '')}Z`);
      // JavaScript takes the 30th of February for the 2nd of March.
      return Number.isFinite(time) && formatUtc(time).startsWith(value.slice(0, 10)) ? time : Number.NaN;
    }),
    v.check((time) => Number.isFinite(time), message),
  );
  return { schema, required: false, allowEmpty: false, docs: { type: 'string', ...docs } };
}

/** The same field, which must be there and not be empty. */
export function required<T>(field: Field<T>): Field<T, true> {
  return { ...field, required: true };
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

let lastDay = Number.NaN;
let lastDate = '';

/** Milliseconds since 1970 → `YYYY-MM-DD HH:mm:ss` in UTC, the form of every time in an answer. */
export function formatUtc(milliseconds: number): string {
  const day = Math.floor(milliseconds / DAY_MS);
  // Almost every time in an answer is of the same day as the previous one, and creating a Date is most of the work.
  if (day !== lastDay) {
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, 10);
    lastDay = day;
  }
  const seconds = Math.floor((milliseconds - day * DAY_MS) / 1000);
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${lastDate} ${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[seconds % 60]}`;
}
