/**
 * Parts of auth_users/user_update that need more than a session: binding a phone number or a mail address with a code, and
 * a new salt after a sign-in by code, which is how a lost password is replaced.
 */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { changeSalt, findUser, type User } from '../../data/accounts/accounts';
import { codeAtOf, endOtherSessions } from '../../data/accounts/sessions';
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

/** Best effort: the change stays even if the old address cannot be notified. */
async function tellOldAddress(ctx: CallerContext, before: User, changed: Address): Promise<void> {
  const { codes, log } = ctx.services;
  const replaced = changed.kind === 'phone' ? before.phone : before.email;
  const tell = codes.sender.tellOldAddress;
  if (replaced === '' || replaced === changed.text || before.email === '' || tell === null) return;
  await ctx.budget
    .outside((leftMs) => tell(before.email, leftMs))
    .catch((error: unknown) => {
      if (!(error instanceof DeliveryError)) throw error;
      log('old_address_not_told', { reason: error.reason, code: error.code });
    });
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

/** Needs a session that a code has just created: an old phone or a stolen token cannot take over the account. */
export async function replaceSalt(salt: string, ctx: CallerContext): Promise<void> {
  const { services, caller, now } = ctx;
  const { session, tenant } = caller;
  const windowMs = services.config.codes.saltResetSeconds * 1000;
  const codeAt = await codeAtOf(ctx.db, session);
  if (codeAt === 0 || codeAt + windowMs <= now) {
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
