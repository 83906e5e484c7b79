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

/** WEBHOOK_MEMBER_PERCENT in a hundred: who is heard coming is heard going. */
export function isSampled({ webhookMemberPercent }: Config, { roomId, userId }: MemberName): boolean {
  if (webhookMemberPercent >= 100) return true;
  const hash = createHash('sha256').update(`${roomId} ${userId}`).digest();
  return hash.readUInt32BE(0) % 100 < webhookMemberPercent;
}

export async function tellOfMember(
  tx: Executor,
  telling: Telling,
  member: MemberName & {
    type: 'member.joined' | 'member.left';
    room: { id: number; broadcast_no: number };
    role?: string;
  },
): Promise<void> {
  const { type, tenant, roomId, userId, room, role } = member;
  const place = { id: room.id, roomId, broadcastNo: room.broadcast_no };
  await emit(tx, telling, { type, tenant, room: place, data: { userId, ...(role !== undefined && { role }) } });
}
