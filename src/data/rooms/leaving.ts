/** Leaving rooms, many users at once. */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { choice, list, raw, sql, write } from '../engine/sql';

export interface Leaving {
  session: SessionKey;
  roomId: string;
}

/**
 * Takes each user out of the present broadcast of one room; different users of one tenant. Asks for the sessions while doing
 * so: true where all of them were found, and everybody had been in. Otherwise nobody knows whose session has ended.
 */
export async function leaveRooms(db: Executor, tenant: string, leavings: readonly Leaving[]): Promise<boolean> {
  const rooms = leavings.map(({ session, roomId }) => [session.userId, roomId] as const);
  const from = sql`sessions s JOIN rooms r ON r.tenant = ${tenant} AND r.room_id = ${choice(raw('s.user_id'), rooms)}`;
  const theirs = raw(
    'members.room_pk = r.id AND members.broadcast_no = r.broadcast_no AND members.user_id = s.user_id',
  );
  const which = sql`s.id IN (${list(leavings.map(({ session }) => session.id))})
    AND s.user_id IN (${list(leavings.map(({ session }) => session.userId))})`;
  // Who had left before is found too, and stays as they are.
  const statement =
    db.kind === 'mysql'
      ? sql`UPDATE ${from} JOIN members ON ${theirs} SET members.present = 0 WHERE ${which}`
      : sql`UPDATE members SET present = 0 FROM ${from} WHERE ${theirs} AND ${which}`;
  const { affected } = await db.execute(write('members.leave', 'safe', statement));
  if (affected > 0) for (const { roomId } of leavings) db.changed({ tenant, roomId });
  return affected === leavings.length;
}

/** As leaveRooms, for one request: false means the same for all that shared the statement. */
export const leavePresentBroadcast = batched<Leaving & { tenant: string }, boolean>({
  name: 'leavings',
  keyOf: ({ session }) => session.userId,
  partition: ({ tenant }) => tenant,
  run: async (db, leavings) => {
    const left = await leaveRooms(db, leavings[0].tenant, leavings);
    return leavings.map(() => left);
  },
});
