/** Scheduled: forgets counts of windows that are over. */
import { deleteOldThrottles } from '../../data/accounts/throttles';
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
