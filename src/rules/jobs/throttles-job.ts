/** Scheduled: forgets counts of windows that are over. */
import { deleteOldThrottles } from '../../data/throttles';
import { DAY_MS } from '../throttles';
import { freshDatabase, type Turn, type TurnResult } from './turn';

const AT_ONCE = 500;

export async function deleteThrottles(turn: Turn): Promise<TurnResult> {
  let throttlesDeleted = 0;
  while (turn.hasTime()) {
    const deleted = await deleteOldThrottles(freshDatabase(turn), turn.services.clock() - 2 * DAY_MS, AT_ONCE);
    throttlesDeleted += deleted;
    if (deleted < AT_ONCE) break;
  }
  return { counts: { throttlesDeleted }, position: '' };
}
