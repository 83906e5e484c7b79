/** The context of the rules: services as plain objects, and the caller. */

import type { Log } from '../base/log';
import type { Metrics } from '../base/metrics';
import type { RequestBudget } from '../base/request-budget';
import type { Config, Tenant } from '../config/config';
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
import type { UserIds } from './accounts/user-ids';
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
  return config.tenants.find((tenant) => tenant.id === id);
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
  reachedAt: string;
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
