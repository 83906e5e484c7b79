/** Scheduled: deletes the members of ended broadcasts, which are no longer shown and may be many. */
import { broadcastsToClean, deleteMembers, type EndedBroadcast, noteCleaned } from '../../data/rooms/member-clean-up';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const BATCH = 100;
/** Rows deleted by one statement. */
const MEMBERS_AT_ONCE = 1_000;

/** True if no member is left. */
async function empty(run: JobRun, { room_pk, broadcast_no }: EndedBroadcast): Promise<boolean> {
  const broadcast = { id: room_pk, broadcastNo: broadcast_no };
  while (run.hasTime()) {
    if ((await deleteMembers(freshDatabase(run), broadcast, MEMBERS_AT_ONCE)) < MEMBERS_AT_ONCE) return true;
  }
  return false;
}

export async function cleanUpBroadcasts(run: JobRun): Promise<JobResult> {
  let broadcastsCleaned = 0;
  while (run.hasTime()) {
    const ended = await broadcastsToClean(freshDatabase(run), run.services.clock(), BATCH);
    const cleaned: number[] = [];
    for (const broadcast of ended) if (await empty(run, broadcast)) cleaned.push(broadcast.id);
    if (cleaned.length > 0) await noteCleaned(freshDatabase(run), cleaned);
    broadcastsCleaned += cleaned.length;
    if (ended.length < BATCH) break;
  }
  return { counts: { broadcastsCleaned }, position: '' };
}
