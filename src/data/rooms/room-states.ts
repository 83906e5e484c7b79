/**
 * The states of a room row, and how a statement moves it from one to another: a compare-and-set on state and lease. The moves
 * are in room-moves.ts.
 *
 * The `opening` and `dismissing` states hold a lease, stored in the room row. A request that opens a room, or makes IM and
 * TRTC dissolve it, takes the lease before calling them, so the group that an owner is making is never dissolved by work on
 * the former broadcast. A lease outlasts the call by the time in which the vendor may still carry it out. One that has run
 * out may be taken by the next who needs it: its holder has died, or will find it gone.
 */
import { randomBytes } from 'node:crypto';
import { keysOf } from '../../base/fields';
import type { Executor } from '../engine/database';
import { type Along, type UpdateOfTwo, updateOfTwo, updateTwo } from '../engine/several-tables';
import {
  columns,
  type Given,
  int,
  join,
  NOTHING,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  text,
  write,
} from '../engine/sql';

/** Names one attempt: the holder of a lease. */
export function newLeaseHolder(): string {
  return randomBytes(12).toString('base64url');
}

/** Values of `rooms.status`. */
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
 * Who may move a room out of a state: any request; the holder of its lease, also an expired one, unless another request has
 * taken it; or any request, but only once the lease has expired.
 */
export type Permission = 'anybody' | 'holder' | 'once expired';

export interface Transition {
  name: string;
  from: Readonly<Partial<Record<RoomState, Permission>>>;
  /** 'none': the row is deleted. */
  to: RoomState | 'none';
}

/** The values of every move. */
export interface MoveValues {
  /** The room's internal number. */
  id: number;
  /** The broadcast that the room must be at, live or ended last. */
  broadcastNo: number;
  now: number;
  /** Whose the lease is, or becomes; '' = none. */
  holder: string;
  /** The end of the new state's lease; 0 = it has none. */
  until: number;
}

const PERMITTED = {
  anybody: raw('1 = 1'),
  holder: sql`rooms.lease_holder = ${text('holder')}`,
  'once expired': sql`rooms.lease_until <= ${int('now')}`,
} as const satisfies Record<Permission, Sql<MoveValues>>;

const takesLease = ({ to }: Transition) => to === 'opening' || to === 'dismissing';

/** The rooms that `transition` may take. */
function mayMove(transition: Transition): Sql<MoveValues> {
  const { from, to } = transition;
  const states: Sql<MoveValues>[] = STATES.flatMap((state) => {
    const permission = from[state];
    return permission ? [sql`(rooms.status = ${ROOM_STATUS[state]} AND ${PERMITTED[permission]})`] : [];
  });
  // One whose answer got lost: the lease is this attempt's already.
  if (to !== 'none' && takesLease(transition)) {
    states.push(sql`(rooms.status = ${ROOM_STATUS[to]} AND ${PERMITTED.holder})`);
  }
  return sql`rooms.id = ${int('id')} AND (${join(states, ' OR ')}) AND rooms.broadcast_no = ${int('broadcastNo')}`;
}

/** The state and its lease. */
function newState(transition: Transition, to: RoomState): Sql<MoveValues> {
  const lease = takesLease(transition)
    ? sql`lease_holder = ${text('holder')}, lease_until = ${int('until')}`
    : sql`lease_holder = '', lease_until = 0`;
  // A room that opens or is live has a slot; what else changes may say which.
  const slot = to === 'closed' || to === 'dismissing' ? raw(', open_slot = NULL') : NOTHING;
  return sql`status = ${ROOM_STATUS[to]}, ${lease}${slot}`;
}

export interface Move<P> extends Transition {
  statement: UpdateOfTwo<MoveValues & P>;
}

/** `set`: what else changes. `only`: what else must be true. `along`: what changes in another table with it. */
export function moving<S = unknown, O = unknown, A = unknown>(
  transition: Transition,
  { set, only, along }: { set?: Sql<S>; only?: Sql<O>; along?: Along<A> } = {},
): Move<S & O & A> {
  const { name, to } = transition;
  const where = only ? sql`${mayMove(transition)} AND ${only}` : mayMove(transition);
  if (to === 'none') {
    const update = write(`rooms.${name}`, 'safe', sql`DELETE FROM rooms WHERE ${where}`);
    return { ...transition, statement: { update, along: undefined } };
  }
  const state = newState(transition, to);
  const changes = { table: raw('rooms'), set: set ? sql`${state}, ${set}` : state, where };
  return { ...transition, statement: updateOfTwo(`rooms.${name}`, changes, along) };
}

/** True if the room was in a state that the move leaves, and under the right lease; otherwise nothing happened. */
export async function moveRoom<P>(db: Executor, move: Move<P>, ...values: Given<MoveValues & P>): Promise<boolean> {
  const moved = await updateTwo(db, move.statement, ...values);
  // Lists show live rooms only.
  if (moved && (move.to === 'live' || move.from.live)) db.changed('rooms');
  return moved;
}

const EXPIRED_LEASE = columns('rooms', 'r', [
  'id',
  'tenant',
  'room_id',
  'owner_id',
  'broadcast_no',
  'status',
  'lease_holder',
  'lease_until',
  'host_pending',
]);
export type ExpiredLease = RowOf<typeof EXPIRED_LEASE>;

const EXPIRED_LEASES = read(
  'rooms.expired_leases',
  EXPIRED_LEASE,
  sql`SELECT ${EXPIRED_LEASE} FROM rooms r
    WHERE r.lease_until > 0 AND r.lease_until <= ${int('since')} ORDER BY r.lease_until LIMIT ${int('max')}`,
);

/** Up to `max` rooms whose opener or dismisser should have ended before `since`. */
export async function findExpiredLeases(db: Executor, since: number, max: number): Promise<ExpiredLease[]> {
  return db.query(EXPIRED_LEASES, { since, max });
}
