/** Notifies the group of the reason before IM dissolves the group of a room that an operator ended. */
import type { Tenant } from '../../config/config';
import type { OutboxItem } from '../../data/outbox/outbox';
import { findBroadcast } from '../../data/statistics/broadcasts';
import type { Context } from '../context';
import { faultReason } from '../fault-reason';
import type { Notice } from './vendors';

/** Best effort: if it fails, the host gets the reason with the next response about the room (refuse.ts). */
export async function tellWhyEnded(
  ctx: Context,
  { item, tenant, budgetMs }: { item: OutboxItem; tenant: Tenant; budgetMs: number },
): Promise<void> {
  const { target: roomId, broadcast_no: broadcastNo } = item;
  const last = await findBroadcast(ctx.db, { tenant: tenant.id, roomId, broadcastNo });
  if (last?.ended_by !== 'operator') return;
  const notice: Notice = { liveRoom: 'room_ended', roomId, text: last.reason };
  // Half of the time, so that the group is dissolved in any case.
  const sent = ctx.services.vendors.im?.notifyGroup(
    tenant,
    { groupId: roomId, content: JSON.stringify(notice) },
    { budgetMs: budgetMs / 2 },
  );
  await sent?.catch((error: unknown) => {
    ctx.services.log('im_notify_failed', { tenant: tenant.id, roomId, reason: faultReason(error) });
  });
}
