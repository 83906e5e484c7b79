/** Messages that wait for a verdict: stored before IM is answered, sent in the author's name after they pass (send-and-recall.ts). */
import { formatUtc } from '../../contract/fields';
import type { Database } from '../../data/engine/database';
import { addHeld } from '../../data/review/held';
import type { Services } from '../context';
import { emit } from '../webhooks/events';
import type { ChatRoom } from './review-cache';

/** A live chat has moved on by then (ms). */
export const HELD_MS = 600_000;

export interface MessageToHold {
  tenant: string;
  room: ChatRoom;
  userId: string;
  user: number;
  body: unknown;
  text: string;
  source: 'word' | 'vendor';
  label: string;
  hits: readonly string[];
}

/** Throws if it cannot be written. */
export async function holdMessage(
  { db, services, now }: { db: Database; services: Services; now: number },
  message: MessageToHold,
): Promise<void> {
  const { tenant, room, user, userId, text, source, label, hits } = message;
  const expires = now + HELD_MS;
  await db.transaction(async (tx) => {
    const id = await addHeld(tx, {
      tenant,
      room_pk: room.id,
      broadcast_no: room.broadcastNo,
      user_id: user,
      body: JSON.stringify(message.body),
      message: text,
      source,
      label,
      hits: JSON.stringify(hits),
      created_at: now,
      expires_at: expires,
    });
    const place = { id: room.id, roomId: room.roomId, broadcastNo: room.broadcastNo };
    const data = { heldId: String(id), userId, source, label, expiresUtc: formatUtc(expires) };
    await emit(tx, services, { type: 'message.held', tenant, room: place, data });
  });
}
