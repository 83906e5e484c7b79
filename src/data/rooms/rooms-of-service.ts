/** Changes that a team's own service makes to live rooms. */
import type { Executor } from '../engine/database';
import { assign, raw, sql, write } from '../engine/sql';
import { isLive } from './room-states';
import type { Room, RoomTexts } from './rooms';

export type ServiceChanges = RoomTexts & { star?: number };

/** Writes the given fields of the live broadcast. False: it has ended. */
export async function changeRoom(tx: Executor, room: Room, changes: ServiceChanges, now: number): Promise<boolean> {
  const set = assign('rooms', { ...changes, updated_at: now });
  const statement = sql`UPDATE rooms SET ${set}
    WHERE id = ${room.id} AND broadcast_no = ${room.broadcast_no} AND ${isLive('rooms')}`;
  const { affected } = await tx.execute(write('rooms.change_by_service', 'safe', statement));
  tx.changed('rooms');
  return affected > 0;
}

export async function keepOpen(tx: Executor, roomPk: number, kept: boolean): Promise<void> {
  if (!kept) return forgetKept(tx, roomPk);
  const ignore = raw(tx.kind === 'mysql' ? 'INSERT IGNORE' : 'INSERT OR IGNORE');
  await tx.execute(write('kept_rooms.keep', 'safe', sql`${ignore} INTO kept_rooms (room_pk) VALUES (${roomPk})`));
  tx.changed('rooms');
}

/** The broadcast has ended, or is to end as any other. */
export async function forgetKept(tx: Executor, roomPk: number): Promise<void> {
  await tx.execute(write('kept_rooms.forget', 'safe', sql`DELETE FROM kept_rooms WHERE room_pk = ${roomPk}`));
  tx.changed('rooms');
}
