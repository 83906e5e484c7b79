/** What the rules work with: the outside world as plain objects, and who is asking. */
import type { Config, Tenant } from '../config';
import type { Log } from '../log';
import type { ImClient } from '../platform/im';
import type { TrtcClient } from '../platform/trtc';
import type { UserSigSigner } from '../platform/usersig';
import type { Database } from '../repositories/database';
import type { DatabaseSource } from '../repositories/open';
import type { SessionKey } from '../repositories/sessions';
import type { OwnProfiles } from './auth/own-profiles';
import type { Tokens } from './auth/tokens';
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
