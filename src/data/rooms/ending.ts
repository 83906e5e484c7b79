/** What the transaction that ends a broadcast writes besides the room: its sanctions end, and the broadcast is kept as a row. */

import type { Executor } from '../engine/database';
import { join, raw, type Sql, sql, write } from '../engine/sql';
import { UNCOUNTED_MS } from '../statistics/activity';
import type { EndedBy } from '../statistics/broadcasts';
import type { Move } from './room-states';

export interface BroadcastEnd {
  endedBy: EndedBy;
  reason: string;
  now: number;
}

/** Who was in the broadcast `no` of `rooms` under this name. */
function membersOf(room: string, no: Sql): Sql {
  return sql`FROM members m WHERE m.room_pk = ${raw(room)}.id AND m.broadcast_no = ${no}`;
}

/** The highest count that was ever stored, or what is there now. */
function peakOf({ kind }: Pick<Executor, 'kind'>, room: string, no: Sql): Sql {
  const present = sql`(SELECT COUNT(*) ${membersOf(room, no)} AND m.present = 1)`;
  const counts = [raw(`${room}.peak`), raw(`${room}.nn_users`), present];
  return sql`${raw(kind === 'mysql' ? 'GREATEST' : 'MAX')}(${join(counts, ', ')})`;
}

/** What held until the end of the broadcast is over with it. `on` says of which one, of sanctions `x`. */
const inForceIn = (now: number) => sql`x.until_at > ${now}`;

/** For moveRoom: sanctions of the broadcast, in the statement that ends it. */
export function endingSanctions({ now }: Pick<BroadcastEnd, 'now'>): NonNullable<Move['along']> {
  return {
    join: sql`LEFT JOIN sanctions AS x
      ON x.room_pk = rooms.id AND x.broadcast_no = rooms.broadcast_no AND ${inForceIn(now)}`,
    set: sql`x.until_at = ${now}`,
  };
}

/** The same as a statement of its own. */
export async function endSanctionsOfBroadcast(
  tx: Executor,
  broadcast: { roomPk: number; broadcastNo: number; now: number },
): Promise<void> {
  const { roomPk, broadcastNo, now } = broadcast;
  const statement = sql`UPDATE sanctions AS x SET until_at = ${now}
    WHERE x.room_pk = ${roomPk} AND x.broadcast_no = ${broadcastNo} AND ${inForceIn(now)}`;
  await tx.execute(write('sanctions.end_of_broadcast', 'safe', statement));
}

/**
 * Writes down the broadcast that has just been ended in this transaction. `joined` are all who were in it. A second writing
 * changes nothing.
 */
export async function keepBroadcast(
  tx: Executor,
  ending: BroadcastEnd & { id: number; broadcastNo: number },
): Promise<void> {
  const { id, broadcastNo, endedBy, reason, now } = ending;
  const no = sql`${broadcastNo}`;
  const ignore = raw(tx.kind === 'mysql' ? 'INSERT IGNORE' : 'INSERT OR IGNORE');
  const statement = sql`${ignore} INTO broadcasts (tenant, room_id, broadcast_no, owner_id, title, category, started_at,
      ended_at, ended_by, reason, peak, joined, clean_at)
    SELECT r.tenant, r.room_id, ${no}, r.owner_id, r.title, r.category, r.created_at, ${now}, ${endedBy}, ${reason},
      ${peakOf(tx, 'r', no)}, (SELECT COUNT(*) ${membersOf('r', no)}), ${now + UNCOUNTED_MS}
    FROM rooms r WHERE r.id = ${id}`;
  await tx.execute(write('broadcasts.keep', 'safe', statement));
}
