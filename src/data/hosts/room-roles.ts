/** Who runs a room: its owner, and the admins that the owner has named, who stay from broadcast to broadcast. */
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK, ifMissing } from '../engine/dialect';
import { both, columns, computed, insertInto, int, read, sql, text, write } from '../engine/sql';
import { ROOM, type Room, type RoomKey } from '../rooms/rooms';

type Reader = Pick<Executor, 'query'>;

/** A room, and what two users are in it. */
export interface RoomRoles {
  room: Room;
  callerIsAdmin: boolean;
  targetIsAdmin: boolean;
}

const isAdmin = <N extends string>(user: N) =>
  sql`(SELECT COUNT(*) FROM room_admins a WHERE a.room_pk = r.id AND a.user_id = ${int(user)})`;
const ROLES = both(
  ROOM,
  computed<{ caller_admin: number; target_admin: number }, { caller: number; target: number }>({
    caller_admin: isAdmin('caller'),
    target_admin: isAdmin('target'),
  }),
);
const FIND_ROLES = read(
  'room_admins.roles',
  ROLES,
  sql`SELECT ${ROLES} FROM rooms r
    WHERE r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')} AND r.broadcast_no > 0`,
);

/** undefined: no such room, or it was never opened. `target`: 0 = no user. */
export async function findRoomRoles(
  db: Reader,
  key: RoomKey,
  who: { caller: number; target: number },
): Promise<RoomRoles | undefined> {
  const [row] = await db.query(FIND_ROLES, { ...key, ...who });
  return row && { room: row, callerIsAdmin: row.caller_admin > 0, targetIsAdmin: row.target_admin > 0 };
}

const USER_ID = columns('room_admins', 'a', ['user_id']);

// MySQL's lock makes this read the committed rows.
const ALL = read(
  'room_admins.all',
  USER_ID,
  sql`SELECT ${USER_ID} FROM room_admins a JOIN users u ON u.id = a.user_id
    WHERE a.room_pk = ${int('roomPk')} ${EXCLUSIVE_LOCK}`,
);
const LOCKED = columns('rooms', 'r', ['id']);
const LOCK_ROOM = read(
  'room_admins.lock_room',
  LOCKED,
  sql`SELECT ${LOCKED} FROM rooms r WHERE r.id = ${int('roomPk')} ${EXCLUSIVE_LOCK}`,
);
const ADD = write(
  'room_admins.add',
  'safe',
  ifMissing(insertInto('room_admins', ['room_pk', 'user_id', 'created_at']), 'user_id'),
);

/** Adds an admin unless there are `most`; the room's row is locked, so that two calls do not both take the last place. */
export async function addRoomAdmin(
  tx: Executor,
  admin: { roomPk: number; userId: number; most: number; now: number },
): Promise<'added' | 'known' | 'full'> {
  const { roomPk, userId, most, now } = admin;
  await tx.query(LOCK_ROOM, { roomPk });
  const known = await tx.query(ALL, { roomPk });
  if (known.some((row) => row.user_id === userId)) return 'known';
  if (known.length >= most) return 'full';
  await tx.execute(ADD, { room_pk: roomPk, user_id: userId, created_at: now });
  tx.changed('review');
  return 'added';
}

const REMOVE = write(
  'room_admins.remove',
  'safe',
  sql`DELETE FROM room_admins WHERE room_pk = ${int('roomPk')} AND user_id = ${int('userId')}`,
);

/** False if they were not one. */
export async function removeRoomAdmin(tx: Executor, admin: { roomPk: number; userId: number }): Promise<boolean> {
  const { affected } = await tx.execute(REMOVE, admin);
  if (affected > 0) tx.changed('review');
  return affected > 0;
}

const ADMIN = both(
  columns('room_admins', 'a', ['user_id', 'created_at']),
  columns('users', 'u', ['username', 'name', 'avatar']),
);
export type RoomAdminRow = (typeof ADMIN)['row'];

const LIST = read(
  'room_admins.list',
  ADMIN,
  sql`SELECT ${ADMIN} FROM room_admins a JOIN users u ON u.id = a.user_id
    WHERE a.room_pk = ${int('roomPk')} ORDER BY a.created_at, a.user_id`,
);

/** Those who still have an account, in the order in which they were named. */
export function listRoomAdmins(db: Reader, roomPk: number): Promise<RoomAdminRow[]> {
  return db.query(LIST, { roomPk });
}
