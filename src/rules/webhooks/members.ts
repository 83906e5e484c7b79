/** People who come and go, for webhooks: of large crowds a part, always the same people of a room. */
import { createHash } from 'node:crypto';
import type { Config } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { emit, type Telling } from './events';

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

interface MemberAt extends MemberName {
  room: { id: number; broadcast_no: number };
}

export async function tellOfMember(
  tx: Executor,
  telling: Telling,
  member: MemberAt & ({ type: 'member.joined'; role: string } | { type: 'member.left' }),
): Promise<void> {
  const { tenant, roomId, userId, room: at } = member;
  const room = { id: at.id, roomId, broadcastNo: at.broadcast_no };
  if (member.type === 'member.left') return emit(tx, telling, { type: member.type, tenant, room, data: { userId } });
  await emit(tx, telling, { type: member.type, tenant, room, data: { userId, role: member.role } });
}
