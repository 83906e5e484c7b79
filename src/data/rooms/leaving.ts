/** Leaving rooms, many users in one statement. */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import { byDialect, each, int, raw, sql, text, write } from '../engine/sql';

export interface Leaving {
  session: SessionKey;
  tenant: string;
  roomId: string;
}

const ROOM_OF_USER = each('leavings', sql`WHEN ${int('userId')} THEN ${text('roomId')}`, ' ');
const FROM = sql`sessions s JOIN rooms r ON r.tenant = ${text('tenant')} AND r.room_id = CASE s.user_id ${ROOM_OF_USER} END`;
const THEIRS = raw('members.room_pk = r.id AND members.broadcast_no = r.broadcast_no AND members.user_id = s.user_id');
const WHICH = sql`s.id IN (${each('leavings', text('sessionId'), ', ')})
    AND s.user_id IN (${each('leavings', int('userId'), ', ')})`;
// A user who had left before is found too, and nothing changes.
const LEAVE = write(
  'members.leave',
  'safe',
  byDialect({
    mysql: sql`UPDATE ${FROM} JOIN members ON ${THEIRS} SET members.present = 0 WHERE ${WHICH}`,
    sqlite: sql`UPDATE members SET present = 0 FROM ${FROM} WHERE ${THEIRS} AND ${WHICH}`,
  }),
);

/**
 * Takes each user out of the present broadcast of one room; different users of one tenant. Asks for the sessions while doing
 * so. True: all of them were found, and all users had been in. False means the same for all that shared the statement: it is
 * unknown whose session has ended.
 */
export const leavePresentBroadcast = batched<Leaving, boolean>({
  name: 'leavings',
  keyOf: ({ session }) => session.userId,
  partition: ({ tenant }) => tenant,
  run: async (db, of) => {
    const [{ tenant }] = of;
    const leavings = of.map(({ session, roomId }) => ({ sessionId: session.id, userId: session.userId, roomId }));
    const { affected } = await db.execute(LEAVE, { tenant, leavings });
    if (affected > 0) for (const { roomId } of leavings) db.changed({ tenant, roomId });
    return leavings.map(() => affected === leavings.length);
  },
});
