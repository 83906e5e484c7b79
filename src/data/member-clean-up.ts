/** Removing members who are gone, and everybody of a life that is over. By key and in batches. */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { columns, list, type RowOf, read, sql, write } from './engine/sql';

export interface Life {
  /** The room's internal number. */
  id: number;
  liveNo: number;
}

const MEMBER = columns('members', '', ['user_id']);

/** Deletes up to `most` members of a life; gives how many. */
export async function forgetMembers(db: Executor, life: Life, most: number): Promise<number> {
  const ofLife = sql`room_pk = ${life.id} AND live_no = ${life.liveNo}`;
  const first = sql`SELECT ${MEMBER} FROM members ${byIndex(db, 'PRIMARY')} WHERE ${ofLife}
    ORDER BY user_id LIMIT ${most}`;
  const rows = await db.query(read('members.first_of_life', MEMBER, first));
  const last = rows.at(-1);
  if (!last) return 0;
  const statement = sql`DELETE FROM members WHERE ${ofLife} AND user_id <= ${last.user_id}`;
  await db.execute(write('members.forget', 'safe', statement));
  return rows.length;
}

const GONE_MEMBER = columns('members', 'm', ['room_pk', 'live_no', 'user_id']);

export type GoneMember = RowOf<typeof GONE_MEMBER>;

/** Up to `most` users who count as members of these open rooms but have been gone since `goneSince`. */
export async function findGoneMembers(
  db: Executor,
  roomIds: readonly number[],
  page: { goneSince: number; most: number },
): Promise<GoneMember[]> {
  const statement = sql`SELECT ${GONE_MEMBER} FROM rooms r
    JOIN members m ON m.room_pk = r.id AND m.live_no = r.live_no AND m.present = 1
    LEFT JOIN presence p ON p.user_id = m.user_id
    WHERE r.id IN (${list(roomIds)}) AND r.status = 1
      AND (m.alive_until <= ${page.goneSince} OR p.user_id IS NULL OR p.alive_until <= ${page.goneSince})
    LIMIT ${page.most}`;
  return db.query(read('members.find_gone', GONE_MEMBER, statement));
}

/** Takes those of `userIds` out of the room who are still gone; gives how many. */
export async function removeGoneMembers(
  db: Executor,
  life: Life,
  gone: { userIds: readonly number[]; goneSince: number },
): Promise<number> {
  const statement = sql`UPDATE members SET present = 0
    WHERE room_pk = ${life.id} AND live_no = ${life.liveNo} AND present = 1 AND user_id IN (${list(gone.userIds)})
      AND (alive_until <= ${gone.goneSince} OR NOT EXISTS
        (SELECT 1 FROM presence p WHERE p.user_id = members.user_id AND p.alive_until > ${gone.goneSince}))`;
  return (await db.execute(write('members.remove_gone', 'safe', statement))).affected;
}
