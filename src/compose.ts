/** Puts the parts together. The one file that knows all of them. */

import type { Write } from './base/log';
import { type ConfigOptions, type ConfigResult, loadConfig } from './config/config';
import { createDatabaseSource } from './data/engine/open';
import { createLog } from './http/log';
import type { Composition } from './http/pipeline';
import { createOwnProfiles } from './rules/accounts/own-profiles';
import { createSalts } from './rules/accounts/salts';
import { createTokens } from './rules/accounts/tokens';
import { createKeepalives } from './rules/presence/keepalives';
import { createSharedAnswers } from './rules/shared-answers';
import { createImClient } from './tencent/im';
import { createTrtcClient } from './tencent/trtc';
import { createUserSigSigner } from './tencent/usersig';

export interface Outside extends ConfigOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970; tests drive it. */
  clock?: () => number;
  write?: Write;
}

export function writeToStdout(line: string): void {
  process.stdout.write(line);
}

/** Nothing is connected or opened yet: the database is opened by the first request that needs it. */
export function compose(outside: Outside): { composition: Composition; configuration: ConfigResult; write: Write } {
  const { env, clock = Date.now, write = writeToStdout, ...options } = outside;
  const configuration = loadConfig(env, options);
  const log = createLog(write);
  for (const warning of configuration.warnings) log('configuration_warning', { warning });
  if (!configuration.ok) {
    log('configuration_invalid', { problems: configuration.problems.join('; ') });
    return { composition: { ok: false, message: configuration.message }, configuration, write };
  }
  const { config } = configuration;
  const signer = createUserSigSigner();
  const services = {
    config,
    clock,
    log,
    signer,
    database: createDatabaseSource(config.database),
    im: config.imEndpoint === null ? null : createImClient({ endpoint: config.imEndpoint, signer, clock }),
    trtc: config.trtc && createTrtcClient(config.trtc),
    tokens: createTokens(config.tokenKey, clock),
    shared: createSharedAnswers(),
    salts: createSalts(config.dataKeys, log),
    keepalives: createKeepalives(),
    ownProfiles: createOwnProfiles(),
  };
  return { composition: { ok: true, services }, configuration, write };
}
