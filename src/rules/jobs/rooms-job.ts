/** Scheduled: ends rooms whose owner will not come back, and clears openings that got stuck. */
import { enqueue } from '../../data/outbox';
import { findStuckOpenings, type StuckOpening, type WalkedRoom } from '../../data/room-clean-up';
import { abandonOpening } from '../../data/rooms';
import { endLife } from '../rooms/ending';
import { absenceCutoffs } from './absence';
import { freshContext, freshDatabase, type Turn, type TurnResult } from './turn';
import { walkRooms } from './walk';

/** No opening takes this long (ms): whoever began it is gone. */
const STUCK_MS = 600_000;
const BATCH = 100;

/** The work for IM and TRTC is left to the outbox job of the same run. */
async function endAbandoned(turn: Turn, room: WalkedRoom): Promise<boolean> {
  const ctx = freshContext(turn);
  const onlyIf = absenceCutoffs(turn.services);
  const { ended } = await ctx.db.transaction((tx) => endLife(tx, ctx, { ...room, by: room.owner_id, onlyIf }));
  return ended;
}

export async function endAbandonedRooms(turn: Turn): Promise<TurnResult> {
  let ended = 0;
  const position = await walkRooms(turn, async (rooms) => {
    for (const room of rooms) {
      if (room.abandoned === 1 && (await endAbandoned(turn, room))) ended += 1;
    }
  });
  if (ended > 0) turn.services.shared.forgetLists();
  return { counts: { roomsEnded: ended }, position };
}

/** The group may have been made; it is dissolved, unless the room is opened by then. */
async function clear(turn: Turn, room: StuckOpening): Promise<boolean> {
  const { db, now } = freshContext(turn);
  const { im } = turn.services;
  const life = { tenant: room.tenant, target: room.room_id, roomPk: room.id, now };
  return db.transaction(async (tx) => {
    const outcome = await abandonOpening(tx, room.id, room.opening_key);
    if (outcome === 'lost') return false;
    if (im) await enqueue(tx, { kind: 'im_destroy_group', ...life, liveNo: room.live_no });
    // The owner may be in it already. Of a room that stays, the next opening takes that row over.
    if (outcome === 'removed') await enqueue(tx, { kind: 'forget_members', ...life, liveNo: room.live_no + 1 });
    return true;
  });
}

export async function clearStuckOpenings(turn: Turn): Promise<TurnResult> {
  let cleared = 0;
  while (turn.hasTime()) {
    const since = turn.services.clock() - STUCK_MS;
    const rooms = await findStuckOpenings(freshDatabase(turn), since, BATCH);
    for (const room of rooms) cleared += (await clear(turn, room)) ? 1 : 0;
    if (rooms.length < BATCH) break;
  }
  return { counts: { openingsCleared: cleared }, position: '' };
}
