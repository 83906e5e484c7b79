/** The other writes of the transaction that ends a broadcast: its sanctions end, and the broadcast is stored as a row. */

import type { Executor } from '../engine/database';
import { greatest, INSERT_IGNORING } from '../engine/dialect';
import type { Along } from '../engine/several-tables';
import { int, raw, sql, text, write } from '../engine/sql';
import { UNCOUNTED_MS } from '../statistics/activity';
import type { EndedBy } from '../statistics/broadcasts';
import { FORGET_KEPT } from './rooms-of-service';

export interface BroadcastEnd {
  endedBy: EndedBy;
  reason: string;
  now: number;
}

/** Ends the sanctions of a broadcast together with it. */
export const ENDING_SANCTIONS = {
  join: sql`LEFT JOIN sanctions AS x
    ON x.room_pk = rooms.id AND x.broadcast_no = rooms.broadcast_no AND x.until_at > ${int('now')}`,
  set: sql`x.until_at = ${int('now')}`,
  single: write(
    'sanctions.end_of_broadcast',
    'safe',
    sql`UPDATE sanctions AS x SET until_at = ${int('now')}
    WHERE x.room_pk = ${int('id')} AND x.broadcast_no = ${int('broadcastNo')} AND x.until_at > ${int('now')}`,
  ),
  order: 'after',
} as const satisfies Along<{ id: number; broadcastNo: number; now: number }>;

const MEMBERS = sql`FROM members m WHERE m.room_pk = r.id AND m.broadcast_no = ${int('broadcastNo')}`;
/** The highest count that was ever stored, or the present one. */
const PEAK = greatest([raw('r.peak'), raw('r.nn_users'), sql`(SELECT COUNT(*) ${MEMBERS} AND m.present = 1)`]);
const KEEP = write(
  'broadcasts.keep',
  'safe',
  sql`${INSERT_IGNORING} INTO broadcasts (tenant, room_id, broadcast_no, owner_id, title, category, started_at,
      ended_at, ended_by, reason, peak, joined, clean_at)
    SELECT r.tenant, r.room_id, ${int('broadcastNo')}, r.owner_id, r.title, r.category, r.created_at, ${int('now')},
      ${text('endedBy')}, ${text('reason')}, ${PEAK}, (SELECT COUNT(*) ${MEMBERS}), ${int('cleanAt')}
    FROM rooms r WHERE r.id = ${int('id')}`,
);

/**
 * Records the broadcast that has just been ended in this transaction; the next one is not kept open. `joined` are all who
 * were in it. A second writing changes nothing.
 */
export async function keepBroadcast(
  tx: Executor,
  ending: BroadcastEnd & { id: number; broadcastNo: number },
): Promise<void> {
  await tx.execute(FORGET_KEPT, { roomPk: ending.id });
  await tx.execute(KEEP, { ...ending, cleanAt: ending.now + UNCOUNTED_MS });
}
