/** Sanctions, roles and the rules of the room, from memory: the first checks of a message. */
import type { ChatSanctionRow } from '../../data/review/chat-rooms';
import { joinedAt } from '../../data/review/chat-rooms';
import { decideByRules, type Refused } from './decide';
import type { RoomMessage } from './judgement';
import type { ChatRoom } from './memory';
import { RecentMessages } from './recent';
import { isBackend } from './senders';

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

/** Whether the room's rules need the last message of a person. */
export function hasLimits({ rules }: ChatRoom): boolean {
  return rules.slowSeconds > 0 || rules.unique;
}

/** The sender's time of entry; read only if the room's rules need it, and cached. */
async function sinceWhen({ ctx, room, user }: RoomMessage): Promise<number | undefined> {
  if (room.rules.minSecondsInRoom === 0) return 0;
  const { recent } = ctx.services.review;
  const name = `${room.id} ${room.broadcastNo} ${user}`;
  const known = recent.joinedAt(name);
  if (known !== undefined) return known;
  const found = await joinedAt(ctx.db, { roomPk: room.id, broadcastNo: room.broadcastNo, userId: user });
  if (found !== undefined) recent.joined(name, found);
  return found;
}

export async function byRules(of: RoomMessage): Promise<Refused | undefined> {
  const { ctx, review, room, user, userId, message, normal } = of;
  const { memory, recent } = ctx.services.review;
  const rows = user === 0 ? [] : await memory.sanctionsOf(review, user, ctx.now);
  const runsRoom = room.ownerId === user || room.admins.has(user) || isBackend(of);
  const sanctioned = isSanctioned(rows, room, ctx.now);
  const joined = sanctioned || runsRoom || message.text === '' ? 0 : await sinceWhen(of);
  const text = RecentMessages.comparable(normal);
  return decideByRules(
    { sanctioned, runsRoom, joinedAt: joined, last: recent.last(room.id, userId) },
    { text: message.text, normal: text, now: ctx.now },
    room.rules,
  );
}
