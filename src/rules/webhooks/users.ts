/** Accounts that are made and deleted, for webhooks. */

import type { Executor } from '../../data/engine/database';
import { type Emitter, emit } from './events';

export async function tellOfUser(
  tx: Executor,
  emitter: Emitter,
  user: { type: 'user.created' | 'user.deleted'; tenant: string; userId: string },
): Promise<void> {
  const { type, tenant, userId } = user;
  await emit(tx, emitter, { type, tenant, data: { userId } });
}
