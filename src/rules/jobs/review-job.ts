/** Scheduled: texts in the review queue expire, and chat logs older than a tenant's chatLogDays are deleted. */
import { deleteOldChat } from '../../data/review/chat-log';
import { deleteOldHeld, expireHeld } from '../../data/review/held';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;
/** Held texts are kept this long at least, if the tenant keeps no log (days). */
const HELD_DAYS = 1;

async function deleteLog(run: JobRun, tenant: string, before: number): Promise<number> {
  let deleted = 0;
  while (run.hasTime()) {
    const some = await deleteOldChat(freshDatabase(run), { tenant, before, limit: AT_ONCE });
    deleted += some;
    if (some < AT_ONCE) break;
  }
  return deleted;
}

export async function keepReview(run: JobRun): Promise<JobResult> {
  const { clock, config, review } = run.services;
  const heldExpired = await expireHeld(freshDatabase(run), clock());
  let chatDeleted = 0;
  for (const { id: tenant } of config.tenants) {
    const { settings } = await review.cache.tenant(tenant);
    chatDeleted += await deleteLog(run, tenant, clock() - settings.chatLogDays * DAY_MS);
    const days = Math.max(HELD_DAYS, settings.chatLogDays);
    await deleteOldHeld(freshDatabase(run), { tenant, before: clock() - days * DAY_MS });
  }
  return { counts: { heldExpired, chatDeleted }, position: '' };
}
