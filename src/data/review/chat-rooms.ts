/** What review has to know of rooms and people before a message goes out, for many rooms in one statement. */
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, nullable, raw, read, sql, text, texts } from '../engine/sql';

type Reader = Pick<Executor, 'query'>;

const ROOM = both(
  both(
    columns('rooms', 'r', ['id', 'room_id', 'owner_id', 'broadcast_no', 'status']),
    nullable(columns('chat_rules', 'c', ['speak', 'slow_seconds', 'no_repeats', 'links', 'min_seconds'])),
  ),
  computed<{ admins: string | null }>({
    admins: raw('(SELECT GROUP_CONCAT(a.user_id) FROM room_admins a WHERE a.room_pk = r.id)'),
  }),
);
export type ChatRoomRow = (typeof ROOM)['row'];

const ROOMS = read(
  'review.rooms',
  ROOM,
  sql`SELECT ${ROOM} FROM rooms r LEFT JOIN chat_rules c ON c.room_pk = r.id
    WHERE r.tenant = ${text('tenant')} AND r.room_id IN (${texts('roomIds')}) AND r.broadcast_no > 0`,
);

/** A room that was opened at least once, with its rules and admins. Many rooms are read again every second. */
export const chatRoom = batched<{ tenant: string; roomId: string }, ChatRoomRow | undefined>({
  name: 'chat_rooms',
  keyOf: ({ roomId }) => roomId,
  partition: ({ tenant }) => tenant,
  run: async (db, [first, ...others]) => {
    const roomIds = [first, ...others].map(({ roomId }) => roomId);
    const rows = await db.query(ROOMS, { tenant: first.tenant, roomIds });
    const byId = new Map(rows.map((row) => [row.room_id, row]));
    return roomIds.map((roomId) => byId.get(roomId));
  },
});

const SANCTION = columns('sanctions', 's', ['user_id', 'kind', 'room_pk', 'broadcast_no', 'until_at']);
export type ChatSanctionRow = (typeof SANCTION)['row'];

const SANCTIONS = read(
  'review.sanctions',
  SANCTION,
  sql`SELECT ${SANCTION} FROM sanctions s ${byIndex('sanctions_in_force')}
    WHERE s.tenant = ${text('tenant')} AND s.lifted_at = 0 AND s.until_at > ${int('now')} LIMIT ${int('most')}`,
);

/** Sanctions of a tenant that are in force, `most` at most. */
export function chatSanctions(
  db: Reader,
  of: { tenant: string; now: number; most: number },
): Promise<ChatSanctionRow[]> {
  return db.query(SANCTIONS, of);
}

const SANCTIONS_OF_USER = read(
  'review.sanctions_of_user',
  SANCTION,
  sql`SELECT ${SANCTION} FROM sanctions s ${byIndex('sanctions_by_user')}
    WHERE s.user_id = ${int('userId')} AND s.lifted_at = 0 AND s.until_at > ${int('now')}`,
);

/** The same of one user, if a tenant has more than fit into memory. */
export function chatSanctionsOf(db: Reader, userId: number, now: number): Promise<ChatSanctionRow[]> {
  return db.query(SANCTIONS_OF_USER, { userId, now });
}

const JOINED = columns('members', 'm', ['joined_at']);

const JOINED_AT = read(
  'review.joined',
  JOINED,
  sql`SELECT ${JOINED} FROM members m WHERE m.room_pk = ${int('roomPk')}
    AND m.broadcast_no = ${int('broadcastNo')} AND m.user_id = ${int('userId')} AND m.present = 1`,
);

/** Since when the user is in this broadcast (ms since 1970); undefined: they are not. */
export async function joinedAt(
  db: Reader,
  member: { roomPk: number; broadcastNo: number; userId: number },
): Promise<number | undefined> {
  return (await db.query(JOINED_AT, member))[0]?.joined_at;
}
