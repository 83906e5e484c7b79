/** Changes that a team's own service makes to live rooms. */
import type { Executor } from '../engine/database';
import { INSERT_IGNORING } from '../engine/dialect';
import { int, intOrNull, sql, write } from '../engine/sql';
import { isLive } from './room-states';
import { NEW_TEXTS, NO_TEXTS, type Room, type RoomTexts } from './rooms';

export type ServiceChanges = RoomTexts & { star?: number };

const CHANGE = write(
  'rooms.change_by_service',
  'safe',
  sql`UPDATE rooms SET ${NEW_TEXTS}, star = COALESCE(${intOrNull('star')}, star), updated_at = ${int('now')}
    WHERE id = ${int('id')} AND broadcast_no = ${int('broadcastNo')} AND ${isLive('rooms')}`,
);

/** Writes the given fields of the live broadcast. False: it has ended. */
export async function changeRoom(tx: Executor, room: Room, changes: ServiceChanges, now: number): Promise<boolean> {
  const values = { ...NO_TEXTS, star: null, ...changes, id: room.id, broadcastNo: room.broadcast_no, now };
  const { affected } = await tx.execute(CHANGE, values);
  tx.changed('rooms');
  return affected > 0;
}

const KEEP = write(
  'kept_rooms.keep',
  'safe',
  sql`${INSERT_IGNORING} INTO kept_rooms (room_pk) VALUES (${int('roomPk')})`,
);
/** The room is to end as any other. */
export const FORGET_KEPT = write(
  'kept_rooms.forget',
  'safe',
  sql`DELETE FROM kept_rooms WHERE room_pk = ${int('roomPk')}`,
);

export async function keepOpen(tx: Executor, roomPk: number, kept: boolean): Promise<void> {
  await tx.execute(kept ? KEEP : FORGET_KEPT, { roomPk });
  tx.changed('rooms');
}
