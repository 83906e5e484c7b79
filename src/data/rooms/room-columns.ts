/**
 * The value of each column of a room's row at the next broadcast. A column of RoomsTable that is not listed here does
 * not compile, so that no cover, pinned message or count of one broadcast shows up in the next.
 */
import type { Selectable } from 'kysely';
import { keysOf } from '../../base/fields';
import { assign, join, raw, type Sql, sql } from '../engine/sql';
import type { RoomsTable } from '../schema';

type Row = Selectable<RoomsTable>;
/**
 * `kept`: it belongs to the room, not to one broadcast. `state`: each move of the room writes it (room-states.ts).
 * `opening`: the opening gives it. `reset`: the next broadcast begins with this value.
 */
type Fate<V> = 'kept' | 'state' | 'opening' | { reset: V };

const NEXT_BROADCAST = {
  id: 'kept',
  tenant: 'kept',
  room_id: 'kept',
  owner_id: 'kept',
  warned_no: 'kept',
  event_seq: 'kept',
  status: 'state',
  lease_holder: 'state',
  lease_until: 'state',
  broadcast_no: 'opening',
  category: 'opening',
  title: 'opening',
  created_at: 'opening',
  updated_at: 'opening',
  updated_by: 'opening',
  open_slot: 'opening',
  host_pending: 'opening',
  session_id: 'opening',
  im_group: 'opening',
  counted_at: 'opening',
  custom: 'opening',
  cover: { reset: '' },
  subject: { reset: '' },
  description: { reset: '' },
  star: { reset: 0 },
  // The owner is in it.
  nn_users: { reset: 1 },
  total_joined: { reset: 1 },
  peak: { reset: 1 },
} as const satisfies { [C in keyof Row]: Fate<Row[C]> };

type Declared = typeof NEXT_BROADCAST;
type Given = { [C in keyof Row]: Declared[C] extends 'opening' ? C : never }[keyof Row];
/** The values that an opening gives: each column declared `opening`. */
export type Opening = Pick<Row, Given>;

const isGiven = (column: keyof Row): column is Given => NEXT_BROADCAST[column] === 'opening';

const resets = keysOf(NEXT_BROADCAST).flatMap((column) => {
  const fate = NEXT_BROADCAST[column];
  return typeof fate === 'object' ? [sql`${raw(column)} = ${fate.reset}`] : [];
});

/** Assignments of the UPDATE that opens a room: the given values, and the columns that are reset. */
export const BEGIN_BROADCAST = join(
  [...resets, assign('rooms', keysOf(NEXT_BROADCAST).filter(isGiven))],
  ', ',
) satisfies Sql<Opening>;
