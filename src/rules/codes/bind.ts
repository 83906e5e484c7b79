/**
 * Parts of auth_users/user_update that need more than a session: binding a phone number or a mail address with a code, and
 * a new salt after a sign-in by code, which is how a lost password is replaced.
 */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { findUser } from '../../data/accounts/accounts';
import { changeSalt } from '../../data/accounts/credentials';
import { beginningOf, endOtherSessions } from '../../data/accounts/sessions';
import { claimAddress, ownerOfAddress, releaseAddress, writeOwnAddress } from '../../data/codes/contacts';
import { inheritSanctions } from '../../data/sanctions/sanctions';
import { type CallerContext, tokenInvalid } from '../context';
import { banRefusal } from '../sanctions/refuse';
import { checkCode, digitsOf } from './check';
import { type Address, addressOf } from './contact';
import { notifyMailAddress } from './notify';

type Update = Pick<InputOf<'userUpdate'>, 'phone' | 'email' | 'sessionId' | 'code'>;

const TAKEN: Readonly<Record<Address['kind'], string>> = {
  phone: 'this phone number belongs to another account',
  email: 'this mail address belongs to another account',
};

/** SALT_RESET_SECONDS=0 forbids new salts, not addresses. */
const BIND_SECONDS = 600;

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
  const seconds = ctx.services.config.codes.saltResetSeconds || (options.orSignature ? BIND_SECONDS : 0);
  return at > 0 && at + seconds * 1000 > ctx.now;
}

/**
 * A bound address signs in and later replaces the salt, which is more than a token may do: only a caller who has just proved to
 * be the owner binds one, the first of an account as well as a replacement.
 */
async function checkMayBind(ctx: CallerContext, address: Address): Promise<void> {
  const { tenant, id } = ctx.caller;
  if ((await ownerOfAddress(ctx.db, tenant.id, address.text)) === id) return;
  if (await isFreshlyProved(ctx, { orSignature: true })) return;
  throw new ApiError('SystemVerifyError', 'sign in again first, then bind the phone number or mail address');
}

/**
 * Binds the address to the caller. It must not belong to another account; its owner deletes that account first. The sanctions of
 * a deleted account that had the address apply to the caller.
 */
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
  await checkMayBind(ctx, address);
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
    const { personHashes: hashes } = ctx.services.secrets;
    if (await inheritSanctions(tx, { tenant, id: user.id, now, contact: address.text, hashes })) {
      // The answer is that of a sign-in with this address, and nothing is bound.
      const banned = await banRefusal(ctx, { tenant, userId: user.id, now }, tx);
      if (banned) throw banned;
    }
    return user;
  });
  const old = address.kind === 'phone' ? before.phone : before.email;
  if (old !== address.text) await notifyMailAddress(ctx, before, { news: 'bound', by: address });
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
    if (!(await changeSalt(tx, session, { salt: services.secrets.salts.seal(salt, user), now }))) throw tokenInvalid();
    await endOtherSessions(tx, session);
  });
}
