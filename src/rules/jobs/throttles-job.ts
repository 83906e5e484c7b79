/** Scheduled: deletes counts of ended windows, records of IM calls older than a day, and ids of old transactions. */
import { deleteOldThrottles } from '../../data/accounts/throttles';
import { deleteOldCommits } from '../../data/engine/commits';
import { deleteOldSayings } from '../../data/outbox/said';
import { DAY_MS } from '../accounts/throttles';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const AT_ONCE = 500;

export async function deleteThrottles(run: JobRun): Promise<JobResult> {
  let throttlesDeleted = 0;
  while (run.hasTime()) {
    const deleted = await deleteOldThrottles(freshDatabase(run), run.services.clock() - 2 * DAY_MS, AT_ONCE);
    throttlesDeleted += deleted;
    if (deleted < AT_ONCE) break;
  }
  return { counts: { throttlesDeleted }, position: '' };
}

export async function deleteSayings(run: JobRun): Promise<JobResult> {
  let sayingsDeleted = 0;
  while (run.hasTime()) {
    const deleted = await deleteOldSayings(freshDatabase(run), run.services.clock() - DAY_MS, AT_ONCE);
    sayingsDeleted += deleted;
    if (deleted < AT_ONCE) break;
  }
  return { counts: { sayingsDeleted }, position: '' };
}

const COMMITS_AT_ONCE = 4_096;

export async function deleteCommits(run: JobRun): Promise<JobResult> {
  let commitsDeleted = 0;
  while (run.hasTime()) {
    const deleted = await deleteOldCommits(freshDatabase(run), COMMITS_AT_ONCE);
    commitsDeleted += deleted;
    if (deleted < COMMITS_AT_ONCE) break;
  }
  return { counts: { commitsDeleted }, position: '' };
}
