/** The rules of /base/v1/oauth: a name belongs to whoever signs with its secret. */
import { hash } from 'node:crypto';
import { ApiError, DatabaseError } from '../../base/errors';
import { sameText } from '../../base/same-text';
import type { Tenant } from '../../config/config';
import type { InputOf } from '../../contract';
import { createUser, findUserByName, giveToBackend, type User, updateProfile } from '../../data/accounts/accounts';
import { publicId } from '../../data/accounts/public-ids';
import type { LiveSession } from '../../data/accounts/sessions';
import { beginSession } from '../../data/accounts/sign-ins';
import { enqueue } from '../../data/outbox/outbox';
import type { Context } from '../context';
import { flush } from '../outbox/outbox';
import { banRefusal } from '../sanctions/refuse';
import { tellOfUser } from '../webhooks/users';
import { checkGuesses, countGuess, rememberSignIn } from './guesses';
import { capSessions } from './session-cap';
import { DEFAULT_AVATAR, signInData, tenantOfCall } from './sign-in';
import { checkSignUps, countSignUp } from './sign-ups';
import { TOKEN_MS } from './tokens';

/** How often a number taken at the same moment may come in between. */
const TRIES = 5;

/** Finds the user, or makes it. Where two do so at once, both get the one that was made. */
async function findOrCreate(
  ctx: Context,
  user: { tenant: Tenant; username: string; salt: string | null },
): Promise<User> {
  const { tenant, username } = user;
  const owner = { tenant: tenant.id, username };
  const salt = user.salt === null ? null : ctx.services.salts.seal(user.salt, owner);
  const row = { ...owner, salt, name: '', avatar: DEFAULT_AVATAR, now: ctx.now };
  for (let tries = 1; ; tries += 1) {
    const found = await findUserByName(ctx.db, owner);
    if (found) return found;
    try {
      const made = await ctx.db.transaction(async (tx) => {
        const created = await createUser(tx, row);
        await tellOfUser(tx, ctx.services, { type: 'user.created', tenant: tenant.id, id: created.id });
        return created;
      });
      // Those of a customer's backend are the customer's business.
      if (salt !== null) await countSignUp(ctx, tenant.id);
      return made;
    } catch (error) {
      const faster = error instanceof DatabaseError && error.kind === 'duplicate';
      if (!faster || tries === TRIES) throw error;
    }
  }
}

/** A name is registered once; saying the same again (the first answer was lost) is fine. */
export async function register(input: InputOf<'register'>, ctx: Context): Promise<undefined> {
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  const open = ctx.services.config.registrationOpen ?? tenant.tagSecrets.size === 0;
  if (!open) throw new ApiError('SystemVerifyError', 'registration is closed');
  const name = { tenant: tenant.id, username: input.username };
  checkSignUps(ctx, tenant.id);
  // That a name is registered with this salt is an answer that a guesser can use.
  checkGuesses(ctx, name);
  const user = await findOrCreate(ctx, { tenant, username: input.username, salt: input.salt });
  if (user.salt === null || !sameText(ctx.services.salts.open(user.salt, user), input.salt)) {
    await countGuess(ctx, name);
    throw new ApiError('SystemVerifyError', 'this username is taken');
  }
}

function hashOf(name: string | undefined): (text: string) => string {
  const algorithm = name ?? 'md5';
  if (algorithm === 'md5' || algorithm === 'sha256') return (text) => hash(algorithm, text, 'hex');
  throw new ApiError('UserOAuthParams', 'hash must be md5 or sha256');
}

/** `ts` is in milliseconds as in the README's example, or in seconds; phones have wrong clocks, so the window is wide. */
function checkTime(ctx: Context, ts: string | undefined): void {
  const windowMs = ctx.services.config.signatureWindowSeconds * 1000;
  if (ts === undefined || windowMs === 0) return;
  if (!/^\d{1,15}$/.test(ts)) throw new ApiError('UserOAuthParams', 'ts must be a time in milliseconds');
  const time = Number(ts) < 100_000_000_000 ? Number(ts) * 1000 : Number(ts);
  if (Math.abs(ctx.now - time) > windowMs) throw new ApiError('UserOAuthParams', 'ts is too far from the present time');
}

interface SignedIn {
  user: User;
  session: LiveSession;
  nickname?: string;
  avatar?: string;
}

