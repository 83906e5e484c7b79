/** People who come and go, for webhooks: of large crowds a part, always the same people of a room. */
import { createHash } from 'node:crypto';
import type { Config } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { type MemberOfBroadcast, noteJoined, noteLeft } from '../../data/rooms/member-events';
import type { Throttles } from '../accounts/throttles';
import { type Emitter, emit } from './events';

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

/** Runs in the transaction that put the member in at `now`. */
export async function tellJoined(
  tx: Executor,
  emitter: Emitter & { throttles: Pick<Throttles, 'memberEventsOfDay'> },
  { now, role, ...member }: MemberAt & { now: number; role: string },
): Promise<void> {
  const { memberEventsOfDay } = emitter.throttles;
  const user = String(member.user);
  const mayBe = memberEventsOfDay.get(user, now) < JOINED_EVENTS_PER_DAY;
  if (!(await noteJoined(tx, member, { now, mayBe }))) return;
  memberEventsOfDay.add(user, now);
  await emit(tx, emitter, { type: 'member.joined', ...placeOf(member), data: { userId: member.userId, role } });
}

/** Runs in the transaction that took the member out. */
export async function tellLeft(tx: Executor, emitter: Emitter, member: MemberAt): Promise<void> {
  if (!(await noteLeft(tx, member))) return;
  await emit(tx, emitter, { type: 'member.left', ...placeOf(member), data: { userId: member.userId } });
}
