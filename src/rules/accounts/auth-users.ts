/** The rules of /base/v1/auth_users. */

import { ApiError } from '../../base/errors';
import { keysOf } from '../../base/fields';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { formatUtc } from '../../contract/fields';
import { MAX_USERS_AT_ONCE } from '../../contract/limits';
import { deleteUser } from '../../data/accounts/account-deletion';
import { findUser, type Profile, readUsers, updateOwnProfile } from '../../data/accounts/accounts';
import { endSession } from '../../data/accounts/session-ends';
import { type PublicUser, readOwnUser, readUserInSession, type SessionKey } from '../../data/accounts/sessions';
import { renewSession } from '../../data/accounts/sign-ins';
import { ownerOfAddress } from '../../data/codes/contacts';
import type { Executor } from '../../data/engine/database';
import { recordHeartbeat } from '../../data/presence/heartbeats';
import { bindAddress, replaceSalt } from '../codes/bind';
import { parsePhone } from '../codes/contact';
import {
  type Caller,
  type ClaimedContext,
  type Context,
  claimedUserId,
  type RecentCallerContext,
  tokenExpired,
  tokenInvalid,
  type UnprovedCallerContext,
  withSession,
} from '../context';
import { flush } from '../outbox/outbox';
import { beatTimes } from '../presence/presence';
import { isToBeReviewed, queuePicture } from '../review/pictures';
import { reviewed } from '../review/profile-texts';
import { endRoomsOf } from '../rooms/end';
import { whyNoSession } from '../sanctions/refuse';
import { tellOfUser } from '../webhooks/users';
import { enqueueForgetting } from './forget-user';
import { signInData, tenantOfCall } from './sign-in';
import { TOKEN_MS } from './tokens';

function presentUser({ caller, services }: UnprovedCallerContext, user: PublicUser) {
  const userId = services.userIds.from(caller.tenant.id, user);
  return { userId, apaasUserId: userId, name: user.name, avatar: user.avatar };
}

/** A new token of the same session. The old token stays valid: the iOS app continues to use it. */
export async function userLoginToken(_input: InputOf<'userLoginToken'>, ctx: UnprovedCallerContext) {
  const { caller, db, now } = ctx;
  const to = { now, expiresAt: now + TOKEN_MS, tenant: caller.tenant.id, address: ctx.clientAddress ?? '' };
  const [session, user] = await Promise.all([
    renewSession(db, { key: caller.session, ...to }),
    readOwnUser(db, caller.session),
  ]);
  if (!session || !user) throw await whyNoSession(ctx);
  return signInData(ctx, caller.tenant, { id: caller.session.id, user });
}

/** Ends the session of the token even if the rest of the call is wrong; the user's rooms leave the list. */
export async function userLogout(_input: InputOf<'userLogout'>, ctx: ClaimedContext): Promise<undefined> {
  if (ctx.verdict.status === 'invalid') return;
  await endSession(ctx.db, { session: ctx.verdict.caller.session, now: ctx.now });
}

/** Whether the id may have been a user's, and is not now. */
async function isGone({ db, services }: Context, tenant: string, userId: string): Promise<boolean> {
  const id = await services.userIds.numberOf(db, tenant, userId);
  if (id === undefined) return services.userIds.isNamed(tenant) && userId !== '';
  return (await findUser(db, tenant, id)) === undefined;
}

/** Throws if the user still exists. */
async function checkIsGone(ctx: ClaimedContext): Promise<void> {
  const { verdict, claimed } = ctx;
  if (verdict.status === 'invalid') {
    const { apaasAppId } = claimed;
    const tenant = tenantOfCall(ctx.services, typeof apaasAppId === 'string' ? apaasAppId : undefined);
    if (!(await isGone(ctx, tenant.id, claimedUserId(claimed) ?? ''))) throw tokenInvalid();
    return;
  }
  const { caller, status } = verdict;
  if (await findUser(ctx.db, caller.tenant.id, caller.id)) throw status === 'expired' ? tokenExpired() : tokenInvalid();
}

