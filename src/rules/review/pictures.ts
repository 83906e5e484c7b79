/**
 * Covers and avatars of tenants that have bought IMS (vendorPictures). The address is queued before it is stored, and the
 * scheduled work asks the vendor about it if it is still the picture then: a process that dies in between leaves nothing
 * unreviewed. The vendor downloads the picture; this service never opens an address that a user gives.
 */
import type { Tenant } from '../../config/config';
import type { Executor } from '../../data/engine/database';
import { appendAudit } from '../../data/operators/audit';
import { enqueue, type OutboxItem } from '../../data/outbox/outbox';
import { addHeld } from '../../data/review/held';
import { findPicture, type PictureOf, replacePicture } from '../../data/review/pictures';
import { findRoom } from '../../data/rooms/rooms';
import { CloudError } from '../../vendors/tencent/cloud-error';
import { planProfile } from '../accounts/im-profile';
import { DEFAULT_AVATAR } from '../accounts/sign-in';
import type { Context } from '../context';
import { emit } from '../webhooks/events';
import { HELD_MS } from './hold';

/** Time for the write after the queue (ms). */
const STORED_AFTER_MS = 10_000;
/** The vendor's name in the audit and in webhooks. */
const VENDOR = 'vendor';

export interface Picture extends PictureOf {
  url: string;
  /** The room of a cover. */
  roomId: string;
  broadcastNo: number;
  userId: string;
}

/** Queues the address of a cover or avatar before it is stored. `roomId`: of a cover. */
export async function queuePicture(
  ctx: Context,
  of: { tenant: string; userId: number; url: string | undefined; roomId?: string },
): Promise<void> {
  const { tenant, userId, url, roomId = '' } = of;
  const { memory, recent, pictures } = ctx.services.review;
  if (url === undefined || url === '' || url === DEFAULT_AVATAR || !pictures) return;
  // If the settings cannot be read, neither can the picture be stored.
  const review = await Promise.resolve(memory.tenant(tenant)).catch(() => undefined);
  if (!review?.settings.enabled || !review.settings.vendorPictures || recent.hasPassed(tenant, url, ctx.now)) return;
  const target = await ctx.services.userIds.of(ctx.db, tenant, userId);
  const payload = JSON.stringify({ url, roomId });
  const dueAt = ctx.now + STORED_AFTER_MS;
  await enqueue(ctx.db, { kind: 'review_picture', tenant, target, payload, now: ctx.now, dueAt });
}

/** The picture of an item; undefined: it is another one by now, or its owner is gone. */
async function pictureOf({ db, services }: Context, item: OutboxItem): Promise<Picture | undefined> {
  // queuePicture() wrote it.
  const { url, roomId } = JSON.parse(item.payload) as { url: string; roomId: string };
  const { tenant, target: userId } = item;
  const user = (await services.userIds.numberOf(db, tenant, userId)) ?? 0;
  const room = roomId === '' ? undefined : await findRoom(db, { tenant, roomId });
  if (roomId !== '' && room?.owner_id !== user) return undefined;
  const of: PictureOf = room ? { picture: 'cover', id: room.id } : { picture: 'avatar', id: user };
  if ((await findPicture(db, of)) !== url) return undefined;
  return { ...of, url, roomId, broadcastNo: room?.broadcast_no ?? 0, userId };
}

/** Takes the picture away, if it is still there, and publishes it. Gives the work for IM. */
export async function takeAway(
  tx: Executor,
  ctx: Pick<Context, 'services' | 'now'>,
  of: { tenant: Tenant; picture: Picture; label: string; by: string },
): Promise<number[]> {
  const { tenant, picture, label, by } = of;
  const { picture: kind, id, url, userId, roomId, broadcastNo } = picture;
  if (!(await replacePicture(tx, picture, { url, by: kind === 'avatar' ? DEFAULT_AVATAR : '' }))) return [];
  const place = kind === 'cover' && { room: { id, roomId, broadcastNo } };
  const data = { userId, picture: kind, url, label, by };
  await emit(tx, ctx.services, { type: 'picture.removed', tenant: tenant.id, ...place, data });
  if (kind === 'cover') return [];
  return planProfile(tx, ctx, { tenant, userId, given: { faceUrl: DEFAULT_AVATAR } });
}

async function remove(ctx: Context, tenant: Tenant, { picture, label }: { picture: Picture; label: string }) {
  await ctx.db.transaction(async (tx) => {
    await takeAway(tx, ctx, { tenant, picture, label, by: VENDOR });
    await appendAudit(tx, {
      tenant: tenant.id,
      at: ctx.now,
      operator: VENDOR,
      action: 'remove_picture',
      room_id: picture.roomId,
      user_id: picture.userId,
      reason: label,
      before_text: JSON.stringify({ [picture.picture]: picture.url }),
      after_text: '',
      request_id: '',
      address: '',
    });
  });
}

/** An operator decides: `body` says which picture it is, where a message has its elements. */
async function hold(ctx: Context, tenant: string, { picture, label }: { picture: Picture; label: string }) {
  await addHeld(ctx.db, {
    tenant,
    room_pk: picture.picture === 'cover' ? picture.id : 0,
    broadcast_no: picture.broadcastNo,
    user_id: (await ctx.services.userIds.numberOf(ctx.db, tenant, picture.userId)) ?? 0,
    body: JSON.stringify({ picture: picture.picture }),
    message: picture.url,
    source: 'vendor',
    label,
    hits: '[]',
    created_at: ctx.now,
    expires_at: ctx.now + HELD_MS,
  });
}

/** Scheduled. Throws if the vendor gives no verdict, so that it is asked again. */
export async function reviewPicture(
  ctx: Context,
  { item, tenant, budgetMs }: { item: OutboxItem; tenant: Tenant; budgetMs: number },
): Promise<void> {
  const { review } = ctx.services;
  const { settings } = await review.memory.tenant(tenant.id);
  if (!settings.enabled || !settings.vendorPictures || !review.pictures) return;
  const picture = await pictureOf(ctx, item);
  if (!picture || review.recent.hasPassed(tenant.id, picture.url, ctx.now)) return;
  const asked = { url: picture.url, userId: picture.userId };
  const { pictures } = review;
  const answer = await ctx.budget.outside(() => pictures.review(tenant.id, asked, budgetMs));
  if (!answer) throw new CloudError('NoVerdict');
  const { verdict, label } = answer;
  const does = verdict === 'review' ? settings.vendorReview : verdict;
  if (does === 'pass') review.recent.passed(tenant.id, picture.url, ctx.now);
  else if (does === 'hold') await hold(ctx, tenant.id, { picture, label });
  else await remove(ctx, tenant, { picture, label });
}
