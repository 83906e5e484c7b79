/** The context of the rules: services as plain objects, and the caller, named by the token and the ids. */

import { ApiError } from '../base/errors';
import type { Log } from '../base/log';
import type { Metrics } from '../base/metrics';
import type { RequestBudget } from '../base/request-budget';
import type { Config, Tenant } from '../config/config';
import type { UserIds } from '../data/accounts/public-ids';
import type { LiveSession, RecentSession, SessionKey } from '../data/accounts/sessions';
import type { Database } from '../data/engine/database';
import type { DatabaseSource } from '../data/engine/open';
import type { RoomCounts } from '../data/rooms/room-counts';
import type { PersonHashes } from '../data/sanctions/person-hashes';
import type { ImClient } from '../vendors/tencent/im';
import type { TrtcClient } from '../vendors/tencent/trtc';
import type { Uploads } from '../vendors/tencent/uploads';
import type { UserSigSigner } from '../vendors/tencent/usersig';
import type { IdentityTokens } from './accounts/identity-tokens';
import type { Salts } from './accounts/salts';
import type { SessionCache } from './accounts/session-cache';
import type { Throttles } from './accounts/throttles';
import type { Tokens } from './accounts/tokens';
import type { AnswerCache } from './answer-cache';
import type { CodeServices } from './codes/ports';
import type { OperatorAccess } from './operators/access';
import type { ReviewServices } from './review/services';
import type { Subscriptions } from './webhooks/events';
import type { WebhookSecrets } from './webhooks/secrets';

/** The services of Tencent Cloud that rooms and accounts use; those of codes and of review are theirs. */
export interface Vendors {
  signer: UserSigSigner;
  /** null if IM is off. */
  im: ImClient | null;
  /** null if TRTC calls are off. */
  trtc: TrtcClient | null;
  /** null if no bucket is set. */
  uploads: Uploads | null;
}

/** What requests share, for a second or a few (docs/architecture.md). */
export interface Caches {
  answers: AnswerCache;
  roomCounts: RoomCounts;
  sessions: SessionCache;
  subscriptions: Subscriptions;
}

/** Made once, by compose.ts. */
export interface Services {
  config: Config;
  database: DatabaseSource;
  /** Milliseconds since 1970. */
  clock: () => number;
  vendors: Vendors;
  caches: Caches;
  tokens: Tokens;
  identityTokens: IdentityTokens;
  userIds: UserIds;
  /** What is stored encrypted or hashed, by the keys of the configuration. */
  secrets: { salts: Salts; personHashes: PersonHashes; webhookSecrets: WebhookSecrets };
  codes: CodeServices;
  operatorAccess: OperatorAccess;
  throttles: Throttles;
  review: ReviewServices;
  log: Log;
  metrics: Metrics;
}

export function findTenant({ config }: Pick<Services, 'config'>, id: string): Tenant | undefined {
  for (const tenant of config.tenants) if (tenant.id === id) return tenant;
  return undefined;
}

/** One request without a caller, or one job. */
export interface Context {
  services: Services;
  /** The time left; waiting for anything but the database goes through `budget.outside`. */
  budget: RequestBudget;
  db: Database;
  now: number;
  /** The client's address if it can be trusted (http/incoming.ts); null if not, and in jobs. */
  clientAddress: string | null;
  /** How the caller reached the service: `https://host`; '' if unknown, and in jobs. */
  reachedAt: () => string;
}

/** The caller; `S` is the proof that the session exists (data/accounts/sessions.ts). */
export interface Caller<S extends SessionKey = LiveSession> {
  id: number;
  /** The id as the apps know it. */
  publicId: string;
  tenant: Tenant;
  session: S;
}

/** A request whose caller has a living session: it may write on the caller's behalf. */
export interface CallerContext<S extends SessionKey = LiveSession> extends Context {
  caller: Caller<S>;
}

/** One whose caller was signed in a moment ago: it may read. */
export type RecentCallerContext = CallerContext<RecentSession>;

/** A caller with a valid token whose session may have ended. */
export type UnprovedCallerContext = CallerContext<SessionKey>;

/** The request with its caller. The object is written out: V8 gives an object made by a spread a separate hidden class. */
export function withCaller<S extends SessionKey>(
  { services, budget, db, now, clientAddress, reachedAt }: Context,
  caller: Caller<S>,
): CallerContext<S> {
  return { services, budget, db, now, clientAddress, reachedAt, caller };
}

/** The same request, once its session is proved. */
export function withSession<S extends SessionKey>(ctx: UnprovedCallerContext, session: S): CallerContext<S> {
  const { id, publicId, tenant } = ctx.caller;
  return withCaller(ctx, { id, publicId, tenant, session });
}

/** The caller's own parameters, unchecked: any type, or absent. */
export interface Claimed {
  userId?: unknown;
  apaasUserId?: unknown;
  token?: unknown;
  apaasAppId?: unknown;
}

export type CallerVerdict = { status: 'valid' | 'expired'; caller: Caller<SessionKey> } | { status: 'invalid' };

/** The context of a rule that handles an invalid token itself (session: 'optional'). */
export interface ClaimedContext extends Context {
  verdict: CallerVerdict;
  claimed: Claimed;
}

/** userId, else apaasUserId; never compared with each other (one client sends its token as apaasUserId). */
export function claimedUserId({ userId, apaasUserId }: Claimed): string | undefined {
  for (const id of [userId, apaasUserId]) {
    if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id);
  }
  return undefined;
}

export function identify(services: Services, claimed: Claimed): CallerVerdict {
  const { token } = claimed;
  if (typeof token !== 'string' || token === '' || token.length > 1024) return { status: 'invalid' };
  const verdict = services.tokens.verify(token);
  if (verdict.status === 'invalid') return verdict;
  const { claims } = verdict;
  const tenant = findTenant(services, claims.tenant);
  if (!tenant) return { status: 'invalid' };
  const publicId = services.userIds.from(tenant.id, { id: claims.userId, username: claims.name ?? '' });
  const userId = claimedUserId(claimed) ?? publicId;
  if (userId !== publicId || publicId === '') return { status: 'invalid' };
  const caller: Caller<SessionKey> = {
    id: claims.userId,
    publicId,
    tenant,
    session: { id: claims.sessionId, userId: claims.userId },
  };
  return { status: verdict.status, caller };
}

export function tokenExpired(): ApiError {
  return new ApiError('UserTokenExpired', 'the token has expired, please sign in again');
}

export function tokenInvalid(): ApiError {
  return new ApiError('UserTokenInvalid', 'the token is not valid, please sign in again');
}

/** The caller of a valid token; throws 203 or 204. */
export function callerOf(verdict: CallerVerdict): Caller<SessionKey> {
  if (verdict.status === 'invalid') throw tokenInvalid();
  if (verdict.status === 'expired') throw tokenExpired();
  return verdict.caller;
}