/** Time of the request that ending an account's rooms leaves for the rest (ms). */
const DELETING_RESERVE_MS = 6_000;
/** Outbox items tried immediately when rooms end: IM accepts 200 calls a second in total. */
const CALLS_AT_ONCE = 10;

/** Takes the transaction back. */
class SessionEnded extends Error {}

/** Deletes the account of the session and ends its first rooms; undefined if the session has ended. */
async function deleteAccount(ctx: Context, { session, tenant, id, publicId: userId }: Caller<SessionKey>) {
  const work = async (tx: Executor) => {
    // The user first: a room that is being opened is either open by now and ends here, or its opening finds no user.
    if (!(await deleteUser(tx, session, { now: ctx.now, hashes: ctx.services.secrets.personHashes })))
      throw new SessionEnded();
    await tellOfUser(tx, ctx.services, { type: 'user.deleted', tenant: tenant.id, userId });
    await enqueueForgetting(tx, { tenant: tenant.id, id, userId, now: ctx.now });
    return endRoomsOf(tx, ctx, id);
  };
  return ctx.db.transaction(work).catch((error: unknown) => {
    if (error instanceof SessionEnded) return undefined;
    throw error;
  });
}

export async function userDelete(_input: InputOf<'userDelete'>, ctx: ClaimedContext): Promise<undefined> {
  const { verdict } = ctx;
  const first = verdict.status === 'valid' ? await deleteAccount(ctx, verdict.caller) : undefined;
  if (!first || verdict.status === 'invalid') return checkIsGone(ctx).then(() => undefined);
  // There may be thousands of rooms from before the limit. No list shows them without their owner, so the rest
  // for is left to the scheduled work.
  const { id } = verdict.caller;
  for (let more = first.more; more && ctx.budget.left() > DELETING_RESERVE_MS; ) {
    more = (await ctx.db.transaction((tx) => endRoomsOf(tx, ctx, id))).more;
  }
  await flush(ctx, first.items.slice(0, CALLS_AT_ONCE));
}

/** Fields that need more than the profile row. */
async function updateCredentials(input: InputOf<'userUpdate'>, asked: UnprovedCallerContext): Promise<void> {
  const session = await asked.services.caches.sessions.prove(asked.db, asked.caller.session);
  if (!session) throw tokenInvalid();
  const ctx = withSession(asked, session);
  if (input.phone !== undefined || input.email !== undefined) await bindAddress(input, ctx);
  if (input.salt !== undefined) await replaceSalt(input.salt, ctx);
}

async function storeProfile(ctx: UnprovedCallerContext, profile: Partial<Profile>): Promise<void> {
  const { caller, now } = ctx;
  const store = async (db: Executor) => {
    if (!(await updateOwnProfile(db, caller.session, { ...profile, now }))) throw tokenInvalid();
  };
  const tenant = caller.tenant.id;
  if (!(await isToBeReviewed(ctx, tenant, profile.avatar))) return store(ctx.db);
  await ctx.db.transaction(async (tx) => {
    await store(tx);
    await queuePicture(tx, ctx, { tenant, userId: caller.publicId, roomId: '' });
  });
}

/** Each part asks for the session. */
export async function userUpdate(input: InputOf<'userUpdate'>, ctx: UnprovedCallerContext): Promise<undefined> {
  const { phone, email, sessionId: _sessionId, code: _code, salt, custom, ...rest } = input;
  const author = { tenant: ctx.caller.tenant.id, userId: ctx.caller.id };
  const name = await reviewed(ctx, author, { field: 'name', text: rest.name });
  const own = custom !== undefined && ctx.caller.tenant.customByApps && { custom };
  const profile = { ...rest, ...(name !== undefined && { name }), ...own };
  // Does not compile with a parameter that the store does not change.
  const texts: readonly (keyof Profile)[] = keysOf(profile);
  const credentials = [phone, email, salt].some((given) => given !== undefined);
  // Checks that may refuse come first.
  if (credentials) await updateCredentials(input, ctx);
  if (texts.length > 0) {
    await storeProfile(ctx, profile);
    return;
  }
  if (credentials) return;
  if (!(await ctx.services.caches.sessions.prove(ctx.db, ctx.caller.session))) throw tokenInvalid();
  throw new ApiError('UseInfoEmpty', 'give at least one of name, tag, tag2, avatar, phone, email and salt');
}

