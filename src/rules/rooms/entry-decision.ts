/** What entering a room id means for this caller at this moment: a decision without any effect. */
import { stateOf } from '../../data/rooms/room-states';
import type { Room, RoomIdLookup } from '../../data/rooms/rooms';

/** The role of the owner; no other user has it. */
const ANCHOR = 'anchor';
export const AUDIENCE = 'audience';

export interface EnterRoomRequest {
  roomId: string;
  /** The given role; undefined if absent. */
  role: string | undefined;
  category: string | undefined;
  title: string | undefined;
  /** The stored form (contract/custom.ts); undefined if the app gives none, or may not. */
  custom?: string | undefined;
}

/** take_over: join, and become the owner of a room that waits for its host. */
export type EntryDecision = 'join' | 'take_over' | 'open' | 'wait' | 'no_such_room' | 'not_yours';

/** Whose the id is, and its room. */
type Found = Pick<RoomIdLookup, 'idOwner' | 'room'>;

/** The caller, as the decision sees them. */
export interface EnteringUser {
  id: number;
  /** The id is the caller's own. */
  ownId: boolean;
  now: number;
  /** The caller's own lease is no obstacle. */
  holder: string;
}

export function isAudience({ role }: Pick<EnterRoomRequest, 'role'>): boolean {
  return role === AUDIENCE;
}

/** Invisible characters: format controls (joiners, zero-width spaces, soft hyphens) and white space. */
const INVISIBLE = /[\p{Cf}\s]/gu;

/** Covers fullwidth letters and invisible characters: an app may show such a role as the anchor's. */
export function isAnchor(role: string | undefined): boolean {
  return role?.normalize('NFKC').replace(INVISIBLE, '').toLowerCase() === ANCHOR;
}

/** The caller's role. Only the owner is an anchor; other users who ask for it watch. */
export function roleOf({ role }: EnterRoomRequest, isOwner: boolean): string {
  if (isOwner) return role ?? ANCHOR;
  return role === undefined || isAnchor(role) ? AUDIENCE : role;
}

function decideClosed(
  room: Room | undefined,
  lookup: Found,
  entry: { request: EnterRoomRequest; who: EnteringUser },
): EntryDecision {
  const { request, who } = entry;
  const owner = room?.owner_id ?? lookup.idOwner;
  const everLive = room !== undefined && room.broadcast_no > 0;
  if (owner === undefined) return 'open';
  if (owner !== who.id) {
    // Treated as a new id; once it was live, only a user who enters as anchor takes it over.
    if (room?.host_pending === 1 && (!everLive || isAnchor(request.role))) return 'open';
    // A request without a role may mean to host: some apps never send one.
    const wantsToHost = request.role === undefined || isAnchor(request.role);
    return wantsToHost && !everLive ? 'not_yours' : 'no_such_room';
  }
  // An audience brings no ended room back, and opens none under its own id.
  return isAudience(request) && (everLive || who.ownId) ? 'no_such_room' : 'open';
}

export function decideEntry(lookup: Found, request: EnterRoomRequest, who: EnteringUser): EntryDecision {
  const { room } = lookup;
  const state = room ? stateOf(room) : 'closed';
  if (room && state === 'live') {
    const takesOver = room.host_pending === 1 && room.owner_id !== who.id && isAnchor(request.role);
    return takesOver ? 'take_over' : 'join';
  }
  // Another request has the lease.
  const leased = room !== undefined && room.lease_until > who.now && room.lease_holder !== who.holder;
  if (leased && state === 'opening') return 'wait';
  const decision = decideClosed(room, lookup, { request, who });
  // What IM and TRTC are doing to the former broadcast is over within seconds.
  return leased && decision === 'open' ? 'wait' : decision;
}
