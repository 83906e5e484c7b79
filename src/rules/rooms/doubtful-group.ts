/** A group in doubt: the request that created it got no response from IM, or its process died. */
import type { Executor } from '../../data/engine/database';
import { enqueue } from '../../data/outbox/outbox';

/** It is dissolved after this (ms): the owner may try again first. */
const DOUBTFUL_GROUP_MS = 60_000;

export interface DoubtfulGroup {
  tenant: string;
  roomId: string;
  /** The room's internal number. */
  id: number;
  /** The broadcast that ended last: the work does nothing once there is a later one. */
  broadcastNo: number;
  /** When the attempt to make it was over (ms since 1970). */
  since: number;
}

/** Has IM dissolve it, later and in the background. */
export async function enqueueDoubt(
  tx: Executor,
  { tenant, roomId, id, broadcastNo, since }: DoubtfulGroup,
): Promise<void> {
  const item = { kind: 'dismiss_room', payload: 'im', tenant, target: roomId, roomPk: id, broadcastNo } as const;
  await enqueue(tx, { ...item, now: since, dueAt: since + DOUBTFUL_GROUP_MS });
}
