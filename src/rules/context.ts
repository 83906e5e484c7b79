/** What the rules work with: the outside world as plain objects, and who is asking. */

import type { Log } from '../base/log';
import type { RequestBudget } from '../base/request-budget';
import type { Config, Tenant } from '../config/config';
import type { Database } from '../data/engine/database';
import type { DatabaseSource } from '../data/engine/open';
import type { SessionKey } from '../data/sessions';
import type { ImClient } from '../tencent/im';
import type { TrtcClient } from '../tencent/trtc';
import type { UserSigSigner } from '../tencent/usersig';
import type { OwnProfiles } from './accounts/own-profiles';
import type { Tokens } from './accounts/tokens';
import type { Keepalives } from './presence/keepalives';
import type { SharedAnswers } from './shared-answers';

/** Made once, by compose.ts. */
export interface Services {
  config: Config;
  database: DatabaseSource;
  /** Milliseconds since 1970. */
  clock: () => number;
  signer: UserSigSigner;
  /** null where IM is off. */
  im: ImClient | null;
  /** null where TRTC calls are off. */
  trtc: TrtcClient | null;
  tokens: Tokens;
  shared: SharedAnswers;
  keepalives: Keepalives;
  ownProfiles: OwnProfiles;
  log: Log;
}

/** One request without a caller, or one job. */
export interface Context {
  services: Services;
  /** How long this may still take; waiting for anybody but the database goes through `budget.outside`. */
  budget: RequestBudget;
  db: Database;
  now: number;
}

export interface Caller {
  id: number;
  /** The id as the apps know it. */
  publicId: string;
  tenant: Tenant;
  session: SessionKey;
}

export interface CallerContext extends Context {
  caller: Caller;
}
