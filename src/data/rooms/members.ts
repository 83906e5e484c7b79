/** Members of a room, per broadcast: a new broadcast begins without members, and deletes none. */

import { IS_SESSION, type LiveSession, provedSession, type SessionKey, sessionValues } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { byDialect, columns, each, int, raw, read, type Sql, sql, text, type Write, write } from '../engine/sql';
import { IS_IN_ROOM, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { FOREVER } from '../schema';
import { isLive } from './room-states';
import type { RoomKey } from './rooms';

/** left_at of members in the room. */
const FOR_NOW = raw(String(FOREVER));

/** Columns of a query that gives users and the broadcasts that they enter. */
interface NewMembers<R, B, U, O> {
  room: Sql<R>;
  broadcastNo: Sql<B>;
  user: Sql<U>;
  role: Sql<O>;
}

/**
 * The one INSERT of members. A user who is in already gets the new role and keeps the place in the order of entering. Its
 * `affected` is above 0 if a row was written.
 */
export function insertingMembers<R, B, U, O, F>(name: Write['name'], member: NewMembers<R, B, U, O>, from: Sql<F>) {
  const { room, broadcastNo, user, role } = member;
  const set = sql`role = ${proposed('role')},
    joined_at = CASE WHEN members.present = 1 THEN members.joined_at ELSE ${proposed('joined_at')} END,
    present = 1, alive_until = ${FOR_NOW}, event_at = ${proposed('event_at')}`;
  return write(
    name,
    'safe',
    sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until, event_at)
    SELECT ${room}, ${broadcastNo}, ${user}, ${role}, 1, ${int('now')}, ${FOR_NOW}, ${int('now')} ${from}
    ${onConflict('room_pk, broadcast_no, user_id', set)}`,
  );
}

const ENTER_COMING = insertingMembers(
  'members.enter_coming_broadcast',
  { room: int('id'), broadcastNo: int('broadcastNo'), user: int('userId'), role: text('role') },
  // SQLite wants the WHERE before ON CONFLICT.
  raw('FROM (SELECT 1 AS one) one WHERE 1 = 1'),
);

/** Puts the owner into the broadcast that is about to begin; it is not visible before it is opened. */
export async function enterComingBroadcast(
  db: Executor,
  broadcast: { id: number; broadcastNo: number },
  { by, role, now }: { by: LiveSession; role: string; now: number },
): Promise<void> {
  await db.execute(ENTER_COMING, { ...broadcast, userId: by.userId, role, now });
}

const OF_ROOM = sql`FROM rooms r WHERE r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')}`;

/** The room `r` that the call names, if it is open. */
export const OF_OPEN_ROOM = sql`${OF_ROOM} AND ${isLive('r')}`;

/** The members of the present broadcast of the room. They are found by the room's number, which takes an index each. */
export function inBroadcastOf<P>(room: Sql<P>) {
  return sql`room_pk = (SELECT r.id ${room}) AND broadcast_no = (SELECT r.broadcast_no ${room})`;
}

/** Whose row it is, and that the user's session exists. */
const IS_OWN = sql`user_id = ${int('userId')} AND present = 1 AND EXISTS (SELECT 1 FROM sessions s WHERE ${IS_SESSION})`;
const LEAVE_ONE = write(
  'members.leave_one',
  'safe',
  sql`UPDATE members SET present = 0 WHERE ${inBroadcastOf(OF_ROOM)} AND ${IS_OWN}`,
);
const SET_ROLE = write(
  'members.set_role',
  'safe',
  sql`UPDATE members SET role = ${text('role')} WHERE ${inBroadcastOf(OF_OPEN_ROOM)} AND ${IS_OWN}`,
);

/**
 * Takes the user out of the present broadcast of one room. Asks for the session while doing so; undefined if the user was not
 * in it or the session has ended.
 */
export async function leaveRoom(db: Executor, key: RoomKey, session: SessionKey): Promise<LiveSession | undefined> {
  const { affected } = await db.execute(LEAVE_ONE, { ...key, ...sessionValues(session) });
  if (affected > 0) db.changed({ tenant: key.tenant, roomId: key.roomId });
  return provedSession(session, affected);
}

export interface Leaving {
  session: SessionKey;
  tenant: string;
  roomId: string;
}

const ROOM_OF_USER = each('leavings', sql`WHEN ${int('userId')} THEN ${text('roomId')}`, ' ');
const LEAVERS = sql`sessions s JOIN rooms r ON r.tenant = ${text('tenant')} AND r.room_id = CASE s.user_id ${ROOM_OF_USER} END`;
const THEIRS = raw('members.room_pk = r.id AND members.broadcast_no = r.broadcast_no AND members.user_id = s.user_id');
const WHICH = sql`s.id IN (${each('leavings', text('sessionId'), ', ')})
    AND s.user_id IN (${each('leavings', int('userId'), ', ')})`;
// A user who had left before is found too, and nothing changes.
const LEAVE = write(
  'members.leave',
  'safe',
  byDialect({
    mysql: sql`UPDATE ${LEAVERS} JOIN members ON ${THEIRS} SET members.present = 0 WHERE ${WHICH}`,
    sqlite: sql`UPDATE members SET present = 0 FROM ${LEAVERS} WHERE ${THEIRS} AND ${WHICH}`,
  }),
);

/**
 * Takes each user out of the present broadcast of one room; different users of one tenant. Asks for the sessions while doing
 * so. True: all of them were found, and all users had been in. False means the same for all that shared the statement: it is
 * unknown whose session has ended.
 */
export const leavePresentBroadcast = batched<Leaving, boolean>({
  name: 'leavings',
  keyOf: ({ session }) => session.userId,
  partition: ({ tenant }) => tenant,
  run: async (db, of) => {
    const [{ tenant }] = of;
    const leavings = [];
    for (const { session, roomId } of of) leavings.push({ sessionId: session.id, userId: session.userId, roomId });
    const { affected } = await db.execute(LEAVE, { tenant, leavings });
    if (affected > 0) for (const { roomId } of leavings) db.changed({ tenant, roomId });
    return leavings.map(() => affected === leavings.length);
  },
});

/** Changes the caller's own role; undefined if the caller is not in the open room, or the session has ended. */
export async function setRole(
  db: Executor,
  { by, ...key }: RoomKey & { by: SessionKey; role: string },
): Promise<LiveSession | undefined> {
  const { affected } = await db.execute(SET_ROLE, { ...key, ...sessionValues(by) });
  if (affected > 0) db.changed({ tenant: key.tenant, roomId: key.roomId });
  return provedSession(by, affected);
}

const ROOM_ID = columns('rooms', 'r', ['room_id']);
const ROOMS_OF_USER = read(
  'members.rooms_of_user',
  ROOM_ID,
  sql`SELECT ${ROOM_ID} FROM members m JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no
    ${presenceOf('m.user_id', 'p')} WHERE m.user_id = ${int('userId')} AND ${isLive('r')} AND ${IS_IN_ROOM}`,
);

/** Open rooms this user is in and online, for the strict entry policy. */
export async function roomsOfMember(db: Executor, userId: number, cutoffs: OnlineCutoffs): Promise<string[]> {
  return (await db.query(ROOMS_OF_USER, { userId, ...cutoffs })).map((row) => row.room_id);
}
