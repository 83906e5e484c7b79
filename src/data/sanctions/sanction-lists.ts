/** Lists of sanctions: by page, for operators; of one room, as its host sees them and takes them back. */
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, int, nullable, raw, read, sql, text, texts } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';
import { IN_FORCE, SANCTION, type SanctionRow } from './sanctions';

type Reader = Pick<Executor, 'query'>;

export interface SanctionFilter {
  tenant: string;
  userId?: number | undefined;
  roomPk?: number | undefined;
  kind?: string | undefined;
  active: boolean;
  now: number;
}

/** The last row of a page: its end (ms) and its id. */
export type SanctionPlace = readonly [until: number, id: number];

type Behind = SanctionFilter & { until?: number | undefined; id?: number | undefined; limit: number };

function indexOf({ has, by: { active } }: Shape<SanctionFilter, 'active'>): string {
  if (has('userId')) return 'sanctions_by_user';
  if (has('roomPk')) return 'sanctions_by_room';
  if (active) return has('kind') ? 'sanctions_of_kind_in_force' : 'sanctions_in_force';
  return has('kind') ? 'sanctions_of_kind' : 'sanctions_in_order';
}

/** The condition of a filter on sanctions s. */
function conditionOf({ and, by }: Shape<SanctionFilter, 'active'>) {
  const ofUser = and('userId', sql`s.user_id = ${int('userId')}`);
  const ofRoom = and('roomPk', sql`s.room_pk = ${int('roomPk')}`);
  const ofKind = and('kind', sql`s.kind = ${text('kind')}`);
  const inTime = by.active ? IN_FORCE : sql`(s.lifted_at > 0 OR s.until_at <= ${int('now')})`;
  return sql`s.tenant = ${text('tenant')} ${ofUser} ${ofRoom} ${ofKind} AND ${inTime}`;
}

const counting = variants(
  (shape: Shape<SanctionFilter, 'active'>) =>
    countUpTo('sanctions.count', sql`FROM sanctions s ${byIndex(indexOf(shape))} WHERE ${conditionOf(shape)}`),
  'active',
);

/** At most `most` + 1. */
export async function countSanctions(db: Reader, filter: SanctionFilter, most: number): Promise<number> {
  const [count] = await db.query(counting(filter), { ...filter, atMost: most + 1 });
  return count?.n ?? 0;
}

const listing = variants((shape: Shape<Behind, 'active'>) => {
  const { active } = shape.by;
  const behind = active
    ? sql`s.until_at <= ${int('until')} AND (s.until_at < ${int('until')} OR s.id < ${int('id')})`
    : sql`s.id < ${int('id')}`;
  return read(
    'sanctions.list',
    SANCTION,
    sql`SELECT ${SANCTION} FROM sanctions s ${byIndex(indexOf(shape))} LEFT JOIN rooms r ON r.id = s.room_pk
    WHERE ${conditionOf(shape)} ${shape.and('id', behind)}
    ORDER BY ${raw(active ? 's.until_at DESC, s.id DESC' : 's.id DESC')} LIMIT ${int('limit')}`,
  );
}, 'active');

/** Sanctions in force: the longest first. Sanctions that are over: the newest first. */
export function listSanctions(
  db: Reader,
  filter: SanctionFilter,
  { after, limit }: { after: SanctionPlace | undefined; limit: number },
): Promise<SanctionRow[]> {
  const values = { ...filter, limit, until: after?.[0], id: after?.[1] };
  return db.query(listing(values), values);
}

const BLOCKED = both(
  columns('sanctions', 's', ['id', 'kind', 'user_id', 'reason', 'by_user', 'created_at', 'until_at']),
  nullable(columns('users', 'u', ['name', 'avatar'])),
);
export type BlockedRow = (typeof BLOCKED)['row'];

const BLOCKED_IN_ROOM = read(
  'sanctions.blocked_in_room',
  BLOCKED,
  sql`SELECT ${BLOCKED} FROM sanctions s ${byIndex('sanctions_of_room_in_force')} LEFT JOIN users u ON u.id = s.user_id
    WHERE s.room_pk = ${int('roomPk')} AND s.lifted_at = 0 AND s.until_at > ${int('now')} AND s.kind IN (${texts('kinds')})
    ORDER BY s.id DESC LIMIT ${int('limit')} OFFSET ${int('offset')}`,
);

/** Kicks and mutes of this room that are in force, newest first. */
export function listBlocked(
  db: Reader,
  of: { roomPk: number; kinds: readonly ('kick' | 'mute')[]; now: number },
  page: { limit: number; offset: number },
): Promise<BlockedRow[]> {
  return db.query(BLOCKED_IN_ROOM, { ...of, ...page });
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
