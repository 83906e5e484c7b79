/** Defines a setting: one environment variable with its type, range, default and texts, as data. */

export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** What every kind of setting may say about itself. */
export interface About extends Words {
  /** The value is never shown. */
  readonly secret?: true;
  /** The setting has no effect unless this other variable is set; a warning says so. */
  readonly needs?: string;
  /** Setting this other variable too is a problem. */
  readonly conflicts?: string;
  /** Concerns the local machine; deploy does not pass it to the functions. */
  readonly local?: true;
  /** The default shown in the documents, if it differs from the fallback. */
  readonly shown?: string;
  /** Names that other programs have for the same thing. */
  readonly mistakenFor?: readonly string[];
}

export interface Setting<T> {
  /** Name of the environment variable. */
  readonly name: string;
  /** Throws SettingError with the rule that is broken. Gets the text, or the parsed value where `json` is set. */
  readonly check: (value: unknown) => T;
  /** The value if the variable is absent or empty. */
  readonly fallback: T;
  /** The variable is JSON. */
  readonly json: boolean;
  /** White space around the text belongs to it. */
  readonly raw: boolean;
  /** The allowed values, for the documents. */
  readonly range: Words;
  /** The default, for the documents. '' = none. */
  readonly shown: string;
  readonly about: About;
}

/** The rule that a value breaks, as "must be …", printed after the name. Never includes the value. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** The values of some settings, by their names in the code. */
export type Values<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export interface Group {
  readonly title: Words;
  readonly note?: Words;
  readonly settings: Readonly<Record<string, Setting<unknown>>>;
}

interface Kind<T> {
  name: string;
  fallback: T;
  check: (value: unknown) => T;
  range: Words;
  about: About;
  json?: true;
  raw?: true;
}

function shownOf(fallback: unknown): string {
  return typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean'
    ? String(fallback)
    : '';
}

/** Any other kind. */
export function setting<T>({ name, fallback, check, range, about, json, raw }: Kind<T>): Setting<T> {
  const shown = about.shown ?? shownOf(fallback);
  return { name, fallback, check, range, about, shown, json: json === true, raw: raw === true };
}

/** `xxx…`: the placeholder in .env.example. */
export function isPlaceholder(value: string): boolean {
  return /^x+$/i.test(value);
}

export interface TextRule extends About {
  /** Pattern for the whole text, and the message if it does not match. */
  readonly pattern?: RegExp;
  readonly rule?: string;
}

const ANY: Words = { en: 'text', zh: '文本' };

/** One line of text; white space around it does not count. */
export function text<D extends string | null>(name: string, fallback: D, about: TextRule): Setting<string | D> {
  const { pattern = /^[^\0\r\n]*$/, rule = 'must be one line of text' } = about;
  const check = (value: unknown) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new SettingError(rule);
  };
  return setting<string | D>({ name, fallback, check, range: ANY, about });
}

/** A secret of at least `min` characters. With `raw`, surrounding white space is part of it. */
export function secret<D extends string | null>(
  name: string,
  fallback: D,
  about: About & { min?: number; raw?: true },
): Setting<string | D> {
  const { min = 0, raw } = about;
  const check = (value: unknown) => {
    if (typeof value === 'string' && value.length >= min && (min === 0 || !isPlaceholder(value))) return value;
    throw new SettingError(min > 0 ? `must be at least ${min} random characters` : 'must be text');
  };
  const range = min > 0 ? { en: `${min} characters or more`, zh: `至少 ${min} 个字符` } : ANY;
  return setting<string | D>({ name, fallback, check, range, about: { ...about, secret: true }, ...(raw && { raw }) });
}

/** A whole number. */
export function integer<D extends number | null>(
  name: string,
  fallback: D,
  about: About & { min: number; max: number },
): Setting<number | D> {
  const { min, max } = about;
  const check = (value: unknown) => {
    const number = /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new SettingError(`must be a whole number from ${min} to ${max}`);
  };
  const range = { en: `${min} to ${max}`, zh: `${min} 到 ${max}` };
  return setting<number | D>({ name, fallback, check, range, about });
}

const YES = ['true', 'on', '1', 'yes'];
const NO = ['false', 'off', '0', 'no'];

export function flag<D extends boolean | null>(name: string, fallback: D, about: About): Setting<boolean | D> {
  const check = (value: unknown) => {
    const word = String(value).toLowerCase();
    if (YES.includes(word)) return true;
    if (NO.includes(word)) return false;
    throw new SettingError('must be true or false');
  };
  return setting<boolean | D>({ name, fallback, check, range: { en: 'true, false', zh: 'true、false' }, about });
}

/** One of a few words. */
export function choice<W extends string>(name: string, fallback: W, about: About & { of: readonly W[] }): Setting<W> {
  const check = (value: unknown) => {
    const word = about.of.find((one) => one === String(value).toLowerCase());
    if (word !== undefined) return word;
    throw new SettingError(`must be ${about.of.join(' or ')}`);
  };
  const range = { en: about.of.join(', '), zh: about.of.join('、') };
  return setting<W>({ name, fallback, check, range, about });
}

/** Words between commas. */
export function list(
  name: string,
  fallback: readonly string[],
  about: About & { pattern: RegExp; rule: string },
): Setting<readonly string[]> {
  const check = (value: unknown) => {
    const words = String(value)
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    if (words.length > 0 && words.every((word) => about.pattern.test(word))) return words;
    throw new SettingError(about.rule);
  };
  const range = { en: 'words between commas', zh: '以逗号分隔' };
  return setting({ name, fallback, check, range, about: { shown: fallback.join(','), ...about } });
}

function checkUrl(value: unknown): URL | null {
  const given = String(value);
  if (given.toLowerCase() === 'off') return null;
  try {
    const url = new URL(given.includes('://') ? given : `https://${given}`);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  } catch {}
  throw new SettingError('must be a URL, or off');
}

/** The address of a service; https if no scheme is given. `off` is null. */
export function endpoint(name: string, fallback: string, about: About): Setting<URL | null> {
  const range = { en: 'URL, or off', zh: 'URL，或 off' };
  return setting({ name, fallback: checkUrl(fallback), check: checkUrl, range, about: { shown: fallback, ...about } });
}

/** JSON of a shape that `check` knows. */
export function json<T>(name: string, fallback: T, about: About & { check: (value: unknown) => T }): Setting<T> {
  return setting({ name, fallback, check: about.check, range: { en: 'JSON', zh: 'JSON' }, about, json: true });
}
