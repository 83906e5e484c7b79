/**
 * Covers and avatars of tenants that have bought IMS (vendorPictures). The transaction that stores a picture queues its
 * review, and the scheduled work asks the vendor about the picture that is there by then, once a minute at most. The vendor
 * downloads the picture; this service never opens an address that a user gives.
 */
import type { Tenant } from '../../config/config';
import { DEFAULT_AVATAR } from '../../data/accounts/accounts';
import type { Executor } from '../../data/engine/database';
import { appendAudit } from '../../data/operators/audit';
import { enqueue, type OutboxItem } from '../../data/outbox/outbox';
import { planTelling, type Subject, takeMinute } from '../../data/outbox/said';
import { addHeld } from '../../data/review/held';
import { findPicture, type PictureOf, replacePicture } from '../../data/review/pictures';
import { findRoom } from '../../data/rooms/rooms';
import { CloudError } from '../../vendors/tencent/cloud-error';
import { planProfile } from '../accounts/im-profile';
import type { Context } from '../context';
import { emit } from '../webhooks/events';
import { HELD_MS } from './held-messages';

/** A picture that has passed is not asked about again for this time (ms): apps store the same one often. */
const PASSED_MS = 3_600_000;
const pictureKey = (tenant: string, url: string) => `${tenant} ${url}`;

/** The vendor's name in the audit and in webhooks. */
const VENDOR = 'vendor';

export interface Picture extends PictureOf {
  url: string;
  /** The room of a cover. */
  roomId: string;
  broadcastNo: number;
  userId: string;
}

/** Whose picture it is, by the ids that apps know. */
interface Place {
  userId: string;
  /** The room of a cover; '': an avatar. */
  roomId: string;
}

function subjectOf(tenant: string, { userId, roomId }: Place): Subject {
  return { kind: 'picture', tenant, name: roomId === '' ? `avatar ${userId}` : `cover ${roomId}` };
}

/** Whether the vendor has to be asked about the picture at this address. */
export async function isToBeReviewed(ctx: Context, tenant: string, url: string | undefined): Promise<boolean> {
  const { cache, recent, pictures } = ctx.services.review;
  if (url === undefined || url === '' || url === DEFAULT_AVATAR || !pictures) return false;
  // If the settings cannot be read, neither can the picture be stored.
  const review = await Promise.resolve(cache.tenant(tenant)).catch(() => undefined);
  const { enabled, vendorPictures } = review?.settings ?? { enabled: false, vendorPictures: false };
  return enabled && vendorPictures && !recent.passedPictures.get(pictureKey(tenant, url), ctx.now);
}

/** Inside the transaction that stores the picture. */
export async function queuePicture(
  tx: Executor,
  { now }: Pick<Context, 'now'>,
  { tenant, ...place }: Place & { tenant: string },
): Promise<void> {
  const dueAt = await planTelling(tx, subjectOf(tenant, place), { now });
  if (dueAt === undefined) return;
  await enqueue(tx, { kind: 'review_picture', tenant, target: place.userId, payload: place.roomId, now, dueAt });
}

/** The present picture of an item; undefined: its owner is gone, or it is none. */
async function pictureOf({ db, services }: Context, item: OutboxItem): Promise<Picture | undefined> {
  const { tenant, target: userId, payload: roomId } = item;
  const user = (await services.userIds.numberOf(db, tenant, userId)) ?? 0;
  const room = roomId === '' ? undefined : await findRoom(db, { tenant, roomId });
  if (roomId !== '' && room?.owner_id !== user) return undefined;
  const of: PictureOf = room ? { picture: 'cover', id: room.id } : { picture: 'avatar', id: user };
  const url = (await findPicture(db, of)) ?? '';
  if (url === '' || url === DEFAULT_AVATAR) return undefined;
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
async function holdPicture(ctx: Context, tenant: string, { picture, label }: { picture: Picture; label: string }) {
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
): Promise<{ done: true } | { done: false; notBefore: number }> {
  const { review } = ctx.services;
  const { settings } = await review.cache.tenant(tenant.id);
  if (!settings.enabled || !settings.vendorPictures || !review.pictures) return { done: true };
  const subject = subjectOf(tenant.id, { userId: item.target, roomId: item.payload });
  const taken = await takeMinute(ctx.db, subject, ctx.services.clock());
  if ('notBefore' in taken) return { done: false, ...taken };
  // A picture that is stored from here on is queued again.
  const picture = await pictureOf(ctx, item);
  if (!picture || review.recent.passedPictures.get(pictureKey(tenant.id, picture.url), ctx.now)) return { done: true };
  const asked = { url: picture.url, userId: picture.userId };
  const { pictures } = review;
  const answer = await ctx.budget.outside(() => pictures.review(tenant.id, asked, budgetMs));
  if (!answer) throw new CloudError('NoVerdict');
  const { verdict, label } = answer;
  const does = verdict === 'review' ? settings.vendorReview : verdict;
  if (does === 'pass') review.recent.passedPictures.set(pictureKey(tenant.id, picture.url), true, ctx.now + PASSED_MS);
  else if (does === 'hold') await holdPicture(ctx, tenant.id, { picture, label });
  else await remove(ctx, tenant, { picture, label });
  return { done: true };
}
