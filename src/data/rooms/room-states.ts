/**
 * The states of a room row and the one statement that moves it from one to another: a compare-and-set on state and lease.
 * Which moves there are is said in rules/rooms/lifecycle.ts.
 */
import { keysOf } from '../../base/fields';
import { type Along, updateAlong } from '../engine/along';
import type { Executor } from '../engine/database';
import { assign, columns, join, type RowOf, raw, read, type Sql, sql, write } from '../engine/sql';

/** What `rooms.status` holds. */
export const ROOM_STATUS = { closed: 0, live: 1, opening: 2, dismissing: 3 } as const;
export type RoomState = keyof typeof ROOM_STATUS;

const STATES = keysOf(ROOM_STATUS);

export function stateOf({ status }: { status: number }): RoomState {
  return STATES.find((state) => ROOM_STATUS[state] === status) ?? 'closed';
}

/** The condition that the room `alias` is live. */
export function isLive(alias: string): Sql {
  return raw(`${alias}.status = ${ROOM_STATUS.live}`);
}

/** The same of a row. */
export function isLiveRoom<R extends { status: number }>(
  room: R | undefined,
): room is R & { status: typeof ROOM_STATUS.live } {
  return room?.status === ROOM_STATUS.live;
}

/**
 * Who may move a room out of a state: anybody; the holder of its lease, even when that has run out, as long as nobody has
 * taken it; or anybody, but only once the lease has run out.
 */
export type Permission = 'anybody' | 'holder' | 'once expired';

export interface Transition {
  name: string;
  from: Readonly<Partial<Record<RoomState, Permission>>>;
  /** 'none': the row is deleted. */
  to: RoomState | 'none';
}

export interface Move {
  /** The room's internal number. */
  id: number;
  now: number;
  /** Whose the lease is, or becomes. */
  holder?: string;
  /** Until when the lease is good that the new state has; left out where that state has none. */
  until?: number;
  /** The broadcast that the room must be at, live or ended last. */
  broadcastNo?: number;
  /** What else changes, and what else must hold. */
  set?: Sql;
  only?: Sql;
  /** What changes in another table with it. */
  along?: Along;
}

function permitted(permission: Permission, { now, holder = '' }: Move): Sql {
  if (permission === 'holder') return sql`rooms.lease_holder = ${holder}`;
  return permission === 'once expired' ? sql`rooms.lease_until <= ${now}` : raw('1 = 1');
}

/** The rooms that `transition` may take. */
function mayMove({ from, to }: Transition, move: Move): Sql {
  const states = STATES.flatMap((state) => {
    const permission = from[state];
    return permission ? [sql`(rooms.status = ${ROOM_STATUS[state]} AND ${permitted(permission, move)})`] : [];
  });
  // One whose answer got lost: the lease is this attempt's already.
  if (to !== 'none' && move.until !== undefined && move.holder !== undefined) {
    states.push(sql`(rooms.status = ${ROOM_STATUS[to]} AND rooms.lease_holder = ${move.holder})`);
  }
  const conditions = [sql`rooms.id = ${move.id}`, sql`(${join(states, ' OR ')})`];
  if (move.broadcastNo !== undefined) conditions.push(sql`rooms.broadcast_no = ${move.broadcastNo}`);
  if (move.only) conditions.push(move.only);
  return join(conditions, ' AND ');
}

/** True where the room was in a state that the transition leaves, and under the right lease; otherwise nothing happened. */
export async function moveRoom(db: Executor, transition: Transition, move: Move): Promise<boolean> {
  const name = `rooms.${transition.name}` as const;
  const where = mayMove(transition, move);
  const { to } = transition;
  if (to === 'none') return (await db.execute(write(name, 'safe', sql`DELETE FROM rooms WHERE ${where}`))).affected > 0;
  const { holder = '', until } = move;
  const lease = until === undefined ? { holder: '', until: 0 } : { holder, until };
  const state = assign('rooms', {
    status: ROOM_STATUS[to],
    lease_holder: lease.holder,
    lease_until: lease.until,
    // Who opens or is live has a slot; what else changes may say which.
    ...((to === 'closed' || to === 'dismissing') && { open_slot: null }),
  });
  const set = move.set ? join([state, move.set], ', ') : state;
  const moved = await updateAlong(db, { name, table: raw('rooms'), set, where }, move.along);
  // Lists show live rooms only.
  if (moved && (to === 'live' || transition.from.live)) db.changed('rooms');
  return moved;
}

const EXPIRED_LEASE = columns('rooms', 'r', [
  'id',
  'tenant',
  'room_id',
  'broadcast_no',
  'status',
  'lease_holder',
  'lease_until',
  'host_pending',
]);
export type ExpiredLease = RowOf<typeof EXPIRED_LEASE>;

/** Up to `max` rooms whose opener or dismisser should have ended before `since`. */
export async function findExpiredLeases(db: Executor, since: number, max: number): Promise<ExpiredLease[]> {
  const statement = sql`SELECT ${EXPIRED_LEASE} FROM rooms r
    WHERE r.lease_until > 0 AND r.lease_until <= ${since} ORDER BY r.lease_until LIMIT ${max}`;
  return db.query(read('rooms.expired_leases', EXPIRED_LEASE, statement));
}
