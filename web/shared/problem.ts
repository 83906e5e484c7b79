/** What went wrong, as a sentence in the page's language and the service's own words. */
import { ERROR_CODES } from '../../src/base/errors';
import { ERROR_TEXTS } from '../../src/contract/error-texts';
import { say, type Text } from './language';

export interface Problem {
  /** errorCode of the answer, or a negative one where there was none. */
  code: number;
  /** The errorMessage, as it came; empty where it would only repeat the sentence. */
  detail: string;
}

export const UNREACHABLE: Text = [
  'The service does not answer. Is it running, and is this device on line?',
  '无法连接服务：请确认服务正在运行，且网络正常。',
];
const NOT_AN_ANSWER: Text = [
  'Something else than the service answered: is the address right?',
  '应答不是来自本服务：请检查地址。',
];
const UNKNOWN: Text = ['Something went wrong.', '出现未知错误。'];

const BY_CODE = new Map<number, Text>(
  Object.entries(ERROR_CODES).map(([name, code]) => {
    // Object.entries forgets that the keys are the table's own.
    const { en, zh } = ERROR_TEXTS[name as keyof typeof ERROR_CODES];
    return [code, [en, zh]];
  }),
);
BY_CODE.set(-1, UNREACHABLE);
BY_CODE.set(-2, NOT_AN_ANSWER);

export function sentenceOf({ code }: Problem): string {
  return say(BY_CODE.get(code) ?? UNKNOWN);
}