async function saveProfile(ctx: Context, tenant: Tenant, signedIn: SignedIn) {
  const { user, session } = signedIn;
  const name = signedIn.nickname ?? user.name;
  const avatar = signedIn.avatar ?? user.avatar;
  if (name === user.name && avatar === user.avatar) return user;
  const payload = JSON.stringify({
    ...(signedIn.nickname !== undefined && { nick: name }),
    ...(signedIn.avatar !== undefined && { faceUrl: avatar }),
  });
  const item = { kind: 'im_account_import', tenant: tenant.id, target: publicId(tenant.id, user.id), payload } as const;
  const work = await ctx.db.transaction(async (tx) => {
    await updateProfile(tx, session, { name, avatar, now: ctx.now });
    return ctx.services.im ? [await enqueue(tx, { ...item, now: ctx.now })] : [];
  });
  await flush(ctx, work);
  return { ...user, name, avatar };
}

/**
 * What a customer's backend signs can be read in one way only: ts is there and digits, and neither tag nor nonce holds a -,
 * so that from the end of the text each part is found, and what is left is the name.
 */
function checkOneReading({ ts, nonce = '' }: InputOf<'signature'>): void {
  if (!/^\d{1,15}$/.test(ts ?? '')) throw new ApiError('UserOAuthParams', 'ts must be a time in milliseconds');
  if (nonce.includes('-')) throw new ApiError('UserOAuthParams', 'nonce must not contain a -');
}

function wrongSignature(): ApiError {
  return new ApiError('SystemVerifyError', 'wrong username or signature');
}

/** The account of the name, for the first time where the backend made it. */
async function accountOf(ctx: Context, name: { tenant: Tenant; username: string; known: User | undefined }) {
  const { tenant, username } = name;
  const user = name.known ?? (await findOrCreate(ctx, { tenant, username, salt: null }));
  if (user.salt === null) return user;
  await ctx.db.transaction((tx) => giveToBackend(tx, user.id, ctx.now));
  return { ...user, salt: null, phone: '', email: '' };
}

/** Of the tenant's fixed secret where the tag has one, else of the account's salt; undefined where the signature is wrong. */
async function signedUser(input: InputOf<'signature'>, ctx: Context, tenant: Tenant): Promise<User | undefined> {
  const { username, tag = '', ts = '', nonce = '' } = input;
  const hashed = hashOf(input.hash);
  const fixed = tenant.tagSecrets.get(tag);
  if (fixed !== undefined) checkOneReading(input);
  checkTime(ctx, input.ts);
  checkGuesses(ctx, { tenant: tenant.id, username });
  const known = await findUserByName(ctx.db, { tenant: tenant.id, username });
  const salt = known?.salt ? ctx.services.salts.open(known.salt, known) : null;
  const secret = fixed ?? salt;
  const expected = hashed(`${username}-${tag}-${ts}-${nonce}-${secret ?? ''}`);
  if (!sameText(expected, input.signature) || secret === null) return undefined;
  return fixed === undefined ? known : accountOf(ctx, { tenant, username, known });
}

/**
 * Signs in. With a tag that has a fixed secret (the customer's own backend signs), the account is made on first sign-in.
 * A wrong signature and an unknown name are told apart by nobody: the same work, the same answer.
 */
export async function signature(input: InputOf<'signature'>, ctx: Context) {
  const { nickname, avatar } = input;
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  const name = { tenant: tenant.id, username: input.username };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const found = await signedUser(input, ctx, tenant);
    if (!found) {
      await countGuess(ctx, name);
      throw wrongSignature();
    }
    const times = { now: ctx.now, expiresAt: ctx.now + TOKEN_MS, address: ctx.clientAddress ?? '' };
    const session = await beginSession(ctx.db, { userId: found.id, salt: found.salt, ...times });
    if (!session) {
      const banned = await banRefusal(ctx, { tenant: tenant.id, userId: found.id });
      if (banned) throw banned;
      // The account was changed in between: its salt is stored under a new key, or it is somebody else's.
      continue;
    }
    rememberSignIn(ctx, name);
    await capSessions(ctx, session);
    const user = await saveProfile(ctx, tenant, {
      user: found,
      session,
      ...(nickname !== undefined && { nickname }),
      ...(avatar !== undefined && { avatar }),
    });
    return signInData(ctx, tenant, { id: session.id, user });
  }
  throw wrongSignature();
}
