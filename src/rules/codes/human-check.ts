/** Asks the vendor's captcha whether a person or a robot requests a code. */
import { ApiError } from '../../base/errors';
import { prepareLimits, takeHit } from '../../data/codes/code-limits';
import type { CaptchaVerdict } from '../../vendors/tencent/captcha';
import type { Context } from '../context';
import { type Allowance, captchaLimits } from './limits';

interface Ticket {
  ticket?: string;
  randstr?: string;
  type?: string;
}

/** The tickets that RTCube and the vendor's script make up if the captcha script cannot load. */
const MADE_UP = /^(terror|trerror)_/;

function again(): ApiError {
  return new ApiError('SystemVerifyError', 'please do the human check again');
}

function unavailable(): ApiError {
  return new ApiError('ServiceSmsFailed', 'messages cannot be sent now');
}

/** Each check is paid for, good ticket or bad. */
async function countCheck(ctx: Context): Promise<void> {
  const limits = captchaLimits(ctx);
  await prepareLimits(
    ctx.db,
    limits.map(({ id }) => id),
    ctx.now,
  );
  for (const limit of limits) {
    if (!(await takeHit(ctx.db, limit, ctx.now))) {
      throw new ApiError('UserQueryLimit', 'too many human checks, please try again later');
    }
  }
}

function judge(ctx: Context, { verdict, code }: { verdict: CaptchaVerdict; code: string }): Allowance {
  const { log, config } = ctx.services;
  if (verdict === 'human') return 'full';
  if (verdict === 'again') throw again();
  log('captcha_failed', { verdict, code });
  if (verdict === 'foreign') throw again();
  if (verdict === 'unpaid') throw new ApiError('SystemError', 'the human check is not set up correctly');
  if (config.codes.captchaWhenDown === 'admit') return 'reduced';
  throw unavailable();
}

/** The limits of this request. Throws 98 for a robot, 99 and 102 if the operator has to fix something. */
export async function allowanceOf({ ticket = '', randstr = '', type }: Ticket, ctx: Context): Promise<Allowance> {
  const { config, codes, log } = ctx.services;
  const { captcha, captchaFallbackTickets, codeDelivery } = config.codes;
  // A code that is only logged costs nothing.
  if (captcha === 'off') return codeDelivery === 'log' ? 'full' : 'reduced';
  const mini = type === 'wxmini';
  if (!codes.captcha.ready(mini)) {
    log('captcha_failed', { verdict: 'unset', code: mini ? 'CAPTCHA_MINI_APP_ID' : 'CAPTCHA_APP_ID' });
    throw unavailable();
  }
  if (ticket === '' || (randstr === '' && !mini)) throw again();
  if (MADE_UP.test(ticket)) {
    if (captchaFallbackTickets) return 'reduced';
    throw again();
  }
  await countCheck(ctx);
  const asked = { ticket, randstr, mini, userIp: ctx.clientAddress ?? '' };
  return judge(ctx, await ctx.budget.outside((leftMs) => codes.captcha.check(asked, leftMs / 2)));
}
