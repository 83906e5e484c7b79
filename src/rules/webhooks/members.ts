/** People who come and go, for webhooks: of large crowds a part, always the same people of a room. */
import { createHash } from 'node:crypto';
import type { Config } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import type { Joined } from '../../data/rooms/entering';
import { type MemberOfBroadcast, noteJoined, noteLeft } from '../../data/rooms/member-events';
import type { Throttles } from '../accounts/throttles';
import { type Emitter, emit, emitAll } from './events';

/** member.joined of one person in a day, over all rooms. */
export const JOINED_EVENTS_PER_DAY = 2_000;

export interface MemberName {
  tenant: string;
  roomId: string;
  userId: string;
}

/** Samples WEBHOOK_MEMBER_PERCENT of users: both joined and left are published for the same users. */
export function isSampled({ webhookMemberPercent }: Config, { roomId, userId }: MemberName): boolean {
  if (webhookMemberPercent >= 100) return true;
  const hash = createHash('sha256').update(`${roomId} ${userId}`).digest();
  return hash.readUInt32BE(0) % 100 < webhookMemberPercent;
}

interface MemberAt extends MemberName, MemberOfBroadcast {}

function placeOf({ tenant, roomId, room }: MemberAt) {
  return { tenant, room: { id: room.id, roomId, broadcastNo: room.broadcast_no } };
}

/** The members of each room, in the order of the rooms' numbers. */
function byRoom(joined: readonly Joined[]): (readonly [Joined, ...Joined[]])[] {
  const rooms = new Map<number, [Joined, ...Joined[]]>();
  for (const one of joined) {
    const known = rooms.get(one.room.id);
    if (known) known.push(one);
    else rooms.set(one.room.id, [one]);
  }
  return [...rooms.values()].sort(([one], [other]) => one.room.id - other.room.id);
}

/** Runs in the transaction that put the members in at `now`. In the order of the rooms, which it locks. */
export async function tellJoined(
  tx: Executor,
  emitter: Emitter & { throttles: Pick<Throttles, 'memberEventsOfDay'> },
  { joined, now }: { joined: readonly Joined[]; now: number },
): Promise<void> {
  const { memberEventsOfDay } = emitter.throttles;
  const mayBe = (user: number) => memberEventsOfDay.get(String(user), now) < JOINED_EVENTS_PER_DAY;
  for (const [first, ...others] of byRoom(joined)) {
    const members = [first, ...others];
    const { room } = first;
    const heard = await noteJoined(tx, room, { users: members.map(({ user }) => user), now, mayBe });
    const told = members.filter(({ user }) => heard.has(user));
    for (const { user } of told) memberEventsOfDay.add(String(user), now);
    const events = told.map(({ role, ...member }) => {
      return { type: 'member.joined' as const, ...placeOf(member), data: { userId: member.userId, role } };
    });
    await emitAll(tx, emitter, events);
  }
}

/** Runs in the transaction that took the member out. */
export async function tellLeft(tx: Executor, emitter: Emitter, member: MemberAt): Promise<void> {
  if (!(await noteLeft(tx, member))) return;
  await emit(tx, emitter, { type: 'member.left', ...placeOf(member), data: { userId: member.userId } });
}
