/** Operators read and change the chat rules of a room. */
import type { AdminInputOf } from '../../contract/admin';
import { findRoomRoles, listRoomAdmins } from '../../data/hosts/room-roles';
import type { Room } from '../../data/rooms/rooms';
import { applyChatRules, readChatRules } from '../hosts/chat-rules';
import { presentAdmin } from '../hosts/room-admins';
import type { ChangeContext, ReadContext, Reader } from './change-context';
import { noSuchRoom } from './refusal';

async function knownRoom(db: Reader, tenant: string, roomId: string): Promise<Room> {
  const found = await findRoomRoles(db, { tenant, roomId }, { caller: 0, target: 0 });
  if (!found) throw noSuchRoom();
  return found.room;
}

export async function chatRules({ roomId }: AdminInputOf<'chatRules'>, { db, tenant }: ReadContext) {
  return readChatRules(db, await knownRoom(db, tenant.id, roomId));
}

export async function roomAdmins({ roomId }: AdminInputOf<'roomAdmins'>, { db, services, tenant }: ReadContext) {
  const { id } = await knownRoom(db, tenant.id, roomId);
  return (await listRoomAdmins(db, id)).map((row) => presentAdmin(services, tenant.id, row));
}

export async function changeChatRules(input: AdminInputOf<'changeChatRules'>, ctx: ChangeContext) {
  const { roomId, ...change } = input;
  const { tx, services, tenant, now, operator } = ctx;
  const room = await knownRoom(tx, tenant.id, roomId);
  const { rules } = await applyChatRules({ tx, services, tenant: tenant.id, now, by: operator.name }, room, change);
  return { audit: { roomId, after: { ...rules } }, answer: () => rules };
}
