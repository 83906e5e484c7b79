/**
 * Rooms: one broadcast at a time, each with one owner, begun and ended for a reason that the history has; in the end the room
 * is what the last acknowledged calls made of it. Who is in a room: members.ts.
 */
import {
  type Call,
  type Check,
  type Delivery,
  done,
  type Fields,
  type Finding,
  fieldOf,
  groupBy,
  inTenant,
  latest,
  maybe,
  named,
} from '../history';
import { banTargets, firstArrivals } from './events';
import { type Known, know, targetOf } from './index-of';

const roomOf = (tenant: string, data: Fields) => inTenant(tenant, fieldOf(data, 'roomId'));
export const roomOfCall = (call: Call) => inTenant(call.tenant, String(call.params['roomId'] ?? ''));

function timelines(deliveries: readonly Delivery[]): Map<string, Delivery[]> {
  const own = firstArrivals(deliveries).filter(({ type }) => type === 'room.opened' || type === 'room.ended');
  const timeline = groupBy(own, ({ tenant, data }) => roomOf(tenant, data));
  for (const events of timeline.values())
    events.sort((a, b) => Number(a.data['sequence']) - Number(b.data['sequence']));
  return timeline;
}

/** opened, ended, opened, ended …: the same number for both, a higher one for the next, and one owner throughout. */
export const broadcastsTakeTurns: Check = ({ deliveries }) => {
  const findings: Finding[] = [];
  for (const [room, events] of timelines(deliveries)) {
    const complain = (text: string) => findings.push({ property: 'broadcasts', text: `${room}: ${text}`, calls: [] });
    let open: Delivery | undefined;
    let last = 0;
    for (const event of events) {
      const number = Number(event.data['broadcastNo']);
      if (event.type === 'room.opened') {
        if (open) complain(`broadcast ${number} began while ${fieldOf(open.data, 'broadcastNo')} was live`);
        if (number <= last) complain(`broadcast ${number} began after ${last}`);
        open = event;
        last = number;
      } else {
        if (!open) complain(`broadcast ${number} ended and was not live`);
        else if (fieldOf(open.data, 'broadcastNo') !== String(number))
          complain(`broadcast ${number} ended in place of another one`);
        open = undefined;
      }
    }
    // A room that an audience opened has no owner yet: the first anchor becomes it.
    const owners = new Set(
      events.filter(({ type }) => type === 'room.opened').map(({ data }) => fieldOf(data, 'ownBy')),
    );
    const isFirst = owners.has(fieldOf(events[0]?.data, 'roomId'));
    if (isFirst && owners.size > 1) complain(`is owned by ${[...owners].join(' and ')}`);
  }
  return findings;
};

export interface Causes {
  readonly openers: ReadonlyMap<string, readonly Call[]>;
  readonly enders: ReadonlyMap<string, readonly Call[]>;
}

export function causesOf(calls: readonly Call[]): Causes {
  return {
    openers: groupBy(named(calls, 'rooms/enter_room').filter(maybe), roomOfCall),
    enders: groupBy(named(calls, 'rooms/destroy_room', 'admin/end_room').filter(maybe), roomOfCall),
  };
}

const isAnchor = ({ params }: Call) => params['role'] === 'anchor';

/**
 * Accounts that may own the room. Under a user's own id only that user does. Under an id that was nobody's an audience may
 * open the room, and the first anchor becomes its owner.
 */
function mayOwn(known: Known, room: { tenant: string; roomId: string }, openers: readonly Call[]): string[] {
  const own = known.accountOf.get(inTenant(room.tenant, room.roomId));
  return own === undefined ? [...new Set(openers.map(({ by }) => by))] : [own];
}

/** Every begin goes back to a call of its owner, every end to a call that may have ended it. */
export const broadcastsHaveCauses: Check = ({ calls, deliveries }) => {
  const known = know(calls);
  const { openers, enders } = causesOf(calls);
  const banned = banTargets(calls);
  const findings: Finding[] = [];
  for (const [room, events] of timelines(deliveries)) {
    const complain = (text: string) => findings.push({ property: 'broadcasts', text: `${room}: ${text}`, calls: [] });
    const [tenant, roomId] = [events[0]?.tenant ?? '', fieldOf(events[0]?.data, 'roomId')];
    const mayOpen = openers.get(room) ?? [];
    const owners = mayOwn(known, { tenant, roomId }, mayOpen);
    const isBanned = owners.some((owner) => banned.has(inTenant(tenant, known.userIdOf.get(owner) ?? '')));
    const opened = events.filter(({ type }) => type === 'room.opened').length;
    const byOwners = mayOpen.filter((call) => owners.includes(call.by) && (isAnchor(call) || owners.length > 1)).length;
    if (opened > byOwners) complain(`${opened} broadcasts of ${byOwners} calls`);
    const ends = enders.get(room) ?? [];
    for (const { data } of events.filter(({ type }) => type === 'room.ended')) {
      const [endedBy, reason] = [fieldOf(data, 'endedBy'), fieldOf(data, 'reason')];
      const isCaused = {
        owner: ends.some(({ by, name }) => name === 'rooms/destroy_room' && owners.includes(by)),
        operator: ends.some(({ params }) => params['reason'] === reason) || isBanned,
        account: isBanned || owners.some((owner) => known.deletions.has(owner)),
      }[endedBy];
      if (isCaused !== true) complain(`ended by ${endedBy} ("${reason}"), which nobody did`);
    }
  }
  return findings;
};

/** The last read of each room, after everything had come to rest. */
export function finalRooms(calls: readonly Call[]): Map<string, Call> {
  const reads = named(calls, 'rooms/room_detail').filter(
    ({ by, outcome }) => by === 'observer' && outcome !== 'unknown',
  );
  return new Map(reads.map((call) => [roomOfCall(call), call]));
}

export function isLive(read: Call): boolean {
  return done(read) && fieldOf(read.data, 'status') === '1';
}

/** What the owner was told last is so: live after going live, not live after ending it. For rooms under their owner's id. */
export const finalStates: Check = ({ calls }) => {
  const { accountOf, againstUser, byAccount, deletions } = know(calls);
  const { openers, enders } = causesOf(calls);
  const bans = groupBy(named(calls, 'admin/ban_user').filter(maybe), targetOf);
  const findings: Finding[] = [];
  const after = (those: readonly Call[], cause: Call) => those.some((other) => latest(other) > cause.began);
  for (const [room, read] of finalRooms(calls)) {
    const owner = accountOf.get(room);
    if (owner === undefined) continue;
    const opens = (openers.get(room) ?? []).filter((call) => call.by === owner && isAnchor(call));
    const ends = [...(enders.get(room) ?? []), ...(bans.get(room) ?? []), ...(deletions.get(owner) ?? [])];
    const complain = (text: string, cause: Call) =>
      findings.push({ property: 'rooms', text: `${room} ${text}`, calls: [cause.id, read.id] });
    // An owner who signs out is gone, and the room is not shown until the next sign of life.
    const signOuts = [
      ...(byAccount.get(owner) ?? []).filter(({ name }) => name === 'auth_users/user_logout'),
      ...(againstUser.get(room) ?? []).filter(({ name }) => name === 'admin/sign_out_user'),
    ];
    const open = opens.find((call) => done(call) && !after([...ends, ...signOuts], call));
    const end = ends.find((call) => done(call) && !after(opens, call));
    if (open && !isLive(read)) complain('is not live, though its owner went live and nobody ended it', open);
    if (end && isLive(read)) complain(`is live, though ${end.name} had been acknowledged`, end);
  }
  return findings;
};
