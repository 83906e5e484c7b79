/**
 * auth_users/user_verify_by_picture: sends a code. Order: parameters → checks without counting → captcha →
 * counted in one transaction with the code → the vendor. It stays counted if the vendor fails.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { isStopped, prepareLimits, takeHit, takeUse, usedUp } from '../../data/codes/code-limits';
import { type CodeKey, findCode, isFresh, prepareCode, replaceCode } from '../../data/codes/codes';
import { ownerOfAddress, userWithWrittenPhone } from '../../data/codes/contacts';
import { tenantOfCall } from '../accounts/sign-in';
import type { Context } from '../context';
import { type Address, addressOf, spellingsOf } from './contact';
import { checkSender, deliver } from './deliver';
import { allowanceOf } from './human-check';
import { addressKey, codeHash } from './keyed-hashes';
import { type Allowance, blockLimit, othersLimit, sendLimits } from './limits';

interface Wanted {
  tenant: string;
  address: Address;
}

function tooOften(): ApiError {
  return new ApiError('UserQueryLimit', 'too many messages, please try again later');
}

function checkCountry({ services }: Context, { kind, text }: Address): void {
  const { codeCountries } = services.config.codes;
  if (kind === 'email' || codeCountries.some((country) => country === '*' || text.startsWith(country))) return;
  throw new ApiError('SystemVerifyError', 'phone numbers of this country are not served');
}

/** Few of its last codes were used. Operators see it in the log, the metrics and the overview. */
function logStopped({ services }: Context, { tenant }: Wanted): void {
  services.log('code_block_stopped', { tenant });
}

async function hasAccount({ db }: Context, { tenant, address }: Wanted): Promise<boolean> {
  if ((await ownerOfAddress(db, tenant, address.text)) !== undefined) return true;
  return (await userWithWrittenPhone(db, tenant, spellingsOf(address.text))) !== undefined;
}

/** Minimum time between two codes. */
function intervalMs({ services }: Context): number {
  return services.config.codes.codeIntervalSeconds * 1000;
}

function keyOf({ services }: Context, { tenant, address }: Wanted): CodeKey {
  return { tenant, addressKey: addressKey(services, tenant, address) };
}

/** Rejects requests that may not get a code before anything is paid for. */
async function refuseEarly(ctx: Context, wanted: Wanted): Promise<void> {
  const full = await usedUp(ctx.db, sendLimits(ctx, wanted, 'full'), ctx.now);
  const last = await findCode(ctx.db, keyOf(ctx, wanted));
  if (full.size > 0 || (last && isFresh(last, { now: ctx.now, intervalMs: intervalMs(ctx) }))) throw tooOften();
  const block = blockLimit(ctx.services, wanted);
  if (!block || !(await isStopped(ctx.db, block, ctx.now))) return;
  if (await hasAccount(ctx, wanted)) return;
  if ((await usedUp(ctx.db, [othersLimit(block)], ctx.now)).size === 0) return;
  logStopped(ctx, wanted);
  throw tooOften();
}

class NoRoom extends Error {}

/** Counts the code in all its limits and stores it, atomically. */
async function countAndKeep(
  ctx: Context,
  wanted: Wanted,
  allowance: Allowance,
): Promise<{ session: string; digits: string }> {
  const { services, db, now } = ctx;
  const limits = sendLimits(ctx, wanted, allowance);
  const block = blockLimit(services, wanted);
  const key = keyOf(ctx, wanted);
  // Limits without a captcha were not looked at before. A call beyond them must not leave the rows of its number.
  if (allowance === 'reduced' && (await usedUp(db, limits, now)).size > 0) throw tooOften();
  const session = randomBytes(16).toString('base64url');
  const digits = String(randomInt(0, 1_000_000)).padStart(6, '0');
  const hash = codeHash(services, { session, addressKey: key.addressKey, digits });
  await prepareCode(db, key);
  await prepareLimits(db, [...limits.map(({ id }) => id), ...(block ? [block.id] : [])], now);
  const known = block !== undefined && (await hasAccount(ctx, wanted));
  const work = db.transaction(async (tx) => {
    if (!(await replaceCode(tx, { ...key, session, codeHash: hash, now, intervalMs: intervalMs(ctx) })))
      throw new NoRoom();
    if (block && !(await takeUse(tx, block, now))) {
      logStopped(ctx, wanted);
      const others = othersLimit(block);
      if (!known) await prepareLimits(tx, [others.id], now);
      if (!known && !(await takeHit(tx, others, now))) throw new NoRoom();
    }
    for (const limit of limits) if (!(await takeHit(tx, limit, now))) throw new NoRoom();
  });
  await work.catch((error: unknown) => {
    throw error instanceof NoRoom ? tooOften() : error;
  });
  return { session, digits };
}

/** The chat app on Flutter gives up after 6 s (ms). */
const ANSWER_MS = 5_500;

export async function userVerifyByPicture(input: InputOf<'userVerifyByPicture'>, ctx: Context) {
  ctx.budget.limit(ANSWER_MS);
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  const wanted = { tenant: tenant.id, address: addressOf(input) };
  checkCountry(ctx, wanted.address);
  checkSender(ctx, wanted.address);
  await refuseEarly(ctx, wanted);
  const allowance = await allowanceOf(input, ctx);
  const { session, digits } = await countAndKeep(ctx, wanted, allowance);
  await deliver(ctx, wanted.address, digits);
  return { sessionId: session };
}
