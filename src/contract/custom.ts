/** `custom`: a JSON object of a team's own service on users and rooms. Stored as text, '' if there is none. */
import * as v from 'valibot';
import type { Field } from './fields';

/** UTF-8 bytes of the JSON. */
const MAX_BYTES = 1_024;
const RULE = `must be a JSON object of at most ${MAX_BYTES} bytes`;

export const CUSTOM_DATA = v.record(v.string(), v.unknown());

type Custom = Readonly<Record<string, unknown>>;

const isCustom = (given: unknown): given is Custom =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const object = v.custom<Custom>(isCustom, RULE);
const parsed = v.pipe(
  v.string(RULE),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Custom => {
    try {
      const given: unknown = JSON.parse(value);
      if (isCustom(given)) return given;
    } catch {}
    addIssue({ message: RULE });
    return NEVER;
  }),
);

const isText = (text: string) => text.isWellFormed() && !text.includes('\0');

/**
 * The JSON of `given`; undefined if it would come back as another value (half characters, numbers beyond all numbers, too many
 * levels), or has a NUL.
 */
function toJson(given: Custom): string | undefined {
  let exact = true;
  const isExact = (value: unknown) =>
    typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'string' || isText(value);
  try {
    const json = JSON.stringify(given, (name, value: unknown) => {
      exact &&= isText(name) && isExact(value);
      return value;
    });
    return exact ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The stored form; `{}` removes it. */
const stored = v.pipe(
  v.union([parsed, object], RULE),
  v.transform((given) => (Object.keys(given).length === 0 ? '' : toJson(given))),
  v.string(RULE),
  v.check((text) => new TextEncoder().encode(text).length <= MAX_BYTES, RULE),
);

/** A JSON object, or its text where parameters are texts. */
export const CUSTOM: Field<string, false> = {
  schema: stored,
  required: false,
  allowEmpty: false,
  docs: {
    type: 'object',
    en: 'Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true.',
    zh: '自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。',
  },
};

/** The form of answers: absent if there is none. */
export function customOf({ custom }: { custom: string | null }): { custom?: Record<string, unknown> } {
  return custom === null || custom === '' ? {} : { custom: JSON.parse(custom) };
}
