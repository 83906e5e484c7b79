/** Signing in: the account behind a proved name, the session that begins for it, and what every sign-in answers. */

import { ApiError, DatabaseError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import { formatUtc } from '../../contract/fields';
import { createUser, findUserByName, IdOfRoom, type User, updateProfile } from '../../data/accounts/accounts';
import { giveToBackend } from '../../data/accounts/credentials';
import { endOldestSessions, type SessionProof } from '../../data/accounts/session-ends';
import type { LiveSession, SessionKey } from '../../data/accounts/sessions';
import { beginSession, repeatedSignIn, type Signature } from '../../data/accounts/sign-ins';
import { type AccountName, isSpelledAlike } from '../../data/accounts/user-names';
import { type Context, findTenant, type Services } from '../context';
import { flush } from '../outbox/outbox';
import { isToBeReviewed, queuePicture } from '../review/pictures';
import { reviewedOrNone } from '../review/profile-texts';
import { banRefusal } from '../sanctions/refuse';
import { tellOfUser } from '../webhooks/users';
import { planProfile } from './im-profile';
import { TOKEN_MS } from './tokens';

/** The tenant of an unauthenticated call. With a single tenant, every value means that one. */
export function tenantOfCall(services: Services, apaasAppId: string | undefined): Tenant {
  const [first, ...others] = services.config.tenants;
  const named = others.length === 0 ? first : findTenant(services, apaasAppId ?? '');
  if (!named) throw new ApiError('SystemVerifyError', 'unknown apaasAppId');
  return named;
}

/** How often a number taken at the same moment may come in between. */
const TRIES = 5;

/** What IM takes as a user id, and TRTC as user and room. */
const FORM = /^[A-Za-z0-9_-]{1,32}$/;
/** Generated roomIds look like this (data/accounts/public-ids.ts). */
const GENERATED = /^\d{9,10}$/;

/** Throws 210 if the name cannot be an id, in tenants whose ids are not numbers. */
export function checkName({ userIds, imAdmin }: Tenant, username: string): void {
  if (userIds === 'number') return;
  if (!FORM.test(username)) {
    throw new ApiError('UserOAuthParams', 'username must be 1 to 32 letters, digits, _ or -');
  }
  if (GENERATED.test(username)) {
    throw new ApiError('UserOAuthParams', 'username must not be a number of nine or ten digits');
  }
  // A UserSig of this account may do everything in IM.
  if (username.toLowerCase() === imAdmin.toLowerCase()) {
    throw new ApiError('UserOAuthParams', 'username is that of the IM administrator');
  }
}

/** The name is the id of another user's open room. */
export function nameIsRoom(): ApiError {
  return new ApiError('UserOAuthParams', 'username is the id of an open room');
}

interface WantedUser {
  tenant: Tenant;
  name: AccountName;
  salt: string | null;
}

/** Finds the user, or makes it and calls `made`. Two concurrent calls both get the same account. */
export function findOrCreate(ctx: Context, user: WantedUser, made?: () => Promise<void>): Promise<User> {
  const { tenant, keys } = user.name;
  const turns = ctx.services.throttles.accounts;
  return turns.run(`account ${tenant} ${keys[0]}`, ctx.budget, () => findOrCreateNow(ctx, user, made));
}

async function createAccount(ctx: Context, { tenant, name: { username }, salt }: WantedUser): Promise<User> {
  const { secrets, userIds } = ctx.services;
  const owner = { tenant: tenant.id, username };
  const sealed = salt === null ? null : secrets.salts.seal(salt, owner);
  const named = userIds.isNamed(tenant.id);
  const row = { ...owner, salt: sealed, now: ctx.now, hashes: secrets.personHashes, named };
  return ctx.db.transaction(async (tx) => {
    const user = await createUser(tx, row);
    const userId = userIds.from(tenant.id, user);
    await tellOfUser(tx, ctx.services, { type: 'user.created', tenant: tenant.id, userId });
    return user;
  });
}

async function findOrCreateNow(ctx: Context, wanted: WantedUser, made?: () => Promise<void>): Promise<User> {
  for (let tries = 1; ; tries += 1) {
    const found = await findUserByName(ctx.db, wanted.name);
    if (found) return found;
    try {
      const created = await createAccount(ctx, wanted);
      await made?.();
      return created;
    } catch (error) {
      if (error instanceof IdOfRoom) throw nameIsRoom();
      const faster = error instanceof DatabaseError && error.kind === 'duplicate';
      if (!faster || tries === TRIES) throw error;
    }
  }
}

/**
 * The account of a name that the customer's backend or identity provider vouches for; made at the first sign-in. A salt that
 * was registered under the name before ends, with its sessions.
 */
export async function ownedByBackend(
  ctx: Context,
  tenant: Tenant,
  { name, known }: { name: AccountName; known: User | undefined },
): Promise<User> {
  const { username } = name;
  const user = known ?? (await findOrCreate(ctx, { tenant, name, salt: null }));
  if (user.salt === null) return user;
  // An id that is the name stays as it is; its names have no other spellings than those of case.
  const spelling = isSpelledAlike(user.username, username) ? user.username : username;
  await ctx.db.transaction((tx) => giveToBackend(tx, { id: user.id, username: spelling, now: ctx.now }));
  return { ...user, username: spelling, salt: null, phone: '', email: '' };
}

/**
 * The same for a provider or backend whose users may have names that are one name here, such as `kelly` and `ｋelly`: the second
 * of them gets no session of the first.
 */
export async function ownedBySpelling(...[ctx, tenant, named]: Parameters<typeof ownedByBackend>): Promise<User> {
  const user = await ownedByBackend(ctx, tenant, named);
  if (isSpelledAlike(user.username, named.name.username)) return user;
  throw new ApiError('UserOAuthParams', 'a user with a similar name exists');
}

export interface Profile {
  nickname?: string;
  avatar?: string;
}

/** The user with the profile that came with the sign-in, and the work that IM has to do. */
async function saveProfile(ctx: Context, tenant: Tenant, by: { user: User; session: LiveSession; profile: Profile }) {
  const { user, session, profile } = by;
  const author = { tenant: tenant.id, userId: user.id };
  const nick = await reviewedOrNone(ctx, author, { field: 'name', text: profile.nickname });
  const { name, avatar } = { name: nick ?? user.name, avatar: profile.avatar ?? user.avatar };
  if (name === user.name && avatar === user.avatar) return { user, work: [] };
  const given = {
    ...(nick !== undefined && { nick }),
    ...(profile.avatar !== undefined && { faceUrl: avatar }),
  };
  const userId = ctx.services.userIds.from(tenant.id, user);
  const isNewPicture = avatar !== user.avatar && (await isToBeReviewed(ctx, tenant.id, avatar));
  const work = await ctx.db.transaction(async (tx) => {
    await updateProfile(tx, session, { name, avatar, now: ctx.now });
    if (isNewPicture) await queuePicture(tx, ctx, { tenant: tenant.id, userId, roomId: '' });
    return planProfile(tx, ctx, { tenant, userId, given });
  });
  return { user: { ...user, name, avatar }, work };
}

/** An ordinary phone signs in less often than this in a day; from then on each sign-in looks after the sessions. */
const SUSPICIOUS = 3;

/**
 * SESSIONS_PER_USER: repeated sign-ins end the least recently renewed sessions. Those of an address that was bound a few days ago are
 * counted separately, so that they end none of the owner's. The scheduled jobs find sessions that other processes let through.
 */
export async function capSessions(
  { db, services, now }: Context,
  { id: keep, userId: id }: SessionKey,
  proof: SessionProof = 'proved',
): Promise<void> {
  const { sessionsPerUser: limit } = services.config;
  if (limit === 0 || services.throttles.signIns.add(String(id), now) < SUSPICIOUS) return;
  await endOldestSessions(db, { id, proof, keep }, { limit, now });
}

interface SignedIn {
  id: number;
  username: string;
  name: string;
  avatar: string;
  phone: string;
  email: string;
}

/** A new token of the session and the UserSig that the SDKs of IM and TRTC want. */
export async function signInData(ctx: Context, tenant: Tenant, session: { id: string; user: SignedIn }) {
  const { services, now } = ctx;
  const { user } = session;
  const userId = services.userIds.from(tenant.id, user);
  const expiresAt = now + TOKEN_MS;
  const name = tenant.userIds === 'username' && { name: userId };
  const claims = { tenant: tenant.id, userId: user.id, sessionId: session.id, ...name };
  const sig = services.vendors.signer.sign(tenant, userId, services.config.userSigSeconds);
  return {
    userId,
    apaasUserId: userId,
    apaasAppId: tenant.id,
    sdkAppId: tenant.sdkAppId,
    sdkUserSig: sig,
    userSig: sig,
    token: services.tokens.issue(claims, expiresAt),
    expire: formatUtc(expiresAt),
    phone: user.phone,
    email: user.email,
    name: user.name,
    avatar: user.avatar,
  };
}

interface SignInAs {
  find: () => Promise<User>;
  profile: Profile;
  /** The signature that proves it, if it has a time: it signs in once. */
  signature?: Signature | null;
}

/** The session, and what saveProfile gives; undefined if the account was changed since `user` was read. Throws if it is banned. */
async function begin(ctx: Context, tenant: Tenant, user: User, { profile, signature = null }: Omit<SignInAs, 'find'>) {
  const times = { now: ctx.now, expiresAt: ctx.now + TOKEN_MS, address: ctx.clientAddress ?? '' };
  const wanted = { userId: user.id, salt: user.salt, signature, ...times };
  const session = (await beginSession(ctx.db, wanted)) ?? (await repeatedSignIn(ctx.db, wanted));
  if (session === 'used') {
    throw new ApiError('SystemVerifyError', 'this signature has been used, please sign in again');
  }
  if (!session) {
    const banned = await banRefusal(ctx, { tenant: tenant.id, userId: user.id, now: ctx.now });
    if (banned) throw banned;
    // Its salt is stored under a new key, or it belongs to another user.
    return undefined;
  }
  await capSessions(ctx, session);
  if (profile.nickname === undefined && profile.avatar === undefined) return { id: session.id, user, work: [] };
  return { id: session.id, ...(await saveProfile(ctx, tenant, { user, session, profile })) };
}

/**
 * Begins a session for the account that `find` gives, and answers what every sign-in answers. Looks again while the account
 * is changed between the two; undefined if it kept changing. Throws if the account is banned.
 */
export async function signInAs(ctx: Context, tenant: Tenant, { find, ...how }: SignInAs) {
  const { accounts } = ctx.services.throttles;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const user = await find();
    const begun = await accounts.run(`sign-in of ${user.id}`, ctx.budget, () => begin(ctx, tenant, user, how));
    if (!begun) continue;
    if (begun.work.length > 0) await flush(ctx, begun.work);
    return signInData(ctx, tenant, begun);
  }
  return undefined;
}
