/** Who is in a room, per life of the room: a new life begins with nobody, without deleting anything. */
import { sql } from 'kysely';
import type { Executor } from './engine/database';
import { byIndex, onConflict, proposed } from './engine/dialect';
import { query } from './engine/kysely-query';
import type { Moment } from './room-lists';
import type { Room, RoomKey } from './rooms';
import { FOREVER } from './schema';
import type { LiveSession } from './sessions';

export interface Entry {
  by: LiveSession;
  role: string;
  now: number;
}

/** Puts the user into the open life, or changes the role of who is there. False where that life has ended. */
export async function enterMember(db: Executor, room: Pick<Room, 'id' | 'live_no'>, entry: Entry): Promise<boolean> {
  const set = `role = ${proposed(db, 'role')},
    joined_at = CASE WHEN members.present = 1 THEN members.joined_at ELSE ${proposed(db, 'joined_at')} END,
    present = 1, alive_until = ${FOREVER}, event_at = ${proposed(db, 'event_at')}`;
  const result = await db.run(
    query(
      db,
      sql`INSERT INTO members (room_pk, live_no, user_id, role, present, joined_at, alive_until, event_at)
        SELECT r.id, r.live_no, ${entry.by.userId}, ${entry.role}, 1, ${entry.now}, ${sql.raw(String(FOREVER))}, ${entry.now}
        FROM rooms r WHERE r.id = ${room.id} AND r.live_no = ${room.live_no} AND r.status = 1
        ${onConflict(db, 'room_pk, live_no, user_id', set)}`,
    ),
  );
  return result.affected > 0;
}

/** Puts the owner into the life that is about to begin; nobody sees it before openRoom. */
export async function enterComingLife(db: Executor, room: { id: number; liveNo: number }, entry: Entry): Promise<void> {
  const set = `role = ${proposed(db, 'role')}, present = 1, joined_at = ${proposed(db, 'joined_at')},
    alive_until = ${FOREVER}, event_at = ${proposed(db, 'event_at')}`;
  await db.run(
    query(
      db,
      sql`INSERT INTO members (room_pk, live_no, user_id, role, present, joined_at, alive_until, event_at)
        VALUES (${room.id}, ${room.liveNo}, ${entry.by.userId}, ${entry.role}, 1, ${entry.now}, ${sql.raw(String(FOREVER))},
          ${entry.now})
        ${onConflict(db, 'room_pk, live_no, user_id', set)}`,
    ),
  );
}

/** Takes the user out of the present life of one room; nothing happens where they are not in it. */
export async function leaveRoom(db: Executor, key: RoomKey & { by: LiveSession }): Promise<void> {
  const column = (name: 'id' | 'live_no') =>
    sql`(SELECT ${sql.raw(name)} FROM rooms WHERE tenant = ${key.tenant} AND room_id = ${key.roomId})`;
  await db.run(
    query(
      db,
      sql`UPDATE members SET present = 0
        WHERE room_pk = ${column('id')} AND live_no = ${column('live_no')} AND user_id = ${key.by.userId} AND present = 1`,
    ),
  );
}

/** Changes the caller's own role; false where they are not in the open room. */
export async function setRole(db: Executor, key: RoomKey & { by: LiveSession; role: string }): Promise<boolean> {
  const column = (name: 'id' | 'live_no') =>
    sql`(SELECT ${sql.raw(name)} FROM rooms WHERE tenant = ${key.tenant} AND room_id = ${key.roomId} AND status = 1)`;
  const result = await db.run(
    query(
      db,
      sql`UPDATE members SET role = ${key.role}
        WHERE room_pk = ${column('id')} AND live_no = ${column('live_no')} AND user_id = ${key.by.userId} AND present = 1`,
    ),
  );
  return result.affected > 0;
}

export interface ListedMember {
  user_id: number;
  name: string;
  avatar: string;
  role: string;
}

export interface MemberPage {
  owner_id: number;
  owner_alive_until: number | null;
  owner_seen_at: number | null;
  members: ListedMember[];
}

/**
 * One statement: the open room and who is there now, in the order of entering. undefined: no such open room. The inner
 * query names its room by constants, so that it walks the members in order and ends at the limit: joined to the room, it
 * would sort all members of a full room first.
 */
export async function listMembers(
  db: Executor,
  key: RoomKey,
  page: { limit: number } & Moment,
): Promise<MemberPage | undefined> {
  type Row = Omit<MemberPage, 'members'> &
    Omit<ListedMember, 'user_id'> & { user_id: number | null; joined_at: number };
  const room = sql`rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId} AND r.status = 1`;
  const rows = await db.rows(
    query<Row>(
      db,
      sql`SELECT r.owner_id, o.alive_until AS owner_alive_until, o.seen_at AS owner_seen_at,
        there.user_id, there.joined_at, COALESCE(u.name, '') AS name, COALESCE(u.avatar, '') AS avatar, there.role
        FROM rooms r LEFT JOIN presence o ON o.user_id = r.owner_id
        LEFT JOIN (SELECT m.user_id, m.joined_at, m.role FROM members m ${byIndex(db, 'members_in_order')}
          LEFT JOIN presence p ON p.user_id = m.user_id
          WHERE m.room_pk = (SELECT r.id FROM ${room}) AND m.live_no = (SELECT r.live_no FROM ${room}) AND m.present = 1
            AND m.alive_until > ${page.now} AND COALESCE(p.alive_until, 0) > ${page.memberLine}
          ORDER BY m.joined_at, m.user_id ${sql.raw(`LIMIT ${Math.trunc(page.limit)}`)}) there ON 1 = 1
        LEFT JOIN users u ON u.id = there.user_id
        WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId} AND r.status = 1`,
    ),
  );
  const [first] = rows;
  if (!first) return undefined;
  const members = rows.flatMap((row) => (row.user_id === null ? [] : [{ ...row, user_id: row.user_id }]));
  // The outer query keeps the inner one's choice, but need not keep its order.
  members.sort((a, b) => a.joined_at - b.joined_at || a.user_id - b.user_id);
  const { owner_id, owner_alive_until, owner_seen_at } = first;
  return { owner_id, owner_alive_until, owner_seen_at, members };
}

/** Open rooms this user is in and there, for the strict entry policy. */
export async function roomsOfMember(db: Executor, userId: number, { now, memberLine }: Moment): Promise<string[]> {
  const rows = await db.rows(
    query<{ room_id: string }>(
      db,
      sql`SELECT r.room_id FROM members m JOIN rooms r ON r.id = m.room_pk AND r.live_no = m.live_no
        LEFT JOIN presence p ON p.user_id = m.user_id
        WHERE m.user_id = ${userId} AND m.present = 1 AND r.status = 1 AND m.alive_until > ${now}
          AND COALESCE(p.alive_until, 0) > ${memberLine}`,
    ),
  );
  return rows.map((row) => row.room_id);
}
