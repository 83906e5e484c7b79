/** What review has to know of rooms and people before a message goes out, for many rooms in one statement. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, list, nullable, raw, read, sql } from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

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

/** Rooms that were opened at least once, with their rules and admins. */
export function chatRooms(db: Reader, tenant: string, roomIds: readonly string[]): Promise<ChatRoomRow[]> {
  const statement = sql`SELECT ${ROOM} FROM rooms r LEFT JOIN chat_rules c ON c.room_pk = r.id
    WHERE r.tenant = ${tenant} AND r.room_id IN (${list(roomIds)}) AND r.broadcast_no > 0`;
  return db.query(read('review.rooms', ROOM, statement));
}

const SANCTION = columns('sanctions', 's', ['user_id', 'kind', 'room_pk', 'broadcast_no', 'until_at']);
export type ChatSanctionRow = (typeof SANCTION)['row'];

/** Sanctions of a tenant that are in force, `most` at most. */
export function chatSanctions(
  db: Reader,
  of: { tenant: string; now: number; most: number },
): Promise<ChatSanctionRow[]> {
  const statement = sql`SELECT ${SANCTION} FROM sanctions s ${byIndex('sanctions_in_force')}
    WHERE s.tenant = ${of.tenant} AND s.lifted_at = 0 AND s.until_at > ${of.now} LIMIT ${of.most}`;
  return db.query(read('review.sanctions', SANCTION, statement));
}

/** The same of one user, where a tenant has more than fit into memory. */
export function chatSanctionsOf(db: Reader, userId: number, now: number): Promise<ChatSanctionRow[]> {
  const statement = sql`SELECT ${SANCTION} FROM sanctions s ${byIndex('sanctions_by_user')}
    WHERE s.user_id = ${userId} AND s.lifted_at = 0 AND s.until_at > ${now}`;
  return db.query(read('review.sanctions_of_user', SANCTION, statement));
}

const JOINED = columns('members', 'm', ['joined_at']);

/** Since when the user is in this broadcast (ms since 1970); undefined: they are not. */
export async function joinedAt(
  db: Reader,
  member: { roomPk: number; broadcastNo: number; userId: number },
): Promise<number | undefined> {
  const statement = sql`SELECT ${JOINED} FROM members m WHERE m.room_pk = ${member.roomPk}
    AND m.broadcast_no = ${member.broadcastNo} AND m.user_id = ${member.userId} AND m.present = 1`;
  return (await db.query(read('review.joined', JOINED, statement)))[0]?.joined_at;
}
