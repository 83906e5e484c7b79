/** Sanctions of one room, as its host sees them and takes them back. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, int, nullable, read, sql, text, texts } from '../engine/sql';

const BLOCKED = both(
  columns('sanctions', 's', ['id', 'kind', 'user_id', 'reason', 'by_user', 'created_at', 'until_at']),
  nullable(columns('users', 'u', ['name', 'avatar'])),
);
export type BlockedRow = (typeof BLOCKED)['row'];

const LIST = read(
  'sanctions.blocked_in_room',
  BLOCKED,
  sql`SELECT ${BLOCKED} FROM sanctions s ${byIndex('sanctions_of_room_in_force')} LEFT JOIN users u ON u.id = s.user_id
    WHERE s.room_pk = ${int('roomPk')} AND s.lifted_at = 0 AND s.until_at > ${int('now')} AND s.kind IN (${texts('kinds')})
    ORDER BY s.id DESC LIMIT ${int('limit')} OFFSET ${int('offset')}`,
);

/** Kicks and mutes of this room that are in force, newest first. */
export function listBlocked(
  db: Pick<Executor, 'query'>,
  of: { roomPk: number; kinds: readonly ('kick' | 'mute')[]; now: number },
  page: { limit: number; offset: number },
): Promise<BlockedRow[]> {
  return db.query(LIST, { ...of, ...page });
}

const OWN = columns('sanctions', 's', ['id', 'by_user', 'until_at', 'reason']);
export type RoomSanctionRow = (typeof OWN)['row'];

const HERE = read(
  'sanctions.here',
  OWN,
  sql`SELECT ${OWN} FROM sanctions s WHERE s.user_id = ${int('userId')} AND s.room_pk = ${int('roomPk')}
    AND s.kind = ${text('kind')} AND s.lifted_at = 0 AND s.until_at > ${int('now')}`,
);

/** Sanctions of one kind in force for one user in this room. The user's row must be locked. */
export function sanctionsHere(
  tx: Executor,
  of: { roomPk: number; userId: number; kind: 'kick' | 'mute'; now: number },
): Promise<RoomSanctionRow[]> {
  return tx.query(HERE, of);
}
