/** The rules of /base/v1/oauth: a name belongs to the client that signs with its secret. */
import { hash } from 'node:crypto';
import { ApiError } from '../../base/errors';
import { sameText } from '../../base/same-text';
import type { Tenant } from '../../config/config';
import { hasIdentity } from '../../config/tenants';
import type { InputOf } from '../../contract';
import { isValid } from '../../contract/fields';
import { USERNAME } from '../../contract/oauth';
import { findUserByName, type User } from '../../data/accounts/accounts';
import { type AccountName, accountName } from '../../data/accounts/user-names';
import type { Context } from '../context';
import { guessOf, limitGuesses, rememberSignIn } from './guesses';
import { checkName, findOrCreate, ownedByBackend, ownedBySpelling, signInAs, tenantOfCall } from './sign-in';
import { limitSignUps } from './sign-ups';

/** Registers a name. Idempotent, since the first response may be lost. */
export async function register(input: InputOf<'register'>, ctx: Context): Promise<undefined> {
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  checkName(tenant, input.username);
  const open = ctx.services.config.registrationOpen ?? (tenant.tagSecrets.size === 0 && !hasIdentity(tenant));
  if (!open) throw new ApiError('SystemVerifyError', 'registration is closed');
  const name = accountName(tenant.id, input.username);
  // That a name is registered with this salt is an answer that a guesser can use.
  const own = await limitSignUps(ctx, tenant.id, (made) =>
    limitGuesses(ctx, guessOf(ctx, name), async () => {
      const user = await findOrCreate(ctx, { tenant, name, salt: input.salt }, made);
      const isOwn = user.salt !== null && sameText(ctx.services.secrets.salts.open(user.salt, user), input.salt);
      return isOwn ? user : undefined;
    }),
  );
  if (!own) throw new ApiError('SystemVerifyError', 'this username is taken');
}

function algorithmOf({ hash: algorithm = 'md5' }: InputOf<'signature'>): 'md5' | 'sha256' {
  if (algorithm === 'md5' || algorithm === 'sha256') return algorithm;
  throw new ApiError('UserOAuthParams', 'hash must be md5 or sha256');
}

/** A `-`, a time and then a `-` or the end. */
const TIME_INSIDE = /-\d{10,15}(-|$)/;

/**
 * The time of signing in ms; null without one, or if times are not checked: then the signature signs in like a password.
 * `ts` is in milliseconds as in the README's example, or in seconds; phones have wrong clocks, so the window is wide.
 */
function timeOf(ctx: Context, { requireTs }: Tenant, { ts, tag = '' }: InputOf<'signature'>): number | null {
  const windowMs = ctx.services.config.signatureWindowSeconds * 1000;
  if (ts === undefined && requireTs) throw new ApiError('UserOAuthParams', 'ts is required');
  // tag-ts-nonce of another request, cut so that it has no time.
  if (ts === undefined && TIME_INSIDE.test(tag)) throw new ApiError('UserOAuthParams', 'tag must not contain a time');
  if (ts === undefined || windowMs === 0) return null;
  if (!/^\d{1,15}$/.test(ts)) throw new ApiError('UserOAuthParams', 'ts must be a time in milliseconds');
  const time = Number(ts) < 100_000_000_000 ? Number(ts) * 1000 : Number(ts);
  if (Math.abs(ctx.now - time) > windowMs) throw new ApiError('UserOAuthParams', 'ts is too far from the present time');
  return time;
}

/**
 * A text signed by a customer's backend has exactly one reading: ts is required and numeric, and tag and nonce have no -,
 * so that each part is found from the end of the text, and the rest is the name.
 */
function checkOneReading({ ts, nonce = '' }: InputOf<'signature'>): void {
  if (!/^\d{1,15}$/.test(ts ?? '')) throw new ApiError('UserOAuthParams', 'ts must be a time in milliseconds');
  if (nonce.includes('-')) throw new ApiError('UserOAuthParams', 'nonce must not contain a -');
}

function wrongSignature(): ApiError {
  return new ApiError('SystemVerifyError', 'wrong username or signature');
}

/** Checks against the tag's fixed secret if there is one, else the account's salt; undefined if the signature is wrong. */
async function signedUser(
  input: InputOf<'signature'>,
  ctx: Context,
  { tenant, name }: { tenant: Tenant; name: AccountName },
): Promise<User | undefined> {
  const { username, tag = '', ts = '', nonce = '' } = input;
  const algorithm = algorithmOf(input);
  const fixed = tenant.tagSecrets.get(tag);
  if (fixed !== undefined) checkOneReading(input);
  const known = await findUserByName(ctx.db, name);
  const salt = known?.salt ? ctx.services.secrets.salts.open(known.salt, known) : null;
  const secret = fixed ?? salt;
  const expected = hash(algorithm, `${username}-${tag}-${ts}-${nonce}-${secret ?? ''}`, 'hex');
  if (!sameText(expected, input.signature) || secret === null) return undefined;
  return fixed === undefined ? known : ownedByBackend(ctx, tenant, { name, known });
}

/**
 * Signs in. With a tag that has a fixed secret (the customer's own backend signs), the account is made on first sign-in.
 * A wrong signature and an unknown name cannot be distinguished: the same work, the same response.
 */
export async function signature(input: InputOf<'signature'>, ctx: Context) {
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  checkName(tenant, input.username);
  const ts = timeOf(ctx, tenant, input);
  const name = accountName(tenant.id, input.username);
  const guess = guessOf(ctx, name);
  const find = async () => {
    const found = await limitGuesses(ctx, guess, () => signedUser(input, ctx, { tenant, name }));
    if (!found) throw wrongSignature();
    return found;
  };
  const once = ts === null ? null : { text: input.signature, ts };
  const signedIn = await signInAs(ctx, tenant, { find, profile: input, signature: once });
  if (!signedIn) throw wrongSignature();
  rememberSignIn(ctx, guess);
  return signedIn;
}

/** Signs in with a token of the tenant's identity provider, which outranks an open registration of the name. */
export async function exchange(input: InputOf<'exchange'>, ctx: Context) {
  const tenant = tenantOfCall(ctx.services, input.apaasAppId);
  if (!hasIdentity(tenant)) throw new ApiError('UserOAuthParams', 'no identity provider is set up');
  const { identityTokens } = ctx.services;
  const username = await ctx.budget.outside(() => identityTokens.userOf(tenant, input.idToken));
  if (!isValid(USERNAME, username)) throw new ApiError('UserOAuthParams', 'the identity token names no user');
  checkName(tenant, username);
  const name = accountName(tenant.id, username);
  const find = async () => ownedBySpelling(ctx, tenant, { name, known: await findUserByName(ctx.db, name) });
  const signedIn = await signInAs(ctx, tenant, { find, profile: input });
  if (!signedIn) throw new ApiError('UserOAuthParams', 'the account is being changed, please try again');
  return signedIn;
}
