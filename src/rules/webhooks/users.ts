/** Accounts that are made and deleted, for webhooks. */

import { publicId } from '../../data/accounts/public-ids';
import type { Executor } from '../../data/engine/database';
import { type Emitter, emit } from './events';

export async function tellOfUser(
  tx: Executor,
  emitter: Emitter,
  user: { type: 'user.created' | 'user.deleted'; tenant: string; id: number },
): Promise<void> {
  const { type, tenant, id } = user;
  await emit(tx, emitter, { type, tenant, data: { userId: publicId(tenant, id) } });
}
