/**
 * Counting again who is in large rooms whose stored counts are too old. Many find that at the same moment; one of them
 * counts, and the others wait for it.
 */
import type { Database } from '../../data/engine/database';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { countRoom, type PeopleCount, storeCount } from '../../data/rooms/room-counts';
import type { ListedRoom } from '../../data/rooms/room-lists';

export interface RoomCounts {
  /** The rooms with counts that may be shown. */
  refreshed(db: Database, rooms: readonly ListedRoom[], cutoffs: OnlineCutoffs): Promise<ListedRoom[]>;
}

async function countAgain(db: Database, room: ListedRoom, cutoffs: OnlineCutoffs): Promise<PeopleCount> {
  const count = await countRoom(db, room, cutoffs);
  await storeCount(db, { ...room, ...count }, cutoffs);
  return count;
}

export function createRoomCounts(): RoomCounts {
  /** Keyed by room and broadcast. */
  const underWay = new Map<string, Promise<PeopleCount>>();

  function counted(db: Database, room: ListedRoom, cutoffs: OnlineCutoffs): Promise<PeopleCount> {
    const key = `${room.id} ${room.broadcast_no}`;
    const known = underWay.get(key);
    if (known) return known;
    const count = countAgain(db, room, cutoffs).finally(() => underWay.delete(key));
    underWay.set(key, count);
    return count;
  }

  return {
    refreshed: (db, rooms, cutoffs) =>
      Promise.all(
        rooms.map(async (room) => (room.stale === 1 ? { ...room, ...(await counted(db, room, cutoffs)) } : room)),
      ),
  };
}
