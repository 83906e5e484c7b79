/** IM's question before a message is delivered, and our answer: a code, a text for the author, and always in time. */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import type { ReviewSettings } from '../../contract/review-settings';
import type { Callback, CallbackOutcome } from '../callbacks/callback';
import type { Context } from '../context';
import type { ImMessage, MaskedMessage } from './message';
import type { ChatRoom, TenantReview } from './review-cache';

export const CODES = {
  passed: 0,
  silent: 2,
  word: 10100,
  slow: 10101,
  limited: 10102,
  held: 10103,
  sanctioned: 10104,
  repeated: 10105,
  link: 10106,
  unavailable: 10110,
} as const;

/** ErrorInfo for the author of a refused message. */
const TEXTS: Readonly<Record<number, readonly [zh: string, en: string]>> = {
  [CODES.word]: ['消息含有不允许发送的内容', 'This message has words that are not allowed here'],
  [CODES.limited]: ['当前不能发言', 'You cannot write here at the moment'],
  [CODES.held]: ['消息正在审核，通过后会显示', 'Your message is being reviewed and appears once it is approved'],
  [CODES.sanctioned]: ['你已被禁言', 'You are not allowed to write here'],
  [CODES.repeated]: ['请不要重复发送相同的消息', 'Please do not send the same message again'],
  [CODES.link]: ['本房间不能发送链接', 'Links are not allowed in this room'],
  [CODES.unavailable]: ['消息审核暂不可用，请稍后再试', 'Review is not available, please try again later'],
};

function textOfCode(code: number, language: ReviewSettings['language'], seconds: number): string {
  if (code === CODES.slow) {
    return language === 'zh' ? `发言太快，请 ${seconds} 秒后再试` : `Slow mode: please wait ${seconds} s`;
  }
  const [zh, en] = TEXTS[code] ?? ['', ''];
  return language === 'zh' ? zh : en;
}

/** IM asks before a message goes out. */
export interface Question {
  ctx: Context;
  callback: Callback;
  body: Fields;
  tenant: Tenant;
}

/** The same in a room of ours. */
export interface RoomMessage extends Question {
  review: TenantReview;
  room: ChatRoom;
  /** 0: not one of our users. */
  user: number;
  userId: string;
  message: ImMessage;
}

/** What becomes of a message. */
export interface Decision {
  outcome: 'passed' | 'masked' | 'refused' | 'silent' | 'held';
  code: number;
  /** The text for the author. */
  info: string;
  /** Goes out instead. */
  message?: MaskedMessage;
}

export const PASS: Decision = { outcome: 'passed', code: CODES.passed, info: '' };
export const SILENT: Decision = { outcome: 'silent', code: CODES.silent, info: '' };

/** `seconds` left in slow mode. */
export function refusal({ language }: ReviewSettings, code: number, seconds = 0): Decision {
  return { outcome: 'refused', code, info: textOfCode(code, language, seconds) };
}

/** A message that cannot be written again, such as JSON of thousands of levels, is refused. */
export function masked(
  settings: ReviewSettings,
  message: ImMessage,
  masks: Parameters<ImMessage['masked']>[0],
): Decision {
  try {
    return { ...PASS, outcome: 'masked', message: message.masked(masks) };
  } catch {
    return refusal(settings, CODES.word);
  }
}

/** The tenant's choice for texts that cannot be reviewed. */
export function atFault({ ctx, tenant }: Question): Decision {
  const settings = ctx.services.review.cache.lastSettings(tenant.id);
  return settings.onFault === 'pass' ? PASS : refusal(settings, CODES.unavailable);
}

/** IM waits for 2 s; the answer is there within 800 ms, of which the vendor may take 650. */
export const VENDOR_MS = 650;
const MOST_MS = 730;

/** The result of `work`, or that of a fault if it takes too long or fails. */
export function inTime<T>(question: Question, work: Promise<T>): Promise<T | Decision> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(atFault(question)), MOST_MS);
    work
      .catch(() => atFault(question))
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

export function answerOf({ code, info, message }: Decision): CallbackOutcome & { result: 'answered' } {
  return {
    result: 'answered',
    answer: { ActionStatus: 'OK', ErrorInfo: info, ErrorCode: code, ...message },
  };
}
