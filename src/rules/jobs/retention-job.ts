/** Scheduled: deletes reports, appeals, sanctions that are over, unused room ids and rows of jobs, by their age. */
import type { Database } from '../../data/engine/database';
import {
  deleteOldAppeals,
  deleteOldJobs,
  deleteOldReports,
  deleteOldSanctions,
  deleteUnusedIds,
  keySanctions,
} from '../../data/jobs/old-rows';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const DAY_MS = 86_400_000;
const AT_ONCE = 500;
/** A generated roomId that no room has belongs to its owner for this long (days). */
const UNUSED_ID_DAYS = 90;
/** Retention of jobs for old keys. */
const JOB_DAYS = 90;

/** Runs batches until one is not full. */
async function batches(run: JobRun, batch: (db: Database) => Promise<number>): Promise<number> {
  let total = 0;
  while (run.hasTime()) {
    const some = await batch(freshDatabase(run));
    total += some;
    if (some < AT_ONCE) break;
  }
  return total;
}

export async function deleteOldRows(run: JobRun): Promise<JobResult> {
  const { clock, config } = run.services;
  const { reportKeepDays, sanctionKeepDays } = config;
  const old = (days: number) => ({ before: clock() - days * DAY_MS, limit: AT_ONCE });
  const counts = { reportsDeleted: 0, appealsDeleted: 0, sanctionsDeleted: 0, idsDeleted: 0 };
  if (reportKeepDays > 0) counts.reportsDeleted = await batches(run, (db) => deleteOldReports(db, old(reportKeepDays)));
  if (sanctionKeepDays > 0) {
    const of = old(sanctionKeepDays);
    counts.appealsDeleted = await batches(run, (db) => deleteOldAppeals(db, of));
    for (const { id: tenant } of config.tenants) {
      counts.sanctionsDeleted += await batches(run, (db) => deleteOldSanctions(db, { tenant, ...of }));
    }
  }
  counts.idsDeleted = await batches(run, (db) => deleteUnusedIds(db, old(UNUSED_ID_DAYS)));
  await deleteOldJobs(freshDatabase(run), old(JOB_DAYS));
  return { counts, position: '' };
}

/** Scheduled, once a day: sanctions of 1.1.0 get keyed hashes. */
export async function keyOldSanctions(run: JobRun): Promise<JobResult> {
  let after: number | undefined = Number(run.position || '0');
  while (after !== undefined && run.hasTime()) {
    after = await keySanctions(freshDatabase(run), run.services.secrets.personHashes, { after, limit: AT_ONCE });
  }
  return { counts: {}, position: after === undefined ? '' : String(after) };
}
