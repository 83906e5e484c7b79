/** list_users: who is in a room. */

import { PreparedJson } from '../../base/prepared-json';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { readMemberPage } from '../../data/rooms/member-lists';
import type { RecentCallerContext } from '../context';
import { type OwnerSeen, onlineCutoffs, touchOwnerWhoReads } from '../presence/presence';
import { noSuchRoom } from './checks';

const DEFAULT_LIMIT = 10;

/** The same for every caller, as a room is (query-rooms.ts). */
export async function listUsers(input: InputOf<'listUsers'>, ctx: RecentCallerContext): Promise<PreparedJson> {
  const { caller, db, services, now } = ctx;
  const key = { tenant: caller.tenant.id, roomId: input.roomId };
  const limit = input.limit ?? DEFAULT_LIMIT;
  const load = async (): Promise<{ owner: OwnerSeen; data: PreparedJson }> => {
    const cutoffs = onlineCutoffs(services.config.presence, now);
    const page = await readMemberPage(db, { ...key, limit, cutoffs });
    if (!page) throw noSuchRoom();
    const numbers: number[] = [];
    for (const { user_id } of page.members) numbers.push(user_id);
    const userIdOf = await services.userIds.ofAll(db, key.tenant, numbers);
    const members = [];
    for (const { user_id, name, avatar, role, custom } of page.members) {
      const userId = userIdOf(user_id);
      // A user who is being deleted has no name any more.
      if (userId === '') continue;
      members.push({ userId, apaasUserId: userId, name, avatar, role, ...customOf({ custom }) });
    }
    return { owner: page.owner, data: new PreparedJson(members) };
  };
  const name = `users ${key.tenant} ${key.roomId} ${limit}`;
  const { owner, data } = await services.caches.answers.get(name, { now, load, shows: () => [key] });
  await touchOwnerWhoReads(ctx, owner);
  return data;
}
