/** Decides whether one user may act on another in a room. Pure. */
import type { Room } from '../../data/rooms/rooms';

export type RoomRole = 'owner' | 'admin' | 'audience';

/** The required role: admin or owner. */
export type Need = 'run' | 'own';

/** allowed, or why not. */
export type Authority = 'allowed' | 'not_yours' | 'self' | 'protected';

export function roleIn(room: Pick<Room, 'owner_id'>, user: { id: number; isAdmin: boolean }): RoomRole {
  if (room.owner_id === user.id) return 'owner';
  return user.isAdmin ? 'admin' : 'audience';
}

/** `target`: undefined if the call concerns the room itself. */
export function decideAuthority(
  need: Need,
  caller: { id: number; role: RoomRole },
  target: { id: number; role: RoomRole } | undefined,
): Authority {
  if (caller.role === 'audience' || (need === 'own' && caller.role !== 'owner')) return 'not_yours';
  if (!target) return 'allowed';
  if (target.id === caller.id) return 'self';
  return caller.role === 'owner' || target.role === 'audience' ? 'allowed' : 'protected';
}
