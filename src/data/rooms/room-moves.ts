/**
 * The life of a room: its states, and each move from one to another, with what it writes besides the state and its lease.
 *
 *     (none) ──create──► opening ──open──► live ──end──► closed ──claim──► opening …
 *                          │                               │
 *                 abandon, clear ──► closed or (none)    dismiss ──► dismissing ──release, clear──► closed
 *
 * docs/room-life.md draws it; a test compares the drawing with this table and with both databases. rules/rooms/open.ts,
 * end.ts and dismiss.ts make the moves.
 */
import { assign, int, sql, text } from '../engine/sql';
import { BEGINNING_PRESENCE } from '../presence/attendance';
import { IS_ABSENT, isKeptOpen } from '../presence/predicates';
import { sanctionsAre } from '../sanctions/conditions';
import { ENDING_SANCTIONS } from './ending';
import { BEGIN_BROADCAST } from './room-columns';
import { moving, type Transition } from './room-states';

/** The columns that an opening writes, if the room is `owner`'s and nothing was decided about them since. */
const OPENING = {
  set: BEGIN_BROADCAST,
  only: sql`rooms.owner_id = ${int('owner')} AND ${sanctionsAre(int('owner'), int('sanctionNo'))}`,
  along: BEGINNING_PRESENCE,
};

const END = { name: 'end', from: { live: 'anybody' }, to: 'closed' } as const satisfies Transition;
const ENDING = { set: sql`updated_at = ${int('now')}, updated_by = ${int('by')}`, along: ENDING_SANCTIONS };
/** Checked in the statement itself: the owner may have come back since a job looked. */
const OWNER_IS_ABSENT = sql`NOT EXISTS (SELECT 1 FROM presence p WHERE p.user_id = rooms.owner_id AND NOT ${IS_ABSENT})
    AND NOT ${isKeptOpen('rooms')}`;

/** What a process that has died left: the state and the lease that were found. */
const AS_FOUND = {
  only: sql`rooms.status = ${int('status')} AND rooms.lease_holder = ${text('leaseHolder')}`,
};

export const MOVES = {
  /** The owner, or the first host of a room that waits for one, is about to open it. */
  claim: moving(
    {
      name: 'claim',
      from: { closed: 'anybody', opening: 'once expired', dismissing: 'once expired' },
      to: 'opening',
    },
    {
      set: assign('rooms', ['open_slot', 'host_pending', 'owner_id', 'session_id']),
      only: sql`rooms.owner_id = ${int('ownerBefore')}`,
    },
  ),
  /** The group exists and the host has entered: the room becomes visible. */
  open: moving({ name: 'open', from: { opening: 'holder' }, to: 'live' }, OPENING),
  /** No lease is needed if IM has no work. */
  openAtOnce: moving(
    {
      name: 'open_at_once',
      from: { closed: 'anybody', opening: 'once expired', dismissing: 'once expired' },
      to: 'live',
    },
    OPENING,
  ),
  /** It could not be opened. */
  abandon: moving(
    { name: 'abandon', from: { opening: 'holder' }, to: 'closed' },
    { set: assign('rooms', ['host_pending']) },
  ),
  /** The same for a room that was never live, if IM has certainly made no group. */
  discard: moving({ name: 'discard', from: { opening: 'holder' }, to: 'none' }),
  end: moving(END, ENDING),
  endIfAbsent: moving(END, { ...ENDING, only: OWNER_IS_ABSENT }),
  /** IM and TRTC are about to be notified of the end. */
  dismiss: moving({ name: 'dismiss', from: { closed: 'anybody', dismissing: 'once expired' }, to: 'dismissing' }),
  /** They gave no answer, and may still do it. */
  holdOff: moving({ name: 'hold_off', from: { dismissing: 'holder' }, to: 'dismissing' }),
  release: moving({ name: 'release', from: { dismissing: 'holder' }, to: 'closed' }),
  /** The process that opened or dismissed it has died. */
  clear: moving(
    { name: 'clear', from: { opening: 'once expired', dismissing: 'once expired' }, to: 'closed' },
    AS_FOUND,
  ),
  clearFirst: moving({ name: 'clear_first', from: { opening: 'once expired' }, to: 'none' }, AS_FOUND),
};
