/** ROOM_STRICT_ENTRY: a user is in one room at most, and once. The shipped apps need it off. */
import { ApiError } from '../../base/errors';
import type { Executor } from '../../data/engine/database';
import { lockPresence } from '../../data/presence/signs-of-life';
import { roomsOfMember } from '../../data/rooms/members';
import { tokenInvalid } from '../accounts/caller';
import type { UnprovedCallerContext } from '../context';
import { onlineCutoffs } from '../presence/presence';

export async function checkStrictEntry(db: Executor, ctx: UnprovedCallerContext, roomId: string): Promise<void> {
  const { config } = ctx.services;
  if (!config.strictEntry) return;
  const rooms = await roomsOfMember(db, ctx.caller.id, onlineCutoffs(config.presence, ctx.now));
  if (rooms.includes(roomId)) throw new ApiError('RoomsUserExists', 'you are already in this room');
  if (rooms.length > 0) throw new ApiError('UserAlreadyInRooms', 'you are already in another room');
}

/** Runs the statements that put the caller into a room. Under strict entry, calls of one user run one after the other. */
export function strictly<T>(
  ctx: UnprovedCallerContext,
  roomId: string,
  enter: (db: Executor) => Promise<T>,
): Promise<T> {
  if (!ctx.services.config.strictEntry) return enter(ctx.db);
  return ctx.db.transaction(async (tx) => {
    if (!(await lockPresence(tx, ctx.caller.id))) throw tokenInvalid();
    await checkStrictEntry(tx, ctx, roomId);
    return enter(tx);
  });
}
