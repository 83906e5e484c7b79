/** The owner of a room names users who run it too. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { formatUtc } from '../../contract/fields';
import { MAX_ROOM_ADMINS } from '../../contract/hosts';
import {
  addRoomAdmin,
  findRoomRoles,
  listRoomAdmins,
  type RoomAdminRow,
  removeRoomAdmin,
} from '../../data/hosts/room-roles';
import type { CallerContext, RecentCallerContext, Services } from '../context';
import { noSuchRoom } from '../rooms/checks';
import type { Acting } from '../sanctions/impose';
import { emit } from '../webhooks/events';
import { act, authorize, type Place, type Target, targetOf } from './acting';

async function publish(
  acting: Acting,
  type: 'admin.added' | 'admin.removed',
  { room, target }: { room: Place['room']; target: Target },
): Promise<void> {
  const place = { id: room.id, roomId: room.room_id, broadcastNo: room.broadcast_no };
  const data = { userId: target.userId, byUserId: acting.byUser?.userId ?? '' };
  await emit(acting.tx, acting.services, { type, tenant: acting.tenant, room: place, data });
}

export async function addAdmin(input: InputOf<'addAdmin'>, ctx: CallerContext): Promise<undefined> {
  const target = await targetOf(ctx, input.targetUserId);
  const { room, role } = await authorize(ctx, input.roomId, { need: 'own', target });
  await act(ctx, { action: 'add_admin', room, role, target }, async (acting) => {
    const admin = { roomPk: room.id, userId: target.id, most: MAX_ROOM_ADMINS, now: acting.now };
    const result = await addRoomAdmin(acting.tx, admin);
    if (result === 'full') throw new ApiError('UserQueryLimit', `a room has at most ${MAX_ROOM_ADMINS} admins`);
    if (result === 'known') return { after: undefined };
    await publish(acting, 'admin.added', { room, target });
    return { after: {} };
  });
}

export async function removeAdmin(input: InputOf<'removeAdmin'>, ctx: CallerContext): Promise<undefined> {
  const target = await targetOf(ctx, input.targetUserId);
  const { room, role } = await authorize(ctx, input.roomId, { need: 'own', target });
  await act(ctx, { action: 'remove_admin', room, role, target }, async (acting) => {
    if (!(await removeRoomAdmin(acting.tx, { roomPk: room.id, userId: target.id }))) return { after: undefined };
    await publish(acting, 'admin.removed', { room, target });
    return { after: {} };
  });
}

export function presentAdmin({ userIds }: Services, tenant: string, row: RoomAdminRow) {
  const { user_id: id, username, name, avatar, created_at } = row;
  return { userId: userIds.from(tenant, { id, username }), name, avatar, createUtc: formatUtc(created_at) };
}

export async function listAdmins(input: InputOf<'listAdmins'>, ctx: RecentCallerContext) {
  const tenant = ctx.caller.tenant.id;
  const found = await findRoomRoles(ctx.db, { tenant, roomId: input.roomId }, { caller: 0, target: 0 });
  if (!found) throw noSuchRoom();
  return (await listRoomAdmins(ctx.db, found.room.id)).map((row) => presentAdmin(ctx.services, tenant, row));
}
