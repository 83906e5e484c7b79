/** Removing everybody of a broadcast that is over, by key and in batches. */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { columns, read, sql, write } from './engine/sql';

export interface BroadcastKey {
  /** The room's internal number. */
  id: number;
  broadcastNo: number;
}

const MEMBER = columns('members', '', ['user_id']);

/** Deletes up to `most` members of a broadcast; gives how many. */
export async function deleteMembers(db: Executor, broadcast: BroadcastKey, most: number): Promise<number> {
  const ofBroadcast = sql`room_pk = ${broadcast.id} AND broadcast_no = ${broadcast.broadcastNo}`;
  const first = sql`SELECT ${MEMBER} FROM members ${byIndex(db, 'PRIMARY')} WHERE ${ofBroadcast}
    ORDER BY user_id LIMIT ${most}`;
  const rows = await db.query(read('members.first_of_broadcast', MEMBER, first));
  const last = rows.at(-1);
  if (!last) return 0;
  const statement = sql`DELETE FROM members WHERE ${ofBroadcast} AND user_id <= ${last.user_id}`;
  await db.execute(write('members.delete_of_broadcast', 'safe', statement));
  return rows.length;
}
