/** What is asked before a message goes out, and what IM is answered. The answer always comes in time. */
import type { Fields } from '../../base/fields';
import type { Tenant } from '../../config/config';
import type { Callback, CallbackOutcome } from '../callbacks/callback';
import type { Context } from '../context';
import { CODES, type Refused } from './decide';
import type { ChatRoom, TenantReview } from './memory';
import type { ImMessage, MaskedMessage } from './message';
import { isStranger } from './senders';
import { errorInfo } from './texts';

/** IM waits for 2 s; the answer is there within 800 ms, of which the vendor may take 650. */
export const VENDOR_MS = 650;
const MOST_MS = 730;

interface Answer {
  code: number;
  info?: string;
  /** Goes out instead. */
  message?: MaskedMessage;
}

export type Outcome = 'passed' | 'masked' | 'refused' | 'silent' | 'held';

export interface Judgement {
  answer: Answer;
  outcome: Outcome;
}

export interface Asked {
  ctx: Context;
  callback: Callback;
  body: Fields;
  tenant: Tenant;
}

/** One message in a room of ours. */
export interface RoomMessage extends Asked {
  review: TenantReview;
  room: ChatRoom;
  /** 0: not one of our users. */
  user: number;
  userId: string;
  message: ImMessage;
  normal: string;
}

export const PASS: Judgement = { answer: { code: CODES.passed }, outcome: 'passed' };
export const SILENT: Judgement = { answer: { code: CODES.silent }, outcome: 'silent' };

export function refuse({ review }: Pick<RoomMessage, 'review'>, { code, seconds }: Refused): Judgement {
  return { answer: { code, info: errorInfo(code, review.settings.language, seconds) }, outcome: 'refused' };
}

/** The tenant's choice for texts that cannot be reviewed. */
export function atFault({ ctx, tenant }: Pick<Asked, 'ctx' | 'tenant'>): Judgement {
  const settings = ctx.services.review.memory.lastSettings(tenant.id);
  if (settings.onFault === 'pass') return PASS;
  const code = CODES.unavailable;
  return { answer: { code, info: errorInfo(code, settings.language) }, outcome: 'refused' };
}

/** Sanctions of a stranger are not known, so the tenant's choice decides; undefined: judged as a viewer. */
export function refusedStranger(of: Asked & { user: number; review: TenantReview }): Judgement | undefined {
  const { enabled, onFault } = of.review.settings;
  return isStranger(of) && enabled && onFault === 'refuse' ? atFault(of) : undefined;
}

/** The result of `work`, or that of a fault if it takes too long or fails. */
export function inTime(of: Asked, work: Promise<Judgement>): Promise<Judgement> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(atFault(of)), MOST_MS);
    work
      .catch(() => atFault(of))
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

export function answered({ code, info = '', message }: Answer): CallbackOutcome & { result: 'answered' } {
  return {
    result: 'answered',
    answer: { ActionStatus: 'OK', ErrorInfo: info, ErrorCode: code, ...message },
  };
}
