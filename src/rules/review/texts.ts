/** ErrorInfo for the author of a refused message, in the tenant's language. */
import type { ReviewSettings } from '../../contract/review-settings';
import { CODES } from './decide';

const TEXTS: Readonly<Record<number, readonly [zh: string, en: string]>> = {
  [CODES.word]: ['消息含有不允许发送的内容', 'This message has words that are not allowed here'],
  [CODES.limited]: ['当前不能发言', 'You cannot write here at the moment'],
  [CODES.held]: ['消息正在审核，通过后会显示', 'Your message is being reviewed and appears once it is approved'],
  [CODES.sanctioned]: ['你已被禁言', 'You are not allowed to write here'],
  [CODES.repeated]: ['请不要重复发送相同的消息', 'Please do not send the same message again'],
  [CODES.link]: ['本房间不能发送链接', 'Links are not allowed in this room'],
  [CODES.unavailable]: ['消息审核暂不可用，请稍后再试', 'Review is not available, please try again later'],
};

export function errorInfo(code: number, language: ReviewSettings['language'], seconds = 0): string {
  if (code === CODES.slow) {
    return language === 'zh' ? `发言太快，请 ${seconds} 秒后再试` : `Slow mode: please wait ${seconds} s`;
  }
  const [zh, en] = TEXTS[code] ?? ['', ''];
  return language === 'zh' ? zh : en;
}
