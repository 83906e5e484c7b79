/** How many people are in a large room, counted in pieces: one statement about all of them would hold up everybody else. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, computed, raw, read, type Sql, sql, write } from '../engine/sql';
import { isInRoom, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import type { ListedRoom } from './room-lists';

/** Members that are counted in one statement: about 8 ms. */
const PIECE = 4_000;

export type CountableRoom = Pick<ListedRoom, 'id' | 'broadcast_no'>;
export type PeopleCount = Pick<ListedRoom, 'nn_users' | 'total_joined'>;

const MEMBER = columns('members', 'm', ['user_id', 'present', 'alive_until']);

function pieceColumns(cutoffs: OnlineCutoffs) {
  return computed<{ joined: number; present: number; last: number | null }>({
    joined: sql`COUNT(*)`,
    present: sql`COUNT(CASE WHEN ${isInRoom(cutoffs)} THEN 1 END)`,
    last: raw('MAX(m.user_id)'),
  });
}

function pieceOf(db: Executor, { id, broadcast_no }: CountableRoom, after: number): Sql {
  return sql`SELECT ${MEMBER} FROM members m ${byIndex(db, 'PRIMARY')}
    WHERE m.room_pk = ${id} AND m.broadcast_no = ${broadcast_no} AND m.user_id > ${after} ORDER BY m.user_id LIMIT ${PIECE}`;
}

/** All who are or were in the room's present broadcast, and those of them who are in it now. */
export async function countRoom(db: Executor, room: CountableRoom, cutoffs: OnlineCutoffs): Promise<PeopleCount> {
  const count = { nn_users: 0, total_joined: 0 };
  const piece = pieceColumns(cutoffs);
  for (let after: number | null = 0; after !== null; ) {
    const statement: Sql = sql`SELECT ${piece} FROM (${pieceOf(db, room, after)}) m ${presenceOf('m.user_id', 'p')}`;
    const [found] = await db.query(read('rooms.count_piece', piece, statement));
    count.nn_users += found?.present ?? 0;
    count.total_joined += found?.joined ?? 0;
    after = found && found.joined === PIECE ? found.last : null;
  }
  return count;
}

/** Stores what was counted for the next one to use; nothing where somebody has stored newer counts. */
export async function storeCount(
  db: Executor,
  { id, broadcast_no, nn_users, total_joined }: CountableRoom & PeopleCount,
  { now }: OnlineCutoffs,
): Promise<void> {
  const statement = sql`UPDATE rooms SET nn_users = ${nn_users}, total_joined = ${total_joined}, counted_at = ${now},
      peak = CASE WHEN peak < ${nn_users} THEN ${nn_users} ELSE peak END
    WHERE id = ${id} AND broadcast_no = ${broadcast_no} AND counted_at < ${now}`;
  await db.execute(write('rooms.store_counts', 'safe', statement));
}
