/** Scheduled: deletes counts of ended windows, and records of IM calls older than a day. */
import { deleteOldThrottles } from '../../data/accounts/throttles';
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
