/** The user that a filter names. */
import type { ReadContext } from './change-context';

/** The user's number; undefined without a filter. `none`: a number that no row has, for an id that is no user's. */
export async function wantedUser(
  { db, services, tenant }: Pick<ReadContext, 'db' | 'services' | 'tenant'>,
  userId: string | undefined,
  none: -1 | 0,
): Promise<number | undefined> {
  return userId === undefined ? undefined : ((await services.userIds.numberOf(db, tenant.id, userId)) ?? none);
}
