/** Who runs a room: its owner, and the admins that the owner has named, who stay from broadcast to broadcast. */
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK, ifMissing } from '../engine/dialect';
import { both, columns, computed, insertInto, read, sql, write } from '../engine/sql';
import { ROOM, type Room, type RoomKey } from '../rooms/rooms';

type Reader = Pick<Executor, 'query' | 'kind'>;

/** A room, and what two users are in it. */
export interface RoomRoles {
  room: Room;
  callerIsAdmin: boolean;
  targetIsAdmin: boolean;
}

/** undefined: no such room, or it was never opened. `target`: 0 = no user. */
export async function findRoomRoles(
  db: Reader,
  key: RoomKey,
  who: { caller: number; target: number },
): Promise<RoomRoles | undefined> {
  const isAdmin = (userId: number) =>
    sql`(SELECT COUNT(*) FROM room_admins a WHERE a.room_pk = r.id AND a.user_id = ${userId})`;
  const roles = computed<{ caller_admin: number; target_admin: number }>({
    caller_admin: isAdmin(who.caller),
    target_admin: isAdmin(who.target),
  });
  const of = both(ROOM, roles);
  const statement = sql`SELECT ${of} FROM rooms r
    WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId} AND r.broadcast_no > 0`;
  const [row] = await db.query(read('room_admins.roles', of, statement));
  return row && { room: row, callerIsAdmin: row.caller_admin > 0, targetIsAdmin: row.target_admin > 0 };
}

const USER_ID = columns('room_admins', 'a', ['user_id']);

/** Adds an admin unless there are `most`; the room's row is locked, so that two calls do not both take the last place. */
export async function addRoomAdmin(
  tx: Executor,
  admin: { roomPk: number; userId: number; most: number; now: number },
): Promise<'added' | 'known' | 'full'> {
  const { roomPk, userId, most, now } = admin;
  const lock = columns('rooms', 'r', ['id']);
  await tx.query(
    read('room_admins.lock_room', lock, sql`SELECT ${lock} FROM rooms r WHERE r.id = ${roomPk} ${EXCLUSIVE_LOCK}`),
  );
  // With the lock of MySQL this finds what is committed by now.
  const all = sql`SELECT ${USER_ID} FROM room_admins a JOIN users u ON u.id = a.user_id
    WHERE a.room_pk = ${roomPk} ${EXCLUSIVE_LOCK}`;
  const known = await tx.query(read('room_admins.all', USER_ID, all));
  if (known.some((row) => row.user_id === userId)) return 'known';
  if (known.length >= most) return 'full';
  const row = insertInto('room_admins', { room_pk: roomPk, user_id: userId, created_at: now });
  await tx.execute(write('room_admins.add', 'safe', ifMissing(row, 'user_id')));
  tx.changed('review');
  return 'added';
}

/** False if they were not one. */
export async function removeRoomAdmin(tx: Executor, admin: { roomPk: number; userId: number }): Promise<boolean> {
  const statement = sql`DELETE FROM room_admins WHERE room_pk = ${admin.roomPk} AND user_id = ${admin.userId}`;
  const { affected } = await tx.execute(write('room_admins.remove', 'safe', statement));
  if (affected > 0) tx.changed('review');
  return affected > 0;
}

const ADMIN = both(columns('room_admins', 'a', ['user_id', 'created_at']), columns('users', 'u', ['name', 'avatar']));
export type RoomAdminRow = (typeof ADMIN)['row'];

/** Those who still have an account, in the order in which they were named. */
export function listRoomAdmins(db: Reader, roomPk: number): Promise<RoomAdminRow[]> {
  const statement = sql`SELECT ${ADMIN} FROM room_admins a JOIN users u ON u.id = a.user_id
    WHERE a.room_pk = ${roomPk} ORDER BY a.created_at, a.user_id`;
  return db.query(read('room_admins.list', ADMIN, statement));
}
