/** Who is in a room, per broadcast: a new one begins with nobody, without deleting anything. */

import { isSession, type LiveSession, provedSession, type SessionKey } from '../accounts/sessions';
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { columns, raw, read, type Sql, sql, type Write, write } from '../engine/sql';
import { isInRoom, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { FOREVER } from '../schema';
import { isLive } from './room-states';
import type { RoomKey } from './rooms';

/** In the room until something says otherwise. */
const FOR_NOW = raw(String(FOREVER));

/** Users and the broadcasts that they enter: columns of the query `from`. */
export interface NewMembers {
  name: Write['name'];
  member: { room: Sql; broadcastNo: Sql; user: Sql; role: Sql };
  from: Sql;
  now: number;
}

/**
 * The one INSERT of members. A user who is in already gets the new role and keeps the place in the order of entering. Gives a
 * number above 0 if a row was written.
 */
export async function insertMembers(db: Executor, { name, member, from, now }: NewMembers): Promise<number> {
  const { room, broadcastNo, user, role } = member;
  const set = sql`role = ${proposed('role')},
    joined_at = CASE WHEN members.present = 1 THEN members.joined_at ELSE ${proposed('joined_at')} END,
    present = 1, alive_until = ${FOR_NOW}, event_at = ${proposed('event_at')}`;
  const statement = sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until, event_at)
    SELECT ${room}, ${broadcastNo}, ${user}, ${role}, 1, ${now}, ${FOR_NOW}, ${now} ${from}
    ${onConflict('room_pk, broadcast_no, user_id', set)}`;
  return (await db.execute(write(name, 'safe', statement))).affected;
}

/** Puts the owner into the broadcast that is about to begin; nobody sees it before it is opened. */
export async function enterComingBroadcast(
  db: Executor,
  { id, broadcastNo }: { id: number; broadcastNo: number },
  { by, role, now }: { by: LiveSession; role: string; now: number },
): Promise<void> {
  const member = { room: sql`${id}`, broadcastNo: sql`${broadcastNo}`, user: sql`${by.userId}`, role: sql`${role}` };
  // SQLite wants the WHERE before ON CONFLICT.
  const from = raw('FROM (SELECT 1 AS one) one WHERE 1 = 1');
  await insertMembers(db, { name: 'members.enter_coming_broadcast', member, from, now });
}

/** The members of the present broadcast of the room. They are found by the room's number, which takes an index each. */
export function inBroadcastOf(room: Sql): Sql {
  return sql`room_pk = (SELECT r.id ${room}) AND broadcast_no = (SELECT r.broadcast_no ${room})`;
}

function roomOf(key: RoomKey): Sql {
  return sql`FROM rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`;
}

export function openRoomOf(key: RoomKey): Sql {
  return sql`${roomOf(key)} AND ${isLive('r')}`;
}

/**
 * Takes the user out of the present broadcast of one room. Asks for the session while doing so; undefined where nobody was
 * taken out, because the user was not in it or the session has ended.
 */
export async function leaveRoom(db: Executor, key: RoomKey, session: SessionKey): Promise<LiveSession | undefined> {
  const statement = sql`UPDATE members SET present = 0
    WHERE ${inBroadcastOf(roomOf(key))} AND user_id = ${session.userId} AND present = 1
      AND EXISTS (SELECT 1 FROM sessions s WHERE ${isSession(session)})`;
  const { affected } = await db.execute(write('members.leave_one', 'safe', statement));
  if (affected > 0) db.changed({ tenant: key.tenant, roomId: key.roomId });
  return provedSession(session, affected);
}

/** Changes the caller's own role; undefined where they are not in the open room, or the session has ended. */
export async function setRole(
  db: Executor,
  key: RoomKey & { by: SessionKey; role: string },
): Promise<LiveSession | undefined> {
  const statement = sql`UPDATE members SET role = ${key.role}
    WHERE ${inBroadcastOf(openRoomOf(key))} AND user_id = ${key.by.userId} AND present = 1
      AND EXISTS (SELECT 1 FROM sessions s WHERE ${isSession(key.by)})`;
  const { affected } = await db.execute(write('members.set_role', 'safe', statement));
  if (affected > 0) db.changed({ tenant: key.tenant, roomId: key.roomId });
  return provedSession(key.by, affected);
}

const ROOM_ID = columns('rooms', 'r', ['room_id']);

/** Open rooms this user is in and online, for the strict entry policy. */
export async function roomsOfMember(db: Executor, userId: number, cutoffs: OnlineCutoffs): Promise<string[]> {
  const statement = sql`SELECT ${ROOM_ID} FROM members m JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no
    ${presenceOf('m.user_id', 'p')} WHERE m.user_id = ${userId} AND ${isLive('r')} AND ${isInRoom(cutoffs)}`;
  const rows = await db.query(read('members.rooms_of_user', ROOM_ID, statement));
  return rows.map((row) => row.room_id);
}
