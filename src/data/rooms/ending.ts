/**
 * What is written when a broadcast ends, in as few statements as each database allows: MySQL writes to several tables with
 * one. It can only change rows, so where the end is to be that one statement, the row in which the broadcast will be written
 * down is made when it begins: a blank, which is nobody's and which no list finds.
 */

import type { Executor } from '../engine/database';
import { ifMissing } from '../engine/dialect';
import { insertInto, join, raw, type Sql, sql, write } from '../engine/sql';
import { UNCOUNTED_MS } from '../statistics/activity';
import type { EndedBy } from '../statistics/broadcasts';
import type { Move } from './room-states';

/** No tenant is called so. Each room has one blank at most, by its internal number. */
const BLANK = '(blank)';

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

/** Makes the room's blank, where it has none. */
export async function makeBlank(db: Executor, roomPk: number): Promise<void> {
  const blank = { tenant: BLANK, room_id: String(roomPk), broadcast_no: 0, owner_id: 0, ended_by: '' };
  await db.execute(write('broadcasts.make_blank', 'safe', ifMissing(db, insertInto('broadcasts', blank), 'room_id')));
}

/**
 * For moveRoom: the sanctions, and the broadcast written down in the room's blank. A room that has none is not found.
 */
export function endingWithBlank(db: Executor, ending: BroadcastEnd): NonNullable<Move['along']> {
  const { endedBy, reason, now } = ending;
  const no = raw('rooms.broadcast_no');
  const sanctions = endingSanctions(ending);
  const broadcast = sql`b.tenant = rooms.tenant, b.room_id = rooms.room_id, b.broadcast_no = rooms.broadcast_no,
    b.owner_id = rooms.owner_id, b.title = rooms.title, b.category = rooms.category, b.started_at = rooms.created_at,
    b.ended_at = ${now}, b.ended_by = ${endedBy}, b.reason = ${reason}, b.peak = ${peakOf(db, 'rooms', no)},
    b.joined = (SELECT COUNT(*) ${membersOf('rooms', no)}), b.clean_at = ${now + UNCOUNTED_MS}`;
  return {
    join: sql`JOIN broadcasts AS b ON b.tenant = ${BLANK} AND b.room_id = CAST(rooms.id AS CHAR) AND b.broadcast_no = 0
      ${sanctions.join}`,
    set: join([broadcast, sanctions.set], ', '),
  };
}
