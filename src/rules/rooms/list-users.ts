/** list_users: who is in a room. */

import { PreparedJson } from '../../base/prepared-json';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { type ListedMember, readMemberPage } from '../../data/rooms/member-lists';
import type { RecentCallerContext } from '../context';
import { type OwnerSeen, onlineCutoffs, ownerSeen, touchOwnerWhoReads } from '../presence/presence';
import { noSuchRoom } from './checks';

const DEFAULT_LIMIT = 10;

function presentMember(userId: string, member: ListedMember) {
  return {
    userId,
    apaasUserId: userId,
    name: member.name,
    avatar: member.avatar,
    role: member.role,
    ...customOf(member),
  };
}

/** The same for every caller, as a room is (query-rooms.ts). */
export async function listUsers(input: InputOf<'listUsers'>, ctx: RecentCallerContext): Promise<PreparedJson> {
  const { caller, db, services, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const limit = input.limit ?? DEFAULT_LIMIT;
  const load = async (): Promise<{ owner: OwnerSeen; data: PreparedJson }> => {
    const cutoffs = onlineCutoffs(services.config.presence, now);
    const page = await readMemberPage(db, { ...key, limit, cutoffs });
    if (!page) throw noSuchRoom();
    const userIds = await services.userIds.ofAll(
      db,
      key.tenant,
      page.members.map(({ user_id }) => user_id),
    );
    const members = page.members.flatMap((member) => {
      const userId = userIds(member.user_id);
      // A user who is being deleted has no name any more.
      return userId === '' ? [] : [presentMember(userId, member)];
    });
    return { owner: ownerSeen(page), data: new PreparedJson(members) };
  };
  const name = `users ${key.tenant} ${key.roomId} ${limit}`;
  const { owner, data } = await services.caches.answers.get(name, { now, load, shows: () => [key] });
  await touchOwnerWhoReads(ctx, owner);
  return data;
}
