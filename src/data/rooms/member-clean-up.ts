/** Removes all members of broadcasts that are over, by key and in batches. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, ints, type RowOf, raw, read, sql, write } from '../engine/sql';

export interface BroadcastKey {
  /** The room's internal number. */
  id: number;
  broadcastNo: number;
}

const MEMBER = columns('members', '', ['user_id']);
const OF_BROADCAST = sql`room_pk = ${int('id')} AND broadcast_no = ${int('broadcastNo')}`;
const FIRST = read(
  'members.first_of_broadcast',
  MEMBER,
  sql`SELECT ${MEMBER} FROM members ${byIndex('PRIMARY')} WHERE ${OF_BROADCAST} ORDER BY user_id LIMIT ${int('most')}`,
);
const DELETE = write(
  'members.delete_of_broadcast',
  'safe',
  sql`DELETE FROM members WHERE ${OF_BROADCAST} AND user_id <= ${int('last')}`,
);

/** Deletes up to `most` members of a broadcast; gives how many. */
export async function deleteMembers(db: Executor, broadcast: BroadcastKey, most: number): Promise<number> {
  const { id, broadcastNo } = broadcast;
  const rows = await db.query(FIRST, { id, broadcastNo, most });
  const last = rows.at(-1);
  if (!last) return 0;
  await db.execute(DELETE, { id, broadcastNo, last: last.user_id });
  return rows.length;
}

const ENDED = both(
  columns('broadcasts', 'b', ['id', 'broadcast_no']),
  computed<{ room_pk: number }>({ room_pk: raw('r.id') }),
);
export type EndedBroadcast = RowOf<typeof ENDED>;
const TO_CLEAN = read(
  'broadcasts.to_clean',
  ENDED,
  sql`SELECT ${ENDED} FROM broadcasts b JOIN rooms r ON r.tenant = b.tenant AND r.room_id = b.room_id
    WHERE b.clean_at > 0 AND b.clean_at <= ${int('now')} ORDER BY b.clean_at LIMIT ${int('most')}`,
);

/** Broadcasts whose members may be deleted by now. */
export function broadcastsToClean(db: Executor, now: number, most: number): Promise<EndedBroadcast[]> {
  return db.query(TO_CLEAN, { now, most });
}

const NOTE_CLEANED = write(
  'broadcasts.note_cleaned',
  'safe',
  sql`UPDATE broadcasts SET clean_at = 0 WHERE id IN (${ints('ids')})`,
);

/** Marks broadcasts without members. */
export async function noteCleaned(db: Executor, ids: readonly number[]): Promise<void> {
  await db.execute(NOTE_CLEANED, { ids });
}
