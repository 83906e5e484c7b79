/** Taking people out of rooms by an operator's decision. */

import type { Executor } from '../engine/database';
import { columns, read, sql, write } from '../engine/sql';
import { isLive } from '../rooms/room-states';

/** Takes the user out of one broadcast; nothing happens where they are not in it. */
export async function removeMember(
  tx: Executor,
  member: { id: number; broadcastNo: number; userId: number },
): Promise<void> {
  const statement = sql`UPDATE members SET present = 0 WHERE room_pk = ${member.id} AND broadcast_no = ${member.broadcastNo}
    AND user_id = ${member.userId} AND present = 1`;
  if ((await tx.execute(write('members.remove', 'safe', statement))).affected > 0) tx.changed('rooms');
}

export async function removeMemberEverywhere(tx: Executor, userId: number): Promise<void> {
  const statement = sql`UPDATE members SET present = 0 WHERE user_id = ${userId} AND present = 1`;
  if ((await tx.execute(write('members.remove_everywhere', 'safe', statement))).affected > 0) tx.changed('rooms');
}

const ROOM = columns('rooms', 'r', ['id', 'broadcast_no', 'room_id', 'owner_id', 'status']);
export type Membership = (typeof ROOM)['row'];

/** More rooms than this nobody is in; what IM and TRTC do for each is bounded by it. */
const MAX_ROOMS = 50;

/** The open rooms that the user is in, the ones entered last first. */
export function membershipsOf(db: Pick<Executor, 'query'>, userId: number): Promise<Membership[]> {
  const statement = sql`SELECT ${ROOM} FROM members m JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no
    WHERE m.user_id = ${userId} AND m.present = 1 AND ${isLive('r')} ORDER BY m.joined_at DESC LIMIT ${MAX_ROOMS}`;
  return db.query(read('members.rooms_of', ROOM, statement));
}
