/** Removing everybody of broadcasts that are over, by key and in batches. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, list, type RowOf, raw, read, sql, write } from '../engine/sql';

export interface BroadcastKey {
  /** The room's internal number. */
  id: number;
  broadcastNo: number;
}

const MEMBER = columns('members', '', ['user_id']);

/** Deletes up to `most` members of a broadcast; gives how many. */
export async function deleteMembers(db: Executor, broadcast: BroadcastKey, most: number): Promise<number> {
  const ofBroadcast = sql`room_pk = ${broadcast.id} AND broadcast_no = ${broadcast.broadcastNo}`;
  const first = sql`SELECT ${MEMBER} FROM members ${byIndex('PRIMARY')} WHERE ${ofBroadcast}
    ORDER BY user_id LIMIT ${most}`;
  const rows = await db.query(read('members.first_of_broadcast', MEMBER, first));
  const last = rows.at(-1);
  if (!last) return 0;
  const statement = sql`DELETE FROM members WHERE ${ofBroadcast} AND user_id <= ${last.user_id}`;
  await db.execute(write('members.delete_of_broadcast', 'safe', statement));
  return rows.length;
}

const ENDED = both(
  columns('broadcasts', 'b', ['id', 'broadcast_no']),
  computed<{ room_pk: number }>({ room_pk: raw('r.id') }),
);
export type EndedBroadcast = RowOf<typeof ENDED>;

/** Broadcasts whose members may be deleted by now. */
export function broadcastsToClean(db: Executor, now: number, most: number): Promise<EndedBroadcast[]> {
  const statement = sql`SELECT ${ENDED} FROM broadcasts b JOIN rooms r ON r.tenant = b.tenant AND r.room_id = b.room_id
    WHERE b.clean_at > 0 AND b.clean_at <= ${now} ORDER BY b.clean_at LIMIT ${most}`;
  return db.query(read('broadcasts.to_clean', ENDED, statement));
}

/** They have no members any more. */
export async function noteCleaned(db: Executor, ids: readonly number[]): Promise<void> {
  const statement = sql`UPDATE broadcasts SET clean_at = 0 WHERE id IN (${list(ids)})`;
  await db.execute(write('broadcasts.note_cleaned', 'safe', statement));
}
