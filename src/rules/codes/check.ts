/**
 * Checks a code. Order: limits (209) → session and address (200) → used, or tried too often (202) → age (201) → compare
 * (200; on the last try 202). Every attempt is counted before the comparison, so concurrent attempts count like attempts in a row.
 */
import { ApiError } from '../../base/errors';
import { sameText } from '../../base/same-text';
import { giveHitsBack, type Limit, markUse, prepareLimits, takeHit, usedUp } from '../../data/codes/code-limits';
import { consumeCode, findCode, takeTry } from '../../data/codes/codes';
import type { Executor } from '../../data/engine/database';
import type { Context } from '../context';
import type { Address } from './contact';
import { addressKey, codeHash } from './keyed-hashes';
import { blockLimit, failureLimits } from './limits';

// RTCube reads these texts: "expired" makes it ask for a new code, "verification code" for another try. No other answer
// to a sign-in by code may have either in it, or 验证码.
const WRONG = () => new ApiError('UserCodeInvalid', 'wrong verification code');
const TOO_OLD = () => new ApiError('UserCodeExpired', 'the verification code has expired');
const USED_UP = () => new ApiError('UserCodeConsumed', 'it has expired: it was used, or tried too often');

export interface Attempt {
  tenant: string;
  address: Address;
  session: string;
  digits: string;
}

/** Restores the leading zeros if a client sent the code as a number. */
export function digitsOf(code: string): string {
  return code.trim().padStart(6, '0');
}

/** A matching code. `use` consumes it in the transaction of the change. */
export interface RightCode {
  use(tx: Executor): Promise<void>;
}

/** Counts an attempt in these limits, and adds each counted one to `taken`. False if one of them is reached. */
async function countAttempt(ctx: Context, limits: readonly Limit[], taken: string[]): Promise<boolean> {
  for (const limit of limits) {
    let counted = await takeHit(ctx.db, limit, ctx.now);
    if (!counted) {
      await prepareLimits(ctx.db, [limit.id], ctx.now);
      counted = await takeHit(ctx.db, limit, ctx.now);
    }
    if (!counted) return false;
    taken.push(limit.id);
  }
  return true;
}

function tooMany(): ApiError {
  return new ApiError('UserQueryLimit', 'too many attempts, please try again in an hour');
}

/**
 * Throws 200, 201, 202 or 209. A right code is not used up yet. If others have failed too often, a client without failures gets
 * one try: with the newest code, if it has not been tried.
 */
export async function checkCode(ctx: Context, attempt: Attempt): Promise<RightCode> {
  const { services, db, now } = ctx;
  const { session, tenant } = attempt;
  const { codeSeconds, codeTries } = services.config.codes;
  const key = { tenant, addressKey: addressKey(services, tenant, attempt.address) };
  const failures = failureLimits(ctx, attempt);
  const taken: string[] = [];
  const untried = await findCode(db, key);
  const hasNotFailed = untried?.tries === 0 && sameText(untried.session, session);
  const full = (await usedUp(db, [...failures.client, ...failures.address], now)).size > 0;
  const within = !full && (await countAttempt(ctx, failures.client, taken));
  if (!within && !hasNotFailed) throw tooMany();
  const most = within ? codeTries : 1;
  const counted = await takeTry(db, { ...key, session, most, sentAfter: now - codeSeconds * 1000 });
  const code = await findCode(db, key);
  if (!code || !sameText(code.session, session)) throw WRONG();
  if (!counted && !within && code.used_at === 0 && code.tries > 0) throw tooMany();
  if (!counted) throw code.used_at > 0 || code.tries >= codeTries ? USED_UP() : TOO_OLD();
  if (!(await countAttempt(ctx, failures.address, taken)) && code.tries > 1) throw tooMany();
  const right = sameText(
    code.code_hash,
    codeHash(services, { session, addressKey: key.addressKey, digits: attempt.digits }),
  );
  if (!right) throw code.tries >= codeTries ? USED_UP() : WRONG();
  return {
    async use(tx) {
      if (!(await consumeCode(tx, { ...key, session }, now))) throw USED_UP();
      await giveHitsBack(tx, taken);
      const block = blockLimit(services, attempt);
      if (block) await markUse(tx, block.id);
    },
  };
}
