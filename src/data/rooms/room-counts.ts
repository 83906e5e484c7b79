/**
 * How many people are in a room. The counts of a small room are made whenever they are shown. Those of a large room are
 * stored and reused for a moment, and counted again in pieces: one statement about all members would hold up others.
 */
import type { Along } from '../engine/along';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, computed, list, raw, read, type Sql, sql, type Write, write } from '../engine/sql';
import { isInRoom, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { isLive } from './room-states';
import type { RoomKey } from './rooms';

/**
 * Counting costs about 2 µs a member, so a stored count is reused for 0.2 ms a member, 5 s at most: the counts of a room cost
 * about a hundredth of one processor, however many people are in it or ask. Below 100 joined, every count is made afresh.
 */
export const ALWAYS_COUNTED_BELOW = 100;
const MEMBERS_PER_MS = 5;
const MOST_FRESH_MS = 5_000;

const IS_SMALL = raw(`r.total_joined < ${ALWAYS_COUNTED_BELOW}`);
const FRESH_MS = sql`(CASE WHEN ${IS_SMALL} THEN 0
  WHEN r.total_joined < ${raw(String(MEMBERS_PER_MS * MOST_FRESH_MS))} THEN r.total_joined / ${raw(String(MEMBERS_PER_MS))}
  ELSE ${raw(String(MOST_FRESH_MS))} END)`;

/** The stored counts of room `r` are too old to be shown or ordered by. */
const isStale = ({ now }: OnlineCutoffs) => sql`r.counted_at + ${FRESH_MS} <= ${now}`;

/** Members of the present broadcast of `r` who are online. */
export function presentCount(cutoffs: OnlineCutoffs): Sql {
  return sql`(SELECT COUNT(*) FROM members m ${presenceOf('m.user_id', 'p')}
    WHERE m.room_pk = r.id AND m.broadcast_no = r.broadcast_no AND ${isInRoom(cutoffs)})`;
}

export const JOINED_COUNT = raw(
  '(SELECT COUNT(*) FROM members j WHERE j.room_pk = r.id AND j.broadcast_no = r.broadcast_no)',
);

interface ShownCounts {
  nn_users: number;
  total_joined: number;
  /** 1: the stored counts of a large room are too old to be shown; countRoom counts again. */
  stale: number;
}

/** Of rooms `r`. */
export function shownCounts(cutoffs: OnlineCutoffs) {
  return computed<ShownCounts>({
    nn_users: sql`CASE WHEN ${IS_SMALL} THEN ${presentCount(cutoffs)} ELSE r.nn_users END`,
    total_joined: sql`CASE WHEN ${IS_SMALL} THEN ${JOINED_COUNT} ELSE r.total_joined END`,
    stale: sql`CASE WHEN ${IS_SMALL} THEN 0 WHEN ${isStale(cutoffs)} THEN 1 ELSE 0 END`,
  });
}

/**
 * Counts again and stores it, unless the stored counts are fresh: the first of many entries that find them stale does the
 * work. The count that was there goes into the peak, the new one with the next counting or at the end: first, since MySQL
 * assigns in order.
 */
function refreshing(which: Sql, cutoffs: OnlineCutoffs): Write {
  const statement = sql`UPDATE rooms AS r
    SET peak = CASE WHEN peak < nn_users THEN nn_users ELSE peak END,
      nn_users = ${presentCount(cutoffs)}, total_joined = ${JOINED_COUNT}, counted_at = ${cutoffs.now}
    WHERE ${which} AND ${isStale(cutoffs)}`;
  return write('rooms.refresh_counts', 'safe', statement);
}

const named = ({ tenant, roomId }: RoomKey) => sql`r.tenant = ${tenant} AND r.room_id = ${roomId} AND ${isLive('r')}`;

export async function refreshCountsOf(db: Executor, id: number, cutoffs: OnlineCutoffs): Promise<void> {
  await db.execute(refreshing(sql`r.id = ${id}`, cutoffs));
}

/** Of live rooms, by the ids that the apps know. */
export async function refreshCountsOfNamed(
  db: Executor,
  { tenant, roomIds }: { tenant: string; roomIds: readonly string[] },
  cutoffs: OnlineCutoffs,
): Promise<void> {
  const ids = list([...new Set(roomIds)]);
  await db.execute(refreshing(sql`r.tenant = ${tenant} AND r.room_id IN (${ids}) AND ${isLive('r')}`, cutoffs));
}

/** With another UPDATE, which has no table `r` or `c`: the counts of a live room, if they are stale. */
export function refreshingCountsOf(key: RoomKey, cutoffs: OnlineCutoffs): Along {
  const together = () => {
    const stale = sql`${named(key)} AND ${isStale(cutoffs)}`;
    // A table of its own, worked out first: a subquery must not read what its statement writes to.
    const counted = sql`SELECT MAX(r.broadcast_no) AS broadcast_no, COUNT(*) AS joined,
        COUNT(CASE WHEN ${isInRoom(cutoffs)} THEN 1 END) AS present
      FROM rooms r JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
        ${presenceOf('m.user_id', 'p')} WHERE ${stale}`;
    return {
      join: sql`LEFT JOIN (rooms AS r JOIN (${counted}) c ON c.broadcast_no = r.broadcast_no) ON ${stale}`,
      set: sql`peak = CASE WHEN peak < nn_users THEN nn_users ELSE peak END, nn_users = c.present,
        total_joined = c.joined, counted_at = ${cutoffs.now}`,
    };
  };
  return { together, alone: () => refreshing(named(key), cutoffs), order: 'after' };
}

/** Members that are counted in one statement: about 8 ms. */
const PIECE = 4_000;

export interface CountableRoom {
  id: number;
  broadcast_no: number;
}
export type PeopleCount = Pick<ShownCounts, 'nn_users' | 'total_joined'>;

const MEMBER = columns('members', 'm', ['user_id', 'present', 'alive_until']);

function pieceColumns(cutoffs: OnlineCutoffs) {
  return computed<{ joined: number; present: number; last: number | null }>({
    joined: sql`COUNT(*)`,
    present: sql`COUNT(CASE WHEN ${isInRoom(cutoffs)} THEN 1 END)`,
    last: raw('MAX(m.user_id)'),
  });
}

function pieceOf({ id, broadcast_no }: CountableRoom, after: number): Sql {
  return sql`SELECT ${MEMBER} FROM members m ${byIndex('PRIMARY')}
    WHERE m.room_pk = ${id} AND m.broadcast_no = ${broadcast_no} AND m.user_id > ${after} ORDER BY m.user_id LIMIT ${PIECE}`;
}

/** All who are or were in the room's present broadcast, and those of them who are in it now. */
export async function countRoom(db: Executor, room: CountableRoom, cutoffs: OnlineCutoffs): Promise<PeopleCount> {
  const count = { nn_users: 0, total_joined: 0 };
  const piece = pieceColumns(cutoffs);
  for (let after: number | null = 0; after !== null; ) {
    const statement: Sql = sql`SELECT ${piece} FROM (${pieceOf(room, after)}) m ${presenceOf('m.user_id', 'p')}`;
    const [found] = await db.query(read('rooms.count_piece', piece, statement));
    count.nn_users += found?.present ?? 0;
    count.total_joined += found?.joined ?? 0;
    after = found && found.joined === PIECE ? found.last : null;
  }
  return count;
}

/** Stores what was counted for the next one to use; nothing if newer counts are stored. */
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
