/** auth_users/user_login_code: signs in with a code, and creates the account at the first sign-in. */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import type { InputOf } from '../../contract';
import { createUser, findUser, type User } from '../../data/accounts/accounts';
import { createSession } from '../../data/accounts/sign-ins';
import { boundAddress, claimAddress, userWithWrittenPhone, writeAddress } from '../../data/codes/contacts';
import type { Executor } from '../../data/engine/database';
import { inheritSanctions } from '../../data/sanctions/sanctions';
import { capSessions, signInData, tenantOfCall } from '../accounts/sign-in';
import { TOKEN_MS } from '../accounts/tokens';
import type { Context } from '../context';
import { banRefusal } from '../sanctions/refuse';
import { tellOfUser } from '../webhooks/users';
import { checkCode, digitsOf } from './check';
import { type Address, addressOf, spellingsOf } from './contact';
import { notifyMailAddress } from './notify';

/** Attempts if concurrent requests take the same address. */
const TRIES = 5;

/** Cannot be registered, and cannot be used to sign in. */
function unusedName(): string {
  return `code-${randomBytes(16).toString('base64url')}`;
}

async function newUser(
  tx: Executor,
  ctx: Context,
  wanted: { tenant: string; address: Address; now: number },
): Promise<User> {
  const { tenant, address, now } = wanted;
  const { personHashes: hashes } = ctx.services.secrets;
  const named = ctx.services.userIds.isNamed(tenant);
  const user = await createUser(tx, { tenant, username: unusedName(), salt: null, now, hashes, named });
  await inheritSanctions(tx, { tenant, id: user.id, now, contact: address.text, hashes });
  await tellOfUser(tx, ctx.services, { type: 'user.created', tenant, userId: ctx.services.userIds.from(tenant, user) });
  return user;
}

/** An address that was bound to an account later must have been bound for this long before it proves who the owner is. */
const OLD_MS = 7 * 86_400_000;

interface Account {
  user: User;
  /** The address made the account, was written by an operator, or has been bound for OLD_MS. */
  isOld: boolean;
}

/** The account that has the address, or the new one. Throws 'duplicate' if a concurrent request was faster: try again. */
async function accountOf(tx: Executor, ctx: Context, wanted: { tenant: Tenant; address: Address }): Promise<Account> {
  const { address } = wanted;
  const tenant = wanted.tenant.id;
  const bound = await boundAddress(tx, tenant, address.text);
  const owned = bound && (await findUser(tx, tenant, bound.user_id));
  if (owned) {
    const { verified_at: since } = bound;
    return { user: owned, isOld: since <= owned.created_at || since + OLD_MS <= ctx.now };
  }
  const written =
    address.kind === 'phone' ? await userWithWrittenPhone(tx, tenant, spellingsOf(address.text)) : undefined;
  const known = written === undefined ? undefined : await findUser(tx, tenant, written);
  const { now } = ctx;
  const user = known ?? (await newUser(tx, ctx, { tenant, address, now }));
  if (!(await claimAddress(tx, { tenant, address: address.text, userId: user.id, now }))) {
    throw new DatabaseError('duplicate', 'ADDRESS_TAKEN');
  }
  await writeAddress(tx, user.id, { column: address.kind, address: address.text, now });
  return { user: { ...user, [address.kind]: address.text }, isOld: true };
}

export async function userLoginCode(input: InputOf<'userLoginCode'>, ctx: Context) {
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  const address = addressOf(input);
  const attempt = { tenant: tenant.id, address, session: input.sessionId, digits: digitsOf(input.code) };
  const code = await checkCode(ctx, attempt);
  const { now } = ctx;
  const enter = () =>
    ctx.db.transaction(async (tx) => {
      await code.use(tx);
      const { user, isOld } = await accountOf(tx, ctx, { tenant, address });
      // A code to a young address opens a session and proves nothing else.
      const codeAt = isOld ? now : -now;
      const times = { now, expiresAt: now + TOKEN_MS, codeAt, address: ctx.clientAddress ?? '' };
      const session = await createSession(tx, { userId: user.id, salt: user.salt, ...times });
      if (!session) {
        const who = { tenant: tenant.id, userId: user.id, now };
        throw (await banRefusal(ctx, who, tx)) ?? new DatabaseError('duplicate', 'ACCOUNT_CHANGED');
      }
      return { id: session.id, user, isOld };
    });
  for (let tries = 1; ; tries += 1) {
    const entered = await enter().catch((error: unknown) => {
      if (error instanceof DatabaseError && error.kind === 'duplicate' && tries < TRIES) return undefined;
      throw error;
    });
    if (entered) {
      const { id, user, isOld } = entered;
      await capSessions(ctx, { id, userId: user.id }, isOld ? 'proved' : 'young');
      if (!isOld) await notifyMailAddress(ctx, user, { news: 'signed_in', by: address });
      return signInData(ctx, tenant, entered);
    }
  }
}
