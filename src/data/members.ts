/** Who is in a room, per broadcast: a new one begins with nobody, without deleting anything. */
import type { Executor } from './engine/database';
import { byIndex, onConflict, proposed } from './engine/dialect';
import { both, columns, nullable, type RowOf, raw, read, type Sql, sql, write } from './engine/sql';
import { isInRoom, type OnlineCutoffs, OWNER_PRESENCE, presenceOf } from './presence/predicates';
import type { RoomKey } from './rooms';
import { FOREVER } from './schema';
import { isSession, type LiveSession, provedSession, type SessionKey } from './sessions';

/** In the room until something says otherwise. */
const FOR_NOW = raw(String(FOREVER));

export interface Entry {
  by: LiveSession;
  role: string;
  now: number;
}

/** Puts the owner into the broadcast that is about to begin; nobody sees it before it is opened. */
export async function enterComingBroadcast(
  db: Executor,
  room: { id: number; broadcastNo: number },
  entry: Entry,
): Promise<void> {
  const set = sql`role = ${proposed(db, 'role')}, present = 1, joined_at = ${proposed(db, 'joined_at')},
    alive_until = ${FOR_NOW}, event_at = ${proposed(db, 'event_at')}`;
  const statement = sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until, event_at)
    VALUES (${room.id}, ${room.broadcastNo}, ${entry.by.userId}, ${entry.role}, 1, ${entry.now}, ${FOR_NOW}, ${entry.now})
    ${onConflict(db, 'room_pk, broadcast_no, user_id', set)}`;
  await db.execute(write('members.enter_coming_broadcast', 'safe', statement));
}

/** The members of the present broadcast of the room. They are found by the room's number, which takes an index each. */
function inBroadcastOf(room: Sql): Sql {
  return sql`room_pk = (SELECT r.id ${room}) AND broadcast_no = (SELECT r.broadcast_no ${room})`;
}

function roomOf(key: RoomKey): Sql {
  return sql`FROM rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`;
}

function openRoomOf(key: RoomKey): Sql {
  return sql`${roomOf(key)} AND r.status = 1`;
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
  return provedSession(key.by, affected);
}

/** The open room's owner, seen from its list of members. */
const OWNER = both(columns('rooms', 'r', ['owner_id']), OWNER_PRESENCE);
const PICKED = columns('members', 'm', ['user_id', 'joined_at', 'role']);
const MEMBER = both(
  nullable(columns('members', 'picked', ['user_id', 'joined_at', 'role'])),
  nullable(columns('users', 'u', ['name', 'avatar'])),
);
const OWNER_AND_MEMBER = both(OWNER, MEMBER);

export interface ListedMember {
  user_id: number;
  name: string;
  avatar: string;
  role: string;
}

export interface MemberPage extends RowOf<typeof OWNER> {
  members: ListedMember[];
}

/** Who is in it: none where the outer join found nobody. A name is missing where the account is being deleted. */
function toMember(row: RowOf<typeof MEMBER>): (ListedMember & { joined_at: number }) | [] {
  const { user_id, joined_at, role, name, avatar } = row;
  if (user_id === null || joined_at === null) return [];
  return { user_id, joined_at, role: role ?? '', name: name ?? '', avatar: avatar ?? '' };
}

/**
 * One statement: the open room and who is in it now, in the order of entering. undefined: no such open room. The inner
 * query names its room by constants, so that it walks the members in order and ends at the limit: joined to the room, it
 * would sort all members of a full room first.
 */
export async function listMembers(
  db: Executor,
  key: RoomKey,
  page: { limit: number } & OnlineCutoffs,
): Promise<MemberPage | undefined> {
  const room = openRoomOf(key);
  const picked = sql`SELECT ${PICKED} FROM members m ${byIndex(db, 'members_in_order')}
    ${presenceOf('m.user_id', 'p')} WHERE ${inBroadcastOf(room)} AND ${isInRoom(page)}
    ORDER BY m.joined_at, m.user_id LIMIT ${page.limit}`;
  const statement = sql`SELECT ${OWNER_AND_MEMBER}
    FROM rooms r ${presenceOf('r.owner_id', 'o')} LEFT JOIN (${picked}) picked ON 1 = 1
    LEFT JOIN users u ON u.id = picked.user_id
    WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId} AND r.status = 1`;
  const rows = await db.query(read('members.list', OWNER_AND_MEMBER, statement));
  const [first] = rows;
  if (!first) return undefined;
  const members = rows.flatMap(toMember);
  // The outer query keeps the inner one's choice, but need not keep its order.
  members.sort((a, b) => a.joined_at - b.joined_at || a.user_id - b.user_id);
  const { owner_id, owner_alive_until, owner_seen_at } = first;
  return { owner_id, owner_alive_until, owner_seen_at, members };
}

const ROOM_ID = columns('rooms', 'r', ['room_id']);

/** Open rooms this user is in and online, for the strict entry policy. */
export async function roomsOfMember(db: Executor, userId: number, cutoffs: OnlineCutoffs): Promise<string[]> {
  const statement = sql`SELECT ${ROOM_ID} FROM members m JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no
    ${presenceOf('m.user_id', 'p')} WHERE m.user_id = ${userId} AND r.status = 1 AND ${isInRoom(cutoffs)}`;
  const rows = await db.query(read('members.rooms_of_user', ROOM_ID, statement));
  return rows.map((row) => row.room_id);
}
