/** Scheduled: due items of the outbox. Needs no lease, since every item has its own. */
import { dueItems } from '../../data/outbox/outbox';
import { freshContext, type JobResult, type JobRun } from '../jobs/job-run';
import { canWorkHere, workOn } from './outbox';

const BATCH = 64;
/** Concurrent calls; IM accepts 200 a second and TRTC 20. */
const WORKERS = 8;
const ITEM_MS = 4_000;

export async function workOffOutbox(run: JobRun): Promise<JobResult> {
  const counts = { outboxDone: 0, outboxPutOff: 0 };
  while (run.hasTime()) {
    const { db, now } = freshContext(run);
    const due = await dueItems(db, now, BATCH);
    const items = due.filter((item) => canWorkHere(run.services, item));
    const queue = [...items];
    const worker = async () => {
      for (let item = queue.shift(); item && run.hasTime(); item = queue.shift()) {
        const done = await workOn(freshContext(run), item, ITEM_MS);
        counts[done ? 'outboxDone' : 'outboxPutOff'] += 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(WORKERS, items.length) }, worker));
    // If another process has claimed the whole batch, the next search would find the same.
    if (due.length < BATCH || items.length === 0) break;
  }
  return { counts, position: '' };
}
