/** Creates and connects the parts. Only this file knows all of them. */

import type { Log, Write } from './base/log';
import { type Metrics, NO_METRICS } from './base/metrics';
import { createCodeServices, createUploadServices } from './compose-codes';
import { createReviewServices } from './compose-review';
import { type Config, type ConfigOptions, type ConfigResult, loadConfig } from './config/config';
import { checkIdsInUse } from './data/accounts/ids-in-use';
import { createUserIds } from './data/accounts/public-ids';
import { createDatabaseSource, type DatabaseSource } from './data/engine/open';
import { outboxBacklog, webhookBacklog } from './data/jobs/backlog';
import { createRoomCounts } from './data/rooms/room-counts';
import { createPersonHashes } from './data/sanctions/person-hashes';
import { newestSample } from './data/statistics/samples';
import type { Composition } from './http/app';
import { CALLBACK_PATHS } from './http/callbacks';
import { createLog, writeToStdout } from './http/log';
import type { Gauges, MetricsPage } from './http/metrics';
import type { ProbeParts } from './http/probes';
import { createIdentityTokens } from './rules/accounts/identity-tokens';
import { createSalts } from './rules/accounts/salts';
import { createSessionCache } from './rules/accounts/session-cache';
import { createThrottles } from './rules/accounts/throttles';
import { createTokens } from './rules/accounts/tokens';
import { createAnswerCache } from './rules/answer-cache';
import type { Caches, Services, Vendors } from './rules/context';
import { JOB_NAMES } from './rules/jobs/maintenance';
import { createOperatorAccess } from './rules/operators/access';
import { newKey } from './rules/operators/keys';
import { createSubscriptions } from './rules/webhooks/events';
import { createWebhookSecrets } from './rules/webhooks/secrets';
import { createImClient } from './vendors/tencent/im';
import { createTrtcClient } from './vendors/tencent/trtc';
import { createUserSigSigner } from './vendors/tencent/usersig';

export interface ComposeOptions extends ConfigOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970; tests drive it. */
  clock?: () => number;
  write?: Write;
  /** Takes the codes that are not sent (CODE_DELIVERY=log, demo mode). Default: standard error. */
  writeCode?: Write;
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}

export interface Composed {
  composition: Composition;
  configuration: ConfigResult;
  write: Write;
  /** null where METRICS_TOKEN is not set. */
  metrics: ProbeParts['metrics'];
  /** The operator's key that a demo has made up for itself. */
  demoKey: string | null;
}

function gaugesOf(database: () => DatabaseSource, { tenants }: Config, clock: () => number): Gauges {
  const secondsSince = (at: number | null) => (at === null ? 0 : Math.max(0, (clock() - at) / 1000));
  return {
    pool: () => database().pool(),
    webhooks: async () => {
      const found = await webhookBacklog(database().forRequest());
      return [
        { state: 'waiting', deliveries: found.waiting, oldestSeconds: secondsSince(found.oldest_waiting) },
        { state: 'retrying', deliveries: found.retrying, oldestSeconds: secondsSince(found.oldest_retrying) },
      ];
    },
    samples: async () => {
      const samples = tenants.map(async ({ id }) => ({ id, sample: await newestSample(database().forRequest(), id) }));
      const found = await Promise.all(samples);
      return found.flatMap(({ id, sample }) => (sample ? [{ tenant: id, ...sample }] : []));
    },
    outbox: async () => {
      const { due, oldest } = await outboxBacklog(database().forRequest(), clock());
      return { due, oldestSeconds: secondsSince(oldest) };
    },
  };
}

/** Loading prom-client takes the same time as all of our code, so it is loaded only if METRICS_TOKEN is set. */
function loadMetrics(gauges: Gauges): MetricsPage {
  const { createMetrics }: typeof import('./http/metrics') = require('./http/metrics');
  return createMetrics(gauges, { jobs: JOB_NAMES, callbacks: CALLBACK_PATHS });
}

