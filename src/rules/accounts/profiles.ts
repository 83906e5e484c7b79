/** Calls about profiles that only some apps make. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { MAX_USERS_AT_ONCE } from '../../contract/limits';
import { readUsers } from '../../data/accounts/accounts';
import { publicId, userNumber } from '../../data/accounts/public-ids';
import type { RecentCallerContext } from '../context';
import { limitSearches } from './search-limit';

/** Profiles in the requested order, without unknown users. Each counts as one search. */
export async function getUserInfoBatch(input: InputOf<'getUserInfoBatch'>, ctx: RecentCallerContext) {
  const { tenant } = ctx.caller;
  const asked = [...new Set(input.userId.split('|').filter((id) => id !== ''))];
  if (asked.length > MAX_USERS_AT_ONCE) {
    throw new ApiError('UserQueryParams', `at most ${MAX_USERS_AT_ONCE} users per call`);
  }
  const ids = asked.flatMap((id) => userNumber(tenant.id, id) ?? []);
  if (ids.length === 0) return [];
  limitSearches(ctx, ids.length);
  const users = new Map((await readUsers(ctx.db, tenant.id, ids)).map((user) => [user.id, user]));
  return ids.flatMap((id) => {
    const user = users.get(id);
    const userId = publicId(tenant.id, id);
    return user ? [{ userId, apaasUserId: userId, name: user.name, avatar: user.avatar, ...customOf(user) }] : [];
  });
}

/** Nothing is switched off. The app maps both fields without looking whether they are there. */
export async function moduleBlacklist() {
  return { module: {}, feature: {} };
}