/**
 * Throws UserQueryLimit(209) when the caller has searched too often this minute, so that user_query cannot be used to read the whole
 * table. Counted by each process for itself: a limit on harm, not an exact quota.
 */
function limitSearches({ services, caller, now }: UnprovedCallerContext, count = 1): void {
  const { userQueryPerMinute: limit } = services.config;
  if (limit === 0 || services.throttles.searches.add(String(caller.id), now, count) <= limit) return;
  throw new ApiError('UserQueryLimit', 'too many queries, please wait a minute');
}

/** The user who verified the number; else, as in 1.0.0, the user with exactly this text. */
async function findByPhone(searched: string, { caller, db }: UnprovedCallerContext) {
  const tenant = caller.tenant.id;
  const phone = parsePhone(searched);
  const owner = phone === undefined ? undefined : await ownerOfAddress(db, tenant, phone);
  return readUserInSession(db, caller.session, {
    tenant,
    ...(owner === undefined ? { phone: searched } : { id: owner }),
  });
}

/** The requested user: undefined if the caller's session has ended, null if there is no such user. */
async function find({ searchUserId, searchPhone }: InputOf<'userQuery'>, ctx: UnprovedCallerContext) {
  const { caller, db } = ctx;
  const { session, tenant } = caller;
  if (searchUserId === undefined && searchPhone === undefined) return readOwnUser(db, session);
  limitSearches(ctx);
  if (searchUserId === undefined) return findByPhone(searchPhone ?? '', ctx);
  const id = (await ctx.services.userIds.numberOf(db, tenant.id, searchUserId)) ?? 0;
  return readUserInSession(db, session, { tenant: tenant.id, id });
}

export async function userQuery(input: InputOf<'userQuery'>, ctx: UnprovedCallerContext) {
  const user = await find(input, ctx);
  if (user === undefined) throw tokenInvalid();
  if (user === null) throw new ApiError('UserNotExists', 'there is no such user');
  return { ...presentUser(ctx, user), tag: user.tag, tag2: user.tag2, ...customOf(user) };
}

export async function userKeepalive(_input: InputOf<'userKeepalive'>, ctx: UnprovedCallerContext) {
  const times = beatTimes(ctx.services.config.presence, ctx.now);
  const { alive } = await recordHeartbeat(ctx.db, { session: ctx.caller.session, times });
  if (!alive) throw tokenInvalid();
  return { updateUtc: formatUtc(ctx.now) };
}

/** Profiles in the requested order, without unknown users. Each counts as one search. */
export async function getUserInfoBatch(input: InputOf<'getUserInfoBatch'>, ctx: RecentCallerContext) {
  const { tenant } = ctx.caller;
  const asked = [...new Set(input.userId.split('|').filter((id) => id !== ''))];
  if (asked.length > MAX_USERS_AT_ONCE) {
    throw new ApiError('UserQueryParams', `at most ${MAX_USERS_AT_ONCE} users per call`);
  }
  const { userIds } = ctx.services;
  // Names have to be looked up to find out whether there is such a user: that is a search too.
  if (userIds.isNamed(tenant.id)) limitSearches(ctx, asked.length);
  const numbers = await userIds.numbersOf(ctx.db, tenant.id, asked);
  const ids = [...numbers.values()];
  if (ids.length === 0) return [];
  if (!userIds.isNamed(tenant.id)) limitSearches(ctx, ids.length);
  const users = new Map((await readUsers(ctx.db, tenant.id, ids)).map((user) => [user.id, user]));
  return asked.flatMap((userId) => {
    const user = users.get(numbers.get(userId) ?? 0);
    return user ? [{ userId, apaasUserId: userId, name: user.name, avatar: user.avatar, ...customOf(user) }] : [];
  });
}

/** Nothing is switched off. The app maps both fields without looking whether they are there. */
export async function moduleBlacklist() {
  return { module: {}, feature: {} };
}
