/** Calls about profiles that only some apps make. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { customOf } from '../../contract/custom';
import { MAX_USERS_AT_ONCE } from '../../contract/limits';
import { readUsers } from '../../data/accounts/accounts';
import type { RecentCallerContext } from '../context';
import { limitSearches } from './search-limit';

/** Profiles in the requested order, without unknown users. Each counts as one search. */
export async function getUserInfoBatch(input: InputOf<'getUserInfoBatch'>, ctx: RecentCallerContext) {
  const { tenant } = ctx.caller;
  const asked = [...new Set(input.userId.split('|').filter((id) => id !== ''))];
  if (asked.length > MAX_USERS_AT_ONCE) {
    throw new ApiError('UserQueryParams', `at most ${MAX_USERS_AT_ONCE} users per call`);
  }
  const { userIds } = ctx.services;
  // Names have to be looked up to find out whether there is such a user: that is a search too.
  if (userIds.isNamed(tenant.id)) limitSearches(ctx, asked.length);
  const numbers = await userIds.numbersOf(ctx.db, tenant.id, asked);
  const ids = [...numbers.values()];
  if (ids.length === 0) return [];
  if (!userIds.isNamed(tenant.id)) limitSearches(ctx, ids.length);
  const users = new Map((await readUsers(ctx.db, tenant.id, ids)).map((user) => [user.id, user]));
  return asked.flatMap((userId) => {
    const user = users.get(numbers.get(userId) ?? 0);
    return user ? [{ userId, apaasUserId: userId, name: user.name, avatar: user.avatar, ...customOf(user) }] : [];
  });
}

/** Nothing is switched off. The app maps both fields without looking whether they are there. */
export async function moduleBlacklist() {
  return { module: {}, feature: {} };
}
