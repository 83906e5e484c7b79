/** Whether the accounts of a tenant were made with numbers or with their names as ids: their rows in public_ids show it. */
import { DatabaseError, OTHER_IDS } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Tenant } from '../../config/config';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, read, sql, text } from '../engine/sql';
import { publicId } from './public-ids';

const FIRST = both(
  columns('users', 'u', ['id', 'username']),
  computed<{ names: number }>({
    // A room that the user opened later under their name is no account's claim.
    names: sql`(SELECT COUNT(*) FROM public_ids i WHERE i.tenant = u.tenant AND i.public_id = LOWER(u.username)
      AND i.owner_id = u.id AND i.created_at = u.created_at)`,
  }),
);
const FIND = read(
  'users.first_ids',
  FIRST,
  sql`SELECT ${FIRST} FROM users u ${byIndex('users_in_order')} WHERE u.tenant = ${text('tenant')} ORDER BY u.id LIMIT 20`,
);

type Reader = Pick<Executor, 'query'>;

/** undefined: there are no accounts, or none that shows it, since their names are their numbers. */
async function idsInUse(db: Reader, tenant: string): Promise<'number' | 'username' | undefined> {
  const rows = await db.query(FIND, { tenant });
  const telling = rows.find(({ id, username }) => username !== publicId(tenant, id));
  return telling && (telling.names > 0 ? 'username' : 'number');
}

/** Throws if `userIds` of a tenant was changed after its first account: ids that apps, IM and webhooks know would be wrong. */
export async function checkIdsInUse(db: Reader, tenants: readonly Tenant[], log: Log): Promise<void> {
  let changed = false;
  for (const { id, userIds } of tenants) {
    const inUse = await idsInUse(db, id);
    if (inUse === undefined || inUse === userIds) continue;
    log('user_ids_changed', { tenant: id, accounts: inUse, setting: userIds });
    changed = true;
  }
  if (changed) throw new DatabaseError('other', OTHER_IDS);
}