/** A function instance serves a few users in little memory; a server serves all users who are online. */
const FEW_TOKENS = 10_000;
const MANY_TOKENS = 100_000;

interface ServiceParts {
  clock: () => number;
  log: Log;
  writeCode: Write;
  metrics: Metrics;
  database: DatabaseSource;
  /** An operator's key besides those in the database; null = none. */
  adminKey: string | null;
}

function createVendors(config: Config, { clock, metrics }: Pick<ServiceParts, 'clock' | 'metrics'>): Vendors {
  const signer = createUserSigSigner();
  return {
    signer,
    im: config.imEndpoint === null ? null : createImClient({ endpoint: config.imEndpoint, signer, clock, metrics }),
    trtc: config.trtc && createTrtcClient({ ...config.trtc, metrics }),
    uploads: createUploadServices(config),
  };
}

function createServices(
  config: Config,
  { clock, log, writeCode, metrics, database, adminKey }: ServiceParts,
): Services {
  const caches: Caches = {
    answers: createAnswerCache(),
    roomCounts: createRoomCounts(),
    sessions: createSessionCache(),
    subscriptions: createSubscriptions(),
  };
  const review = createReviewServices(config, { database, clock, log });
  for (const kept of [caches.answers, caches.sessions, caches.subscriptions, review.cache]) database.keep(kept);
  return {
    config,
    metrics,
    clock,
    log,
    database,
    vendors: createVendors(config, { clock, metrics }),
    caches,
    tokens: createTokens(config.tokenKey, {
      clock,
      older: config.olderTokenKeys,
      remembered: config.cloud ? FEW_TOKENS : MANY_TOKENS,
    }),
    userIds: createUserIds(config.tenants),
    identityTokens: createIdentityTokens({ clock, log }),
    secrets: {
      salts: createSalts(config.dataKeys, log),
      personHashes: createPersonHashes(config.personKeys),
      webhookSecrets: createWebhookSecrets(config.dataKeys, log),
    },
    operatorAccess: createOperatorAccess({ adminKey, clock }),
    codes: createCodeServices(config, writeCode),
    throttles: createThrottles(),
    review,
  };
}

/** The texts of the chat log that wait are written before the database is closed. */
export async function closeServices({ review, database }: Services): Promise<void> {
  await review.chatLog.close();
  await database.close();
}

/** Nothing is connected or opened yet: the database is opened by the first request that needs it. */
export function compose(given: ComposeOptions): Composed {
  const { env, clock = Date.now, write = writeToStdout, writeCode = writeToStderr, ...options } = given;
  const configuration = loadConfig(env, options);
  const writeLine = createLog(write);
  let metrics = NO_METRICS;
  const log: Log = (event, fields) => {
    metrics.event(event, fields);
    writeLine(event, fields);
  };
  for (const warning of configuration.warnings) log('configuration_warning', { warning });
  if (!configuration.ok) {
    log('configuration_invalid', { problems: configuration.problems.join('; ') });
    return {
      composition: { ok: false, message: configuration.message },
      configuration,
      write,
      metrics: null,
      demoKey: null,
    };
  }
  const { config } = configuration;
  // A demo has an operator too; the process prints the key (main.ts), which ends with it.
  const demoKey = config.demo && config.adminKey === null ? newKey() : null;
  // Both need the other: the page asks the database only when it is read.
  const page = config.metricsToken === '' ? null : loadMetrics(gaugesOf(() => database, config, clock));
  metrics = page ?? NO_METRICS;
  const database = createDatabaseSource(config.database, {
    migrate: config.migrate,
    onBatch: metrics.batch,
    onOpen: (db) => checkIdsInUse(db, config.tenants, log),
    onUnknownMigrations: (names) => log('schema_of_later_release', { migrations: names.join(', ') }),
  });
  const parts = { clock, log, writeCode, metrics, database };
  const services = createServices(config, { ...parts, adminKey: config.adminKey ?? demoKey });
  const watched = page && { page, token: config.metricsToken };
  return { composition: { ok: true, services }, configuration, write, metrics: watched, demoKey };
}
