/** Accounts that are made and deleted, for webhooks. */

import { publicId } from '../../data/accounts/public-ids';
import type { Executor } from '../../data/engine/database';
import { emit, type Telling } from './events';

export async function tellOfUser(
  tx: Executor,
  telling: Telling,
  user: { type: 'user.created' | 'user.deleted'; tenant: string; id: number },
): Promise<void> {
  const { type, tenant, id } = user;
  await emit(tx, telling, { type, tenant, data: { userId: publicId(tenant, id) } });
}
