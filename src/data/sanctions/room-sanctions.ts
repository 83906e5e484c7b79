/** Sanctions of one room, as its host sees them and takes them back. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, join, nullable, raw, read, sql } from '../engine/sql';

const BLOCKED = both(
  columns('sanctions', 's', ['id', 'kind', 'user_id', 'reason', 'by_user', 'created_at', 'until_at']),
  nullable(columns('users', 'u', ['name', 'avatar'])),
);
export type BlockedRow = (typeof BLOCKED)['row'];

/** Kicks and mutes of this room that are in force, newest first. */
export function listBlocked(
  db: Pick<Executor, 'query' | 'kind'>,
  of: { roomPk: number; kinds: readonly ('kick' | 'mute')[]; now: number },
  page: { limit: number; offset: number },
): Promise<BlockedRow[]> {
  const kinds = join(
    of.kinds.map((kind) => raw(`'${kind}'`)),
    ', ',
  );
  const hint = byIndex('sanctions_of_room_in_force');
  const statement = sql`SELECT ${BLOCKED} FROM sanctions s ${hint} LEFT JOIN users u ON u.id = s.user_id
    WHERE s.room_pk = ${of.roomPk} AND s.lifted_at = 0 AND s.until_at > ${of.now} AND s.kind IN (${kinds})
    ORDER BY s.id DESC LIMIT ${page.limit} OFFSET ${page.offset}`;
  return db.query(read('sanctions.blocked_in_room', BLOCKED, statement));
}

const OWN = columns('sanctions', 's', ['id', 'by_user', 'until_at', 'reason']);
export type RoomSanctionRow = (typeof OWN)['row'];

/** What is in force of one kind for one user in this room. The user's row must be locked. */
export function sanctionsHere(
  tx: Executor,
  of: { roomPk: number; userId: number; kind: 'kick' | 'mute'; now: number },
): Promise<RoomSanctionRow[]> {
  const statement = sql`SELECT ${OWN} FROM sanctions s WHERE s.user_id = ${of.userId} AND s.room_pk = ${of.roomPk}
    AND s.kind = ${of.kind} AND s.lifted_at = 0 AND s.until_at > ${of.now}`;
  return tx.query(read('sanctions.here', OWN, statement));
}
