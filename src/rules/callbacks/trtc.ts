/**
 * TRTC room webhooks (https://cloud.tencent.com/document/product/647/51586): who entered and left a room, and that a room
 * is empty and gone. Media events and unknown events are accepted and ignored.
 */
import { type Fields, fieldsOf } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { isTrtcSignature, TRTC_WINDOW_MS } from '../../vendors/tencent/callback-signatures';
import { isNumberRoom } from '../../vendors/tencent/trtc';
import type { Context } from '../context';
import { membersSeen, ownerLeftBehind } from '../presence/events';
import {
  ACCEPTED,
  authenticate,
  type Callback,
  type CallbackOutcome,
  eventTime,
  parseBody,
  refused,
  textOf,
  timeOf,
} from './callback';

const ROOM_EVENTS = 1;
const DISMISSED = 102;
const ENTERED = 103;
const LEFT = 104;
const ROLE_CHANGED = 105;

/** An old version of the format has seconds only. */
function happenedAt(body: Fields, info: Fields): number | undefined {
  const seconds = timeOf(info['EventTs']);
  return timeOf(info['EventMsTs']) ?? (seconds === undefined ? timeOf(body['CallbackTs']) : seconds * 1000);
}

/**
 * The number 5 and the text "5" are two rooms of TRTC, and the apps use the number wherever there is one. A text of digits
 * is not believed here although a sample of the vendor's has one: the loss is only a second report of an
 * exit, while any user may create a text room and leave it.
 */
function isOwnKind(roomId: unknown): boolean {
  return typeof roomId === 'number' || (typeof roomId === 'string' && !isNumberRoom(roomId));
}

async function act(ctx: Context, tenant: Tenant, event: { type: unknown; info: Fields; at: number }): Promise<void> {
  const { type, info, at } = event;
  const roomId = textOf(info['RoomId']);
  // The owner's own exit (104) may have been lost on the way; an empty room means the same, and nothing else:
  // after a network gap the host enters again, and the broadcast continues.
  if (type === DISMISSED) return isOwnKind(info['RoomId']) ? ownerLeftBehind(ctx, tenant, { roomId, at }) : undefined;
  if (type !== ENTERED && type !== LEFT && type !== ROLE_CHANGED) return;
  const userIds = [textOf(info['UserId'])];
  await membersSeen(ctx, tenant, { roomId, userIds, online: type !== LEFT, goodbye: false, at });
}

export async function trtcCallback(ctx: Context, callback: Callback): Promise<CallbackOutcome> {
  const sign = callback.headers['sign'] ?? '';
  const tenants = authenticate(ctx.services, {
    sdkAppId: callback.headers['sdkappid'],
    sign,
    secret: 'trtcCallbackKey',
    check: (key) => (isTrtcSignature(key, { sign, body: callback.body }) ? 'good' : 'bad_signature'),
  });
  if (!Array.isArray(tenants)) return tenants;
  const tenant = tenants[0]?.id ?? '';
  const body = parseBody(callback.body);
  const info = fieldsOf(body?.['EventInfo']);
  const sentAt = timeOf(body?.['CallbackTs']) ?? timeOf(info['EventMsTs']);
  if (!body || sentAt === undefined) return { result: 'malformed', reason: 'not_an_event', tenant };
  if (Math.abs(ctx.now - sentAt) > TRTC_WINDOW_MS) return refused('stale', tenant);
  if (body['EventGroupId'] !== ROOM_EVENTS) return ACCEPTED;
  const at = eventTime(happenedAt(body, info), ctx.now);
  for (const one of tenants) await act(ctx, one, { type: body['EventType'], info, at });
  return ACCEPTED;
}
