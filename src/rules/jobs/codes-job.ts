/** Scheduled: deletes codes and counts that no rule reads anymore. */
import { deleteOldLimits } from '../../data/codes/code-limits';
import { deleteOldCodes } from '../../data/codes/codes';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

/** Longer than the longest window (a day) and the longest life of a code. */
const KEPT_MS = 2 * 86_400_000;
const AT_ONCE = 500;

export async function deleteOldSignInCodes(run: JobRun): Promise<JobResult> {
  let codesDeleted = 0;
  for (const remove of [deleteOldCodes, deleteOldLimits]) {
    for (;;) {
      // Work is left: the next run continues immediately.
      if (!run.hasTime()) return { counts: { codesDeleted }, position: 'more' };
      const deleted = await remove(freshDatabase(run), run.services.clock() - KEPT_MS, AT_ONCE);
      codesDeleted += deleted;
      if (deleted < AT_ONCE) break;
    }
  }
  return { counts: { codesDeleted }, position: '' };
}
