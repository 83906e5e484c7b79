/** What went wrong with a call, as a sentence in the page's language, in the service's own words, and what to do about it. */
import { LiveRoomError } from '../../client/src/index';
import { ERROR_CODES } from '../../src/base/errors';
import { ERROR_TEXTS } from '../../src/contract/error-texts';
import { say, type Text } from '../shared/language';
import type { Message } from '../shared/parts';
import { UNREACHABLE } from '../shared/unreachable';
import { type TextName, t } from './texts';

const NOT_AN_ANSWER: Text = [
  'Something else than the service answered: is the address right?',
  '应答不是来自本服务：请检查地址。',
];
const UNKNOWN: Text = ['Something went wrong.', '出现未知错误。'];

/** What a code means after one call and not after others. */
const MEANINGS: Readonly<Record<string, TextName>> = { 'register:98': 'nameTaken', 'signature:98': 'wrongPassword' };

interface Explained {
  text: Text;
  remedy?: Text;
}

const BY_CODE = new Map<number, Explained>(
  Object.entries(ERROR_CODES).map(([name, code]) => {
    // Object.entries forgets that the keys are the table's own.
    const { en, zh, remedy } = ERROR_TEXTS[name as keyof typeof ERROR_CODES];
    return [code, { text: [en, zh], remedy: [remedy.en, remedy.zh] }];
  }),
);
BY_CODE.set(-1, { text: UNREACHABLE });
BY_CODE.set(-2, { text: NOT_AN_ANSWER });

export function toMessage(error: unknown): Message {
  if (!(error instanceof LiveRoomError)) return { good: false, text: () => String(error) };
  const { code, call, message } = error;
  const detail = code > 0 ? message : '';
  const meaning = MEANINGS[`${call}:${code}`];
  if (meaning) return { good: false, text: () => t(meaning), detail };
  const { text, remedy } = BY_CODE.get(code) ?? { text: UNKNOWN };
  return { good: false, text: () => say(text), detail, ...(remedy && { remedy: () => say(remedy) }) };
}
