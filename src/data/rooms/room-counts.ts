/**
 * How many people are in a room. The counts of a small room are made whenever they are shown. Those of a large room are
 * stored and reused for a moment, and counted again in pieces: one statement about all members would delay others.
 */
import type { Database, Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import type { Along } from '../engine/several-tables';
import { columns, computed, int, raw, read, type Sql, sql, text, texts, write } from '../engine/sql';
import { IS_IN_ROOM, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { isLive } from './room-states';

/**
 * Counting costs about 2 µs a member, so a stored count is reused for 0.2 ms a member, 5 s at most: the counts of a room cost
 * about a hundredth of one processor, for any number of people and requests. Below 100 joined, every count is current.
 */
export const ALWAYS_COUNTED_BELOW = 100;
const MEMBERS_PER_MS = 5;
const MOST_FRESH_MS = 5_000;

const IS_SMALL = raw(`r.total_joined < ${ALWAYS_COUNTED_BELOW}`);
const FRESH_MS = sql`(CASE WHEN ${IS_SMALL} THEN 0
  WHEN r.total_joined < ${raw(String(MEMBERS_PER_MS * MOST_FRESH_MS))} THEN r.total_joined / ${raw(String(MEMBERS_PER_MS))}
  ELSE ${raw(String(MOST_FRESH_MS))} END)`;

/** The stored counts of room `r` are too old to be shown or ordered by. */
const IS_STALE = sql`r.counted_at + ${FRESH_MS} <= ${int('now')}`;

/** Members of the present broadcast of `r` who are online. */
export const PRESENT_COUNT = sql`(SELECT COUNT(*) FROM members m ${presenceOf('m.user_id', 'p')}
    WHERE m.room_pk = r.id AND m.broadcast_no = r.broadcast_no AND ${IS_IN_ROOM})`;

export const JOINED_COUNT = raw(
  '(SELECT COUNT(*) FROM members j WHERE j.room_pk = r.id AND j.broadcast_no = r.broadcast_no)',
);

interface ShownCounts {
  nn_users: number;
  total_joined: number;
  /** 1: the stored counts of a large room are too old to be shown; countRoom counts again. */
  stale: number;
}

/** The counts of rooms `r`; the values are OnlineCutoffs. */
export const SHOWN_COUNTS = computed<ShownCounts, OnlineCutoffs>({
  nn_users: sql`CASE WHEN ${IS_SMALL} THEN ${PRESENT_COUNT} ELSE r.nn_users END`,
  total_joined: sql`CASE WHEN ${IS_SMALL} THEN ${JOINED_COUNT} ELSE r.total_joined END`,
  stale: sql`CASE WHEN ${IS_SMALL} THEN 0 WHEN ${IS_STALE} THEN 1 ELSE 0 END`,
});

/**
 * Counts again and stores it, unless the stored counts are fresh: the first of many entries that find them stale does the
 * work. The count that was there goes into the peak, the new one with the next counting or at the end: first, since MySQL
 * assigns in order.
 */
function refreshing<P>(which: Sql<P>) {
  return write(
    'rooms.refresh_counts',
    'safe',
    sql`UPDATE rooms AS r
    SET peak = CASE WHEN peak < nn_users THEN nn_users ELSE peak END,
      nn_users = ${PRESENT_COUNT}, total_joined = ${JOINED_COUNT}, counted_at = ${int('now')}
    WHERE ${which} AND ${IS_STALE}`,
  );
}

const REFRESH = refreshing(sql`r.id = ${int('id')}`);

export async function refreshCountsOf(db: Executor, id: number, cutoffs: OnlineCutoffs): Promise<void> {
  await db.execute(REFRESH, { id, ...cutoffs });
}

/** Counts of live rooms, by the ids of the apps. */
export const REFRESH_NAMED = refreshing(
  sql`r.tenant = ${text('tenant')} AND r.room_id IN (${texts('roomIds')}) AND ${isLive('r')}`,
);

const IS_ROOM = sql`r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')} AND ${isLive('r')}`;
const STALE_ROOM = sql`${IS_ROOM} AND ${IS_STALE}`;
// A derived table, computed first: a subquery must not read the table that its statement writes.
const COUNTED = sql`SELECT MAX(r.broadcast_no) AS broadcast_no, COUNT(*) AS joined,
        COUNT(CASE WHEN ${IS_IN_ROOM} THEN 1 END) AS present
      FROM rooms r JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
        ${presenceOf('m.user_id', 'p')} WHERE ${STALE_ROOM}`;

/** Refreshes the counts of a live room, if they are stale, with another UPDATE, which has no table `r` or `c`. */
export const REFRESHING_COUNTS = {
  join: sql`LEFT JOIN (rooms AS r JOIN (${COUNTED}) c ON c.broadcast_no = r.broadcast_no) ON ${STALE_ROOM}`,
  set: sql`peak = CASE WHEN peak < nn_users THEN nn_users ELSE peak END, nn_users = c.present,
        total_joined = c.joined, counted_at = ${int('now')}`,
  single: refreshing(IS_ROOM),
  order: 'after',
} as const satisfies Along<{ tenant: string; roomId: string } & OnlineCutoffs>;

/** Members that are counted in one statement: about 8 ms. */
const PIECE = 4_000;

export interface CountableRoom {
  id: number;
  broadcast_no: number;
}
export type PeopleCount = Pick<ShownCounts, 'nn_users' | 'total_joined'>;

const PIECE_COUNTS = computed<{ joined: number; present: number; last: number | null }, OnlineCutoffs>({
  joined: sql`COUNT(*)`,
  present: sql`COUNT(CASE WHEN ${IS_IN_ROOM} THEN 1 END)`,
  last: raw('MAX(m.user_id)'),
});
const MEMBER = columns('members', 'm', ['user_id', 'present', 'alive_until']);
const COUNT_PIECE = read(
  'rooms.count_piece',
  PIECE_COUNTS,
  sql`SELECT ${PIECE_COUNTS} FROM (
      SELECT ${MEMBER} FROM members m ${byIndex('PRIMARY')}
      WHERE m.room_pk = ${int('id')} AND m.broadcast_no = ${int('broadcastNo')} AND m.user_id > ${int('after')}
      ORDER BY m.user_id LIMIT ${raw(String(PIECE))}
    ) m ${presenceOf('m.user_id', 'p')}`,
);

/** All who are or were in the room's present broadcast, and those of them who are in it now. */
export async function countRoom(
  db: Executor,
  { id, broadcast_no: broadcastNo }: CountableRoom,
  cutoffs: OnlineCutoffs,
): Promise<PeopleCount> {
  const count = { nn_users: 0, total_joined: 0 };
  for (let after: number | null = 0; after !== null; ) {
    const [found]: (typeof PIECE_COUNTS)['row'][] = await db.query(COUNT_PIECE, { ...cutoffs, id, broadcastNo, after });
    count.nn_users += found?.present ?? 0;
    count.total_joined += found?.joined ?? 0;
    after = found && found.joined === PIECE ? found.last : null;
  }
  return count;
}

const STORE_COUNTS = write(
  'rooms.store_counts',
  'safe',
  sql`UPDATE rooms SET nn_users = ${int('nn_users')}, total_joined = ${int('total_joined')}, counted_at = ${int('now')},
      peak = CASE WHEN peak < ${int('nn_users')} THEN ${int('nn_users')} ELSE peak END
    WHERE id = ${int('id')} AND broadcast_no = ${int('broadcast_no')} AND counted_at < ${int('now')}`,
);

/** Stores the counts for the next request; no effect if newer ones are stored. */
export async function storeCount(
  db: Executor,
  count: CountableRoom & PeopleCount,
  { now }: OnlineCutoffs,
): Promise<void> {
  await db.execute(STORE_COUNTS, { ...count, now });
}

export interface RoomCounts {
  /** Puts counts that may be shown into the rows whose stored ones are too old. */
  refresh(db: Database, rooms: readonly (CountableRoom & ShownCounts)[], cutoffs: OnlineCutoffs): Promise<void>;
}

async function countAgain(db: Database, room: CountableRoom, cutoffs: OnlineCutoffs): Promise<PeopleCount> {
  const count = await countRoom(db, room, cutoffs);
  await storeCount(db, { ...room, ...count }, cutoffs);
  return count;
}

/** Many find at the same moment that the counts of a room are too old; one of them counts, and the others wait for it. */
export function createRoomCounts(): RoomCounts {
  /** Keyed by room and broadcast. */
  const underWay = new Map<string, Promise<PeopleCount>>();

  function counted(db: Database, room: CountableRoom, cutoffs: OnlineCutoffs): Promise<PeopleCount> {
    const key = `${room.id} ${room.broadcast_no}`;
    const known = underWay.get(key);
    if (known) return known;
    const count = countAgain(db, room, cutoffs).finally(() => underWay.delete(key));
    underWay.set(key, count);
    return count;
  }

  return {
    async refresh(db, rooms, cutoffs) {
      const counting: Promise<unknown>[] = [];
      for (const room of rooms) {
        if (room.stale === 1) counting.push(counted(db, room, cutoffs).then((count) => Object.assign(room, count)));
      }
      await Promise.all(counting);
    },
  };
}
