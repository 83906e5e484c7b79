/** What the transaction that ends a broadcast writes besides the room: its sanctions end, and the broadcast is kept as a row. */

import type { Along } from '../engine/along';
import type { Executor } from '../engine/database';
import { join, raw, type Sql, sql, write } from '../engine/sql';
import { UNCOUNTED_MS } from '../statistics/activity';
import type { EndedBy } from '../statistics/broadcasts';

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

/** For moveRoom: the sanctions of the broadcast that it ends. */
export function endingSanctions(broadcast: { id: number; broadcastNo: number; now: number }): Along {
  const { id, broadcastNo, now } = broadcast;
  const ofBroadcast = (room: Sql, no: Sql) =>
    sql`x.room_pk = ${room} AND x.broadcast_no = ${no} AND x.until_at > ${now}`;
  const alone = () =>
    sql`UPDATE sanctions AS x SET until_at = ${now} WHERE ${ofBroadcast(sql`${id}`, sql`${broadcastNo}`)}`;
  const join = () => sql`LEFT JOIN sanctions AS x ON ${ofBroadcast(raw('rooms.id'), raw('rooms.broadcast_no'))}`;
  return {
    together: () => ({ join: join(), set: sql`x.until_at = ${now}` }),
    alone: () => write('sanctions.end_of_broadcast', 'safe', alone()),
    order: 'after',
  };
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
