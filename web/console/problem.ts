/** What went wrong with a call, as a sentence in the page's language, in the service's own words. */
import { LiveRoomError } from '../../client/src/index';
import { ERROR_CODES } from '../../src/base/errors';
import { ERROR_TEXTS } from '../../src/contract/error-texts';
import { say, type Text } from '../shared/language';
import type { Message } from '../shared/parts';
import { base } from '../shared/service';
import { UNREACHABLE } from '../shared/unreachable';
import { type TextName, t } from './texts';

const NOT_AN_ANSWER: Text = [
  'Something else than the service answered: is the address right?',
  '响应不是来自本服务：请检查地址。',
];
const UNKNOWN: Text = ['Something went wrong.', '出现未知错误。'];

/** The meaning of a code after one call and not after others. */
const MEANINGS: Readonly<Record<string, TextName>> = { 'register:98': 'nameTaken', 'signature:98': 'wrongPassword' };

const BY_CODE = new Map<number, Text>(
  Object.entries(ERROR_CODES).map(([name, code]) => {
    // Object.entries forgets that the keys are the table's own.
    const { en, zh } = ERROR_TEXTS[name as keyof typeof ERROR_CODES];
    return [code, [en, zh]];
  }),
);
BY_CODE.set(-1, UNREACHABLE);
BY_CODE.set(-2, NOT_AN_ANSWER);

/** Input that the page refuses before anything is sent. */
export class NotSent extends Error {
  readonly reason: TextName;

  constructor(reason: TextName) {
    super(reason);
    this.reason = reason;
  }
}

export function toMessage(error: unknown): Message {
  if (error instanceof NotSent) return { good: false, text: () => t(error.reason) };
  if (!(error instanceof LiveRoomError)) return { good: false, text: () => String(error) };
  const { code, call, message } = error;
  const meaning = MEANINGS[`${call}:${code}`];
  const text = () => (meaning ? t(meaning) : say(BY_CODE.get(code) ?? UNKNOWN));
  // The documents have the remedy for a code of the API.
  return code > 0 ? { good: false, text, detail: message, more: `${base}docs#error-${code}` } : { good: false, text };
}
