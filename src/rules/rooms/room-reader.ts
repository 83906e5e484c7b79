/** Rooms that are read at the same moment are one batch (data/engine/batcher.ts). */

import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import type { Database } from '../../data/engine/database';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { type ListedRoom, readRooms } from '../../data/rooms/room-lists';
import type { RoomKey } from '../../data/rooms/rooms';
import type { RoomCounts } from './room-counts';

export interface RoomToRead extends RoomKey {
  cutoffs: OnlineCutoffs;
}

/** undefined: there never was such a room. */
export type RoomReader = Batcher<RoomToRead, ListedRoom | undefined>;

/** One statement for each tenant; those of a batch came within milliseconds, so the first one's times are everybody's. */
async function readAll(
  db: Database,
  counts: RoomCounts,
  asked: readonly RoomToRead[],
): Promise<readonly (ListedRoom | undefined)[]> {
  const [first] = asked;
  if (!first) return [];
  const { cutoffs } = first;
  const found = new Map<string, ListedRoom>();
  for (const tenant of new Set(asked.map((room) => room.tenant))) {
    const roomIds = asked.filter((room) => room.tenant === tenant).map((room) => room.roomId);
    const rooms = await readRooms(db, { tenant, roomIds }, cutoffs);
    for (const room of await counts.refreshed(db, rooms, cutoffs)) found.set(`${tenant} ${room.room_id}`, room);
  }
  return asked.map((room) => found.get(`${room.tenant} ${room.roomId}`));
}

export function createRoomReader(parts: BatcherParts, counts: RoomCounts): RoomReader {
  return createBatcher(parts, {
    name: 'rooms',
    keyOf: ({ tenant, roomId }) => `${tenant} ${roomId}`,
    run: (db, asked) => readAll(db, counts, asked),
  });
}
