/** IM's work for review, in the outbox: sending passed messages, and recalling others. */
import { createHash, createHmac } from 'node:crypto';
import type { Tenant } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import type { OutboxItem } from '../../data/outbox/outbox';
import { findHeld, type HeldRow } from '../../data/review/held';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom } from '../../data/rooms/rooms';
import { sanctionsInRoom, userBan } from '../../data/sanctions/sanctions';
import type { Context } from '../context';

interface ReviewWork {
  item: OutboxItem;
  tenant: Tenant;
  budgetMs: number;
}

/** The reason why a text of the queue may not be sent; undefined: it may. */
export async function whyNotSent(
  db: Executor,
  of: { tenant: string; held: HeldRow; now: number },
): Promise<string | undefined> {
  const { tenant, held, now } = of;
  if (held.room_id === null || held.name === null) return 'the room or the author is gone';
  const room = await findRoom(db, { tenant, roomId: held.room_id });
  if (!isLiveRoom(room) || room.broadcast_no !== held.broadcast_no) return 'the broadcast has ended';
  const rows = await sanctionsInRoom(db, { userId: held.user_id, roomPk: held.room_pk, now });
  if (rows.length > 0 || (await userBan(db, held.user_id, now))) return 'the author is muted, kicked or banned';
  return undefined;
}

/** A mark that only we can make: names the passed message of the queue, for its author, group and text. */
function passMark(key: Uint8Array, of: { heldId: number; roomId: string; userId: string; text: string }): string {
  const mark = createHmac('sha256', key)
    .update(JSON.stringify(['passed', of.heldId, of.roomId, of.userId, of.text]))
    .digest('base64url');
  return JSON.stringify({ liveRoomReview: { heldId: String(of.heldId), mark } });
}

/** The same number for the same text, so that IM drops a second sending. */
function randomOf(heldId: number): number {
  return createHash('sha256').update(`held ${heldId}`).digest().readUInt32BE(0);
}

async function send(ctx: Context, { item, tenant, budgetMs }: ReviewWork): Promise<void> {
  const { services, db } = ctx;
  const held = await findHeld(db, tenant.id, Number(item.payload));
  if (held?.state !== 'passed' || (await whyNotSent(db, { tenant: tenant.id, held, now: services.clock() }))) return;
  const from = await services.userIds.of(db, tenant.id, held.user_id);
  const of = { heldId: held.id, roomId: item.target, userId: from, text: held.message };
  const customData = passMark(services.config.tokenKey, of);
  const body: unknown = JSON.parse(held.body);
  const message = { groupId: item.target, from, random: randomOf(held.id), body, customData };
  await services.vendors.im?.sendGroupMessage(tenant, message, { budgetMs });
}

async function recall(ctx: Context, { item, tenant, budgetMs }: ReviewWork): Promise<void> {
  const [seq = '', ...reason] = item.payload.split(' ');
  const message = { groupId: item.target, seq: Number(seq), reason: reason.join(' ') };
  await ctx.services.vendors.im?.recallMessage(tenant, message, { budgetMs });
}

const WORK = { im_send: send, im_recall: recall } as const;

export async function doReviewWork(ctx: Context, kind: keyof typeof WORK, work: ReviewWork): Promise<void> {
  await ctx.budget.outside(() => WORK[kind](ctx, work));
}
