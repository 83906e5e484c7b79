/**
 * The scheduled jobs: every minute by a timer of the cloud, or by one in the process (timer.ts). May run concurrently: a
 * job claimed by another process is skipped, and every step checks again before it writes.
 */
import { DatabaseError, failedStatement } from '../../base/errors';
import { deleteExpiredSessions } from '../../data/accounts/sessions';
import { acquireLease, releaseLease } from '../../data/jobs/jobs';
import type { Services } from '../context';
import { workOffOutbox } from '../outbox/outbox-job';
import { keepStatistics } from '../statistics/roll-up';
import { takeSamples } from '../statistics/sampler';
import { createDeliverer, deleteDeliveries } from '../webhooks/deliver';
import { keepAccounts } from './accounts-job';
import { deleteAudit } from './audit-job';
import { cleanUpBroadcasts } from './broadcasts-job';
import { deleteOldSignInCodes } from './codes-job';
import { freshDatabase, type Job, type JobResult, type JobRun } from './job-run';
import { cleanUpMembers } from './members-job';
import { deleteOldRows, keyOldSanctions } from './retention-job';
import { keepReview } from './review-job';
import { clearExpiredLeases, endAbandonedRooms } from './rooms-job';
import { deleteCommits, deleteSayings, deleteThrottles } from './throttles-job';

/** Longer than any run: a job whose worker died is free again after this (ms). */
const LEASE_MS = 55_000;
const SESSIONS_AT_ONCE = 1_000;

async function deleteSessions(run: JobRun): Promise<JobResult> {
  let sessionsDeleted = 0;
  while (run.hasTime()) {
    const { clock } = run.services;
    const deleted = await deleteExpiredSessions(freshDatabase(run), clock(), SESSIONS_AT_ONCE);
    sessionsDeleted += deleted;
    if (deleted < SESSIONS_AT_ONCE) break;
  }
  return { counts: { sessionsDeleted }, position: '' };
}

/** Finished hours and days; samples are not taken in the jobs, since each sample is its own lock. */
async function rollUpStatistics(run: JobRun): Promise<JobResult> {
  return { counts: { samplesRolledUp: await keepStatistics(run.services) }, position: '' };
}

interface Entry {
  name: string;
  /** The job has a separate position and pause for every value of this. */
  variant?: (services: Services) => string;
  job: Job;
  /** Pause of a finished job (ms). */
  restMs: number;
}

const JOBS: readonly Entry[] = [
  { name: 'rooms', job: endAbandonedRooms, restMs: 0 },
  { name: 'leases', job: clearExpiredLeases, restMs: 0 },
  // Reads every member of every open room; not urgent.
  { name: 'members', job: cleanUpMembers, restMs: 120_000 },
  { name: 'broadcasts', job: cleanUpBroadcasts, restMs: 0 },
  { name: 'sessions', job: deleteSessions, restMs: 0 },
  { name: 'statistics', job: rollUpStatistics, restMs: 600_000 },
  { name: 'accounts', variant: ({ secrets }) => secrets.salts.newestKey, job: keepAccounts, restMs: 86_400_000 },
  // This can wait, and the deleted rows are small.
  { name: 'codes', job: deleteOldSignInCodes, restMs: 600_000 },
  { name: 'deliveries', job: deleteOldDeliveries, restMs: 3_600_000 },
  { name: 'audit', job: deleteAudit, restMs: 3_600_000 },
  { name: 'retention', job: deleteOldRows, restMs: 3_600_000 },
  { name: 'sanction_keys', job: keyOldSanctions, restMs: 86_400_000 },
  { name: 'review', job: keepReview, restMs: 60_000 },
  { name: 'throttles', job: deleteThrottles, restMs: 3_600_000 },
  { name: 'im_said', job: deleteSayings, restMs: 3_600_000 },
  { name: 'commits', job: deleteCommits, restMs: 0 },
];

/** What `job_failed` may name. */
export const JOB_NAMES: readonly string[] = [...JOBS.map(({ name }) => name), 'outbox'];

export interface RunOptions {
  /** No new batch starts after this many milliseconds. */
  budgetMs: number;
  /** Skips jobs that a process finished within this many milliseconds. Default 0. */
  unlessDoneWithinMs?: number;
  /** Called with the duration of each job. */
  timed?: (job: string, ms: number) => void;
}

export type RunReport = Record<string, number | boolean | string>;

async function runJob(services: Services, entry: Entry, limits: { end: number; restMs: number }): Promise<RunReport> {
  const { job, restMs } = entry;
  const name = entry.variant ? `${entry.name}:${entry.variant(services)}` : entry.name;
  const now = services.clock();
  const lease = { now, until: now + LEASE_MS, unlessDoneSince: now - Math.max(restMs, limits.restMs) };
  const taken = await acquireLease(services.database.forRequest(), name, lease);
  if (!taken) return {};
  const hasTime = () => performance.now() < limits.end;
  const { counts, position } = await job({ services, position: taken.position, hasTime });
  const done = { until: taken.until, now: services.clock(), position };
  await releaseLease(services.database.forRequest(), name, done);
  return { ...counts, ...(position !== '' && { [`${entry.name}Unfinished`]: true }) };
}

function reasonOf(error: unknown): string {
  return error instanceof DatabaseError ? error.driverCode : 'failed';
}

async function guarded(services: Services, name: string, work: Promise<RunReport>): Promise<RunReport> {
  try {
    return await work;
  } catch (error) {
    services.log('job_failed', { job: name, reason: reasonOf(error), statement: failedStatement(error) });
    return { [`${name}Failed`]: true };
  }
}

/** Delivery for functions; a running server delivers all the time. */
async function deliverWebhooks(services: Services, end: number): Promise<number> {
  const until = performance.now() + (end - performance.now()) / 2;
  return createDeliverer(services)
    .deliverDue(() => performance.now() < until)
    .catch(() => 0);
}

async function deleteOldDeliveries(run: JobRun): Promise<JobResult> {
  return { counts: { deliveriesDeleted: await deleteDeliveries(run.services, run.hasTime) }, position: '' };
}

/** Runs recent unfinished items; one cheap read if there is none. */
export async function runOutbox(services: Services, budgetMs: number): Promise<RunReport> {
  const end = performance.now() + budgetMs;
  const hasTime = () => performance.now() < end;
  const outbox = workOffOutbox({ services, position: '', hasTime }).then((result) => ({ ...result.counts }));
  return guarded(services, 'outbox', outbox);
}

/** Runs every job within its share of the time; a failing job does not stop the others. Logs one line. */
export async function runMaintenance(services: Services, options: RunOptions): Promise<RunReport> {
  const started = performance.now();
  const end = started + options.budgetMs;
  const report: RunReport = { samples: await takeSamples(services) };
  for (const [index, entry] of JOBS.entries()) {
    const now = performance.now();
    const share = (end - now) / (JOBS.length - index + 1);
    const limits = { end: now + share, restMs: options.unlessDoneWithinMs ?? 0 };
    Object.assign(report, await guarded(services, entry.name, runJob(services, entry, limits)));
    options.timed?.(entry.name, performance.now() - now);
  }
  report['webhooksDelivered'] = await deliverWebhooks(services, end);
  Object.assign(report, await runOutbox(services, end - performance.now()));
  report['ms'] = Math.round(performance.now() - started);
  services.log('maintenance', report);
  return report;
}
