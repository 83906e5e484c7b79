/** Removing members who are gone, and everybody of a life that is over. By key and in batches. */
import { sql } from 'kysely';
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { query } from './engine/kysely-query';

export interface Life {
  /** The room's internal number. */
  id: number;
  liveNo: number;
}

/** Deletes up to `most` members of a life; gives how many. */
export async function forgetMembers(db: Executor, life: Life, most: number): Promise<number> {
  const ofLife = sql`room_pk = ${life.id} AND live_no = ${life.liveNo}`;
  const page = sql.raw(`LIMIT ${Math.trunc(most)}`);
  const rows = await db.rows(
    query<{ user_id: number }>(
      db,
      sql`SELECT user_id FROM members ${byIndex(db, 'PRIMARY')} WHERE ${ofLife} ORDER BY user_id ${page}`,
    ),
  );
  const last = rows.at(-1);
  if (!last) return 0;
  await db.run(query(db, sql`DELETE FROM members WHERE ${ofLife} AND user_id <= ${last.user_id}`));
  return rows.length;
}

export interface GoneMember {
  room_pk: number;
  live_no: number;
  user_id: number;
}

/** Up to `most` users who count as members of these open rooms but have been gone since `goneSince`. */
export async function findGoneMembers(
  db: Executor,
  roomIds: readonly number[],
  page: { goneSince: number; most: number },
): Promise<GoneMember[]> {
  return db.rows(
    query<GoneMember>(
      db,
      sql`SELECT m.room_pk, m.live_no, m.user_id FROM rooms r
        JOIN members m ON m.room_pk = r.id AND m.live_no = r.live_no AND m.present = 1
        LEFT JOIN presence p ON p.user_id = m.user_id
        WHERE r.id IN (${sql.join(roomIds)}) AND r.status = 1
          AND (m.alive_until <= ${page.goneSince} OR p.user_id IS NULL OR p.alive_until <= ${page.goneSince})
        ${sql.raw(`LIMIT ${Math.trunc(page.most)}`)}`,
    ),
  );
}

/** Takes those of `userIds` out of the room who are still gone; gives how many. */
export async function removeGoneMembers(
  db: Executor,
  life: Life,
  gone: { userIds: readonly number[]; goneSince: number },
): Promise<number> {
  const result = await db.run(
    query(
      db,
      sql`UPDATE members SET present = 0
        WHERE room_pk = ${life.id} AND live_no = ${life.liveNo} AND present = 1
          AND user_id IN (${sql.join(gone.userIds)})
          AND (alive_until <= ${gone.goneSince} OR NOT EXISTS
            (SELECT 1 FROM presence p WHERE p.user_id = members.user_id AND p.alive_until > ${gone.goneSince}))`,
    ),
  );
  return result.affected;
}
