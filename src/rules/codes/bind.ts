/**
 * Parts of auth_users/user_update that need more than a session: binding a phone number or a mail address with a code, and
 * a new salt after a sign-in by code, which is how a lost password is replaced.
 */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { changeSalt, findUser, type User } from '../../data/accounts/accounts';
import { beginningOf, endOtherSessions } from '../../data/accounts/sessions';
import { claimAddress, ownerOfAddress, releaseAddress, writeOwnAddress } from '../../data/codes/contacts';
import { tokenInvalid } from '../accounts/caller';
import type { CallerContext } from '../context';
import { checkCode, digitsOf } from './check';
import { type Address, addressOf } from './contact';
import { DeliveryError } from './ports';

type Update = Pick<InputOf<'userUpdate'>, 'phone' | 'email' | 'sessionId' | 'code'>;

const TAKEN: Readonly<Record<Address['kind'], string>> = {
  phone: 'this phone number belongs to another account',
  email: 'this mail address belongs to another account',
};

/**
 * Tells the mail address that was there before: a new address can sign in. Best effort: the change stays even if it cannot
 * be told.
 */
async function tellOldAddress(ctx: CallerContext, before: User, changed: Address): Promise<void> {
  const { codes, log } = ctx.services;
  const current = changed.kind === 'phone' ? before.phone : before.email;
  const tell = codes.sender.tellOldAddress;
  if (current === changed.text || before.email === '' || tell === null) return;
  await ctx.budget
    .outside((leftMs) => tell(before.email, leftMs))
    .catch((error: unknown) => {
      if (!(error instanceof DeliveryError)) throw error;
      log('old_address_not_told', { reason: error.reason, code: error.code });
    });
}

/** Time at which this session proved more than a token does: by a code to an old address, or by a signature if `orSignature`. */
async function provedAt(ctx: CallerContext, { orSignature }: { orSignature: boolean }): Promise<number> {
  const beginning = await beginningOf(ctx.db, ctx.caller.session);
  if (!beginning) throw tokenInvalid();
  const { codeAt, createdAt } = beginning;
  return codeAt === 0 && orSignature ? createdAt : Math.max(0, codeAt);
}

/** Whether the session began with such a proof a moment ago. A stolen token cannot begin a session. */
async function isFreshlyProved(ctx: CallerContext, options: { orSignature: boolean }): Promise<boolean> {
  const at = await provedAt(ctx, options);
  return at > 0 && at + ctx.services.config.codes.saltResetSeconds * 1000 > ctx.now;
}

/** Another address takes the place of one that can sign in: only for a caller who has just proved to be the owner. */
async function checkMayReplace(ctx: CallerContext, address: Address): Promise<void> {
  const { tenant, id } = ctx.caller;
  const user = await findUser(ctx.db, tenant.id, id);
  const current = (address.kind === 'phone' ? user?.phone : user?.email) ?? '';
  if (current === '' || current === address.text) return;
  if ((await ownerOfAddress(ctx.db, tenant.id, current)) !== id) return;
  if (await isFreshlyProved(ctx, { orSignature: true })) return;
  throw new ApiError('SystemVerifyError', 'sign in again first, then replace the phone number or mail address');
}

/** Binds the address to the caller. It must not belong to another account; its owner deletes that account first. */
export async function bindAddress(input: Update, ctx: CallerContext): Promise<void> {
  const { sessionId, code } = input;
  const { caller, now } = ctx;
  const tenant = caller.tenant.id;
  const address = addressOf(input);
  if (sessionId === undefined || code === undefined) {
    throw new ApiError(
      'SystemVerifyError',
      'a new phone number or mail address needs the sessionId and number of a message',
    );
  }
  const right = await checkCode(ctx, { tenant, address, session: sessionId, digits: digitsOf(code) });
  await checkMayReplace(ctx, address);
  const before = await ctx.db.transaction(async (tx) => {
    const user = await findUser(tx, tenant, caller.id);
    const written = { column: address.kind, address: address.text, now };
    // First: waits for a concurrent change that ends this session.
    if (!user || !(await writeOwnAddress(tx, caller.session, written))) throw tokenInvalid();
    await right.use(tx);
    if (!(await claimAddress(tx, { tenant, address: address.text, userId: user.id, now }))) {
      throw new ApiError('SystemVerifyError', TAKEN[address.kind]);
    }
    const old = address.kind === 'phone' ? user.phone : user.email;
    const oldIsOwn = old !== '' && old !== address.text && (await ownerOfAddress(tx, tenant, old)) === user.id;
    if (oldIsOwn) await releaseAddress(tx, tenant, old);
    return user;
  });
  await tellOldAddress(ctx, before, address);
}

/** Needs a session that a code to an old address has just created: neither a stolen token nor a phone bound with it is enough. */
export async function replaceSalt(salt: string, ctx: CallerContext): Promise<void> {
  const { services, caller, now } = ctx;
  const { session, tenant } = caller;
  if (!(await isFreshlyProved(ctx, { orSignature: false }))) {
    throw new ApiError('SystemVerifyError', 'sign in by code first, then set the new salt');
  }
  await ctx.db.transaction(async (tx) => {
    const user = await findUser(tx, tenant.id, caller.id);
    // Accounts of a code or of a customer's own backend have no name that a salt could go with.
    if (user?.salt == null) throw new ApiError('SystemVerifyError', 'this account has no user name to sign in with');
    if (!(await changeSalt(tx, session, { salt: services.salts.seal(salt, user), now }))) throw tokenInvalid();
    await endOtherSessions(tx, session);
  });
}
