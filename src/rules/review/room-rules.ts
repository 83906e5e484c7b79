/** The first checks of a message in a room, in the order of the contract: sanctions, roles, and the rules of the room. */
import { type ChatSanctionRow, joinedAt } from '../../data/review/chat-rooms';
import { CODES, type Decision, type RoomMessage, refusal } from './im-answer';
import { hasLink } from './links';
import { normalText } from './normal-form';
import type { ChatRoom } from './review-cache';
import { isBackend } from './senders';

/** Characters of a message's normal form that are compared with those of the next one. */
const COMPARED = 200;

/** `room` undefined: a private message. */
export function isSanctioned(rows: readonly ChatSanctionRow[], room: ChatRoom | undefined, now: number): boolean {
  return rows.some((row) => {
    if (row.until_at <= now) return false;
    if (row.kind === 'ban') return true;
    if (!room) return false;
    const here = row.room_pk === room.id && (row.broadcast_no === 0 || row.broadcast_no === room.broadcastNo);
    return here || (row.kind === 'mute' && row.room_pk === 0);
  });
}

/** Time since the sender came into the broadcast (ms); 0: not known to be there. */
async function timeInRoom({ ctx, room, user }: RoomMessage): Promise<number> {
  const { joins } = ctx.services.review.recent;
  const member = `${room.id} ${room.broadcastNo} ${user}`;
  const known = joins.get(member, ctx.now);
  if (known !== undefined) return ctx.now - known;
  const found = await joinedAt(ctx.db, { roomPk: room.id, broadcastNo: room.broadcastNo, userId: user });
  if (found === undefined) return 0;
  joins.set(member, found);
  return ctx.now - found;
}

const senderIn = ({ room, userId }: RoomMessage) => `${room.id} ${userId}`;
const comparable = (text: string) => normalText(text).slice(0, COMPARED);

/** undefined: nothing forbids the message. One without a text that people read passes everything but sanctions. */
export async function byRules(of: RoomMessage): Promise<Decision | undefined> {
  const { ctx, review, room, user, message } = of;
  const { cache, recent } = ctx.services.review;
  const { rules } = room;
  const refuse = (code: number, seconds?: number) => refusal(review.settings, code, seconds);
  const sanctions = user === 0 ? [] : await cache.sanctionsOf(review, user, ctx.now);
  if (isSanctioned(sanctions, room, ctx.now)) return refuse(CODES.sanctioned);
  // The rules do not bind the owner and the admins.
  if (message.text === '' || room.ownerId === user || room.admins.has(user) || isBackend(of)) return undefined;
  const mustWait = rules.minSecondsInRoom > 0 && (await timeInRoom(of)) < rules.minSecondsInRoom * 1000;
  if (rules.speak !== 'all' || mustWait) return refuse(CODES.limited);
  const last = recent.lastMessages.get(senderIn(of), ctx.now);
  const wait = last ? last.at + rules.slowSeconds * 1000 - ctx.now : 0;
  if (rules.slowSeconds > 0 && wait > 0) return refuse(CODES.slow, Math.ceil(wait / 1000));
  if (rules.unique && last && last.normal !== '' && last.normal === comparable(message.text)) {
    return refuse(CODES.repeated);
  }
  if (!rules.links && hasLink(message.text)) return refuse(CODES.link);
  return undefined;
}

/** A message that goes out counts for slow mode and repeats. */
export function countSent(of: RoomMessage): void {
  const { ctx, room, message } = of;
  if (message.text === '' || (room.rules.slowSeconds === 0 && !room.rules.unique)) return;
  const { lastMessages } = ctx.services.review.recent;
  lastMessages.set(senderIn(of), { at: ctx.now, normal: comparable(message.text) });
}
