/** Taking people out of rooms by an operator's decision. */

import type { Executor } from '../engine/database';
import { columns, int, read, sql, write } from '../engine/sql';
import { isLive } from '../rooms/room-states';

const REMOVE = write(
  'members.remove',
  'safe',
  sql`UPDATE members SET present = 0 WHERE room_pk = ${int('id')} AND broadcast_no = ${int('broadcastNo')}
    AND user_id = ${int('userId')} AND present = 1`,
);

/** Takes the user out of one broadcast; nothing happens if they are not in it. */
export async function removeMember(
  tx: Executor,
  member: { id: number; broadcastNo: number; userId: number },
): Promise<void> {
  if ((await tx.execute(REMOVE, member)).affected > 0) tx.changed('rooms');
}

const REMOVE_EVERYWHERE = write(
  'members.remove_everywhere',
  'safe',
  sql`UPDATE members SET present = 0 WHERE user_id = ${int('userId')} AND present = 1`,
);

export async function removeMemberEverywhere(tx: Executor, userId: number): Promise<void> {
  if ((await tx.execute(REMOVE_EVERYWHERE, { userId })).affected > 0) tx.changed('rooms');
}

const ROOM = columns('rooms', 'r', ['id', 'broadcast_no', 'room_id', 'owner_id', 'status']);
export type Membership = (typeof ROOM)['row'];

/** Bounds the work of IM and TRTC, who act on each room. */
const MAX_ROOMS = 50;

const ROOMS_OF = read(
  'members.rooms_of',
  ROOM,
  sql`SELECT ${ROOM} FROM members m JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no
    WHERE m.user_id = ${int('userId')} AND m.present = 1 AND ${isLive('r')} ORDER BY m.joined_at DESC LIMIT ${MAX_ROOMS}`,
);

/** The open rooms that the user is in, the ones entered last first. */
export function membershipsOf(db: Pick<Executor, 'query'>, userId: number): Promise<Membership[]> {
  return db.query(ROOMS_OF, { userId });
}
