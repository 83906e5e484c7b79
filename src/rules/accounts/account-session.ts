/** The account behind a proved name, and the session that a sign-in begins for it. */

import { ApiError, DatabaseError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import { createUser, findUserByName, IdOfRoom, type User, updateProfile } from '../../data/accounts/accounts';
import { giveToBackend } from '../../data/accounts/credentials';
import type { LiveSession } from '../../data/accounts/sessions';
import { beginSession, repeatedSignIn, type Signature } from '../../data/accounts/sign-ins';
import { isSpelledAlike, usernameKey } from '../../data/accounts/user-names';
import type { Context } from '../context';
import { flush } from '../outbox/outbox';
import { isToBeReviewed, queuePicture } from '../review/pictures';
import { reviewedOrNone } from '../review/profile-texts';
import { banRefusal } from '../sanctions/refuse';
import { tellOfUser } from '../webhooks/users';
import { planProfile } from './im-profile';
import { checkName, nameIsRoom } from './names-as-ids';
import { inPlace } from './places';
import { capSessions } from './session-cap';
import { DEFAULT_AVATAR, signInData } from './sign-in';
import { TOKEN_MS } from './tokens';

/** How often a number taken at the same moment may come in between. */
const TRIES = 5;

/**
 * Does one `work` of an account after the other. All of a burst would only wait for the same rows, each with a connection; and a
 * session that begins while others end is one too many.
 */
function oneAtATime<T>({ services, budget, now }: Context, key: string, work: () => Promise<T>): Promise<T> {
  const { places } = services.throttles;
  const refusal = () => new ApiError('UserQueryLimit', 'too many sign-ins of this user at the same time');
  return inPlace({ places, budget, now, limits: () => [{ key, most: 1 }], refusal }, work);
}

interface WantedUser {
  tenant: Tenant;
  username: string;
  salt: string | null;
}

/** Finds the user, or makes it and calls `made`. Two concurrent calls both get the same account. */
export function findOrCreate(ctx: Context, user: WantedUser, made?: () => Promise<void>): Promise<User> {
  const key = `account ${user.tenant.id} ${usernameKey(user.username)}`;
  return oneAtATime(ctx, key, () => findOrCreateNow(ctx, user, made));
}

async function findOrCreateNow(ctx: Context, user: WantedUser, made?: () => Promise<void>): Promise<User> {
  const { tenant, username } = user;
  const owner = { tenant: tenant.id, username };
  const salt = user.salt === null ? null : ctx.services.secrets.salts.seal(user.salt, owner);
  const { personHashes: hashes } = ctx.services.secrets;
  checkName(tenant, username);
  const named = ctx.services.userIds.isNamed(tenant.id);
  const row = { ...owner, salt, name: '', avatar: DEFAULT_AVATAR, now: ctx.now, hashes, named };
  for (let tries = 1; ; tries += 1) {
    const found = await findUserByName(ctx.db, owner);
    if (found) return found;
    try {
      const created = await ctx.db.transaction(async (tx) => {
        const one = await createUser(tx, row);
        const userId = ctx.services.userIds.from(tenant.id, one);
        await tellOfUser(tx, ctx.services, { type: 'user.created', tenant: tenant.id, userId });
        return one;
      });
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
  name: { tenant: Tenant; username: string; known: User | undefined },
) {
  const { tenant, username } = name;
  const user = name.known ?? (await findOrCreate(ctx, { tenant, username, salt: null }));
  if (user.salt === null) return user;
  // An id that is the name stays as it is; its names have no other spellings than those of case.
  const spelling = isSpelledAlike(user.username, username) ? user.username : username;
  await ctx.db.transaction((tx) => giveToBackend(tx, { id: user.id, username: spelling, now: ctx.now }));
  return { ...user, username: spelling, salt: null, phone: '', email: '' };
}

/**
 * The same for a provider or backend whose users may have names that are one name here, such as `kelly` and `ｋelly`: the second
 * of them gets no session of the first one's.
 */
export async function ownedBySpelling(ctx: Context, name: Parameters<typeof ownedByBackend>[1]): Promise<User> {
  const user = await ownedByBackend(ctx, name);
  if (isSpelledAlike(user.username, name.username)) return user;
  throw new ApiError('UserOAuthParams', 'a user with a similar name exists');
}

interface SignedIn {
  user: User;
  session: LiveSession;
  nickname?: string;
  avatar?: string;
}

/** The user with the new profile, and the work that IM has to do. */
async function saveProfile(ctx: Context, tenant: Tenant, signedIn: SignedIn): Promise<{ user: User; work: number[] }> {
  const { user, session } = signedIn;
  const name = signedIn.nickname ?? user.name;
  const avatar = signedIn.avatar ?? user.avatar;
  if (name === user.name && avatar === user.avatar) return { user, work: [] };
  const given = {
    ...(signedIn.nickname !== undefined && { nick: name }),
    ...(signedIn.avatar !== undefined && { faceUrl: avatar }),
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

export interface Profile {
  nickname?: string;
  avatar?: string;
}

function signatureUsed(): ApiError {
  return new ApiError('SystemVerifyError', 'this signature has been used, please sign in again');
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
  if (session === 'used') throw signatureUsed();
  if (!session) {
    const banned = await banRefusal(ctx, { tenant: tenant.id, userId: user.id, now: ctx.now });
    if (banned) throw banned;
    // Its salt is stored under a new key, or it belongs to another user.
    return undefined;
  }
  await capSessions(ctx, session);
  const { nickname, avatar } = profile;
  const author = { tenant: tenant.id, userId: user.id };
  const name = await reviewedOrNone(ctx, author, { field: 'name', text: nickname });
  const given = { ...(name !== undefined && { nickname: name }), ...(avatar !== undefined && { avatar }) };
  return { id: session.id, ...(await saveProfile(ctx, tenant, { user, session, ...given })) };
}

/**
 * Begins a session for the account that `find` gives, and answers what every sign-in answers. Looks again while the account
 * is changed between the two; undefined if it kept changing. Throws if the account is banned.
 */
export async function signInAs(ctx: Context, tenant: Tenant, { find, ...how }: SignInAs) {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const user = await find();
    const begun = await oneAtATime(ctx, `sign-in of ${user.id}`, () => begin(ctx, tenant, user, how));
    if (!begun) continue;
    await flush(ctx, begun.work);
    return signInData(ctx, tenant, begun);
  }
  return undefined;
}
