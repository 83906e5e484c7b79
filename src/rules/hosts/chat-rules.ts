/** The chat rules of a room, read and changed by its host, its admins and operators. */
import type { InputOf } from '../../contract';
import { type ChatRules, DEFAULT_CHAT_RULES } from '../../contract/chat-rules';
import type { Executor } from '../../data/engine/database';
import { findChatRules, storeChatRules } from '../../data/hosts/chat-rules';
import { findRoomRoles } from '../../data/hosts/room-roles';
import type { Room } from '../../data/rooms/rooms';
import type { CallerContext, RecentCallerContext } from '../context';
import { noSuchRoom } from '../rooms/checks';
import type { Acting } from '../sanctions/impose';
import { emit } from '../webhooks/events';
import { act, authorize } from './acting';
import { chatRulesOf } from './stored-rules';

export type ChatRulesChange = { readonly [K in keyof ChatRules]?: ChatRules[K] | undefined };

export async function readChatRules(db: Pick<Executor, 'query'>, room: Pick<Room, 'id'>): Promise<ChatRules> {
  return chatRulesOf(await findChatRules(db, room.id));
}

/** Gives the rules as they are afterwards, and whether anything is different. */
export async function applyChatRules(
  acting: Acting,
  room: Room,
  change: ChatRulesChange,
): Promise<{ rules: ChatRules; changed: boolean }> {
  const before = await readChatRules(acting.tx, room);
  const rules: ChatRules = {
    speak: change.speak ?? before.speak,
    slowSeconds: change.slowSeconds ?? before.slowSeconds,
    unique: change.unique ?? before.unique,
    links: change.links ?? before.links,
    minSecondsInRoom: change.minSecondsInRoom ?? before.minSecondsInRoom,
  };
  if (JSON.stringify(rules) === JSON.stringify(before)) return { rules, changed: false };
  await storeChatRules(acting.tx, {
    roomPk: room.id,
    speak: rules.speak,
    slow_seconds: rules.slowSeconds,
    no_repeats: rules.unique ? 1 : 0,
    links: rules.links ? 1 : 0,
    min_seconds: rules.minSecondsInRoom,
    now: acting.now,
  });
  const place = { id: room.id, roomId: room.room_id, broadcastNo: room.broadcast_no };
  const data = { ...rules, by: acting.by, byUserId: acting.byUser?.userId ?? '' };
  await emit(acting.tx, acting.services, { type: 'chat_rules.changed', tenant: acting.tenant, room: place, data });
  return { rules, changed: true };
}

export async function updateChat(input: InputOf<'updateChat'>, ctx: CallerContext): Promise<ChatRules> {
  const { roomId, ...change } = input;
  const { room, role } = await authorize(ctx, roomId, { need: 'run' });
  let after = DEFAULT_CHAT_RULES;
  await act(ctx, { action: 'update_chat', room, role }, async (acting) => {
    const { rules, changed } = await applyChatRules(acting, room, change);
    after = rules;
    return { after: changed ? { ...rules } : undefined };
  });
  return after;
}

export async function chatRules(input: InputOf<'chatRules'>, ctx: RecentCallerContext): Promise<ChatRules> {
  const key = { tenant: ctx.caller.tenant.id, roomId: input.roomId };
  const found = await findRoomRoles(ctx.db, key, { caller: 0, target: 0 });
  if (!found) throw noSuchRoom();
  return readChatRules(ctx.db, found.room);
}
