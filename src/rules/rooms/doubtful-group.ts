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
  /** The host it was to be made for: a user's internal number. Under a free id the next one to try is another user. */
  owner: number;
}

const OWNER = 'owner:';

/** The owner of a group in doubt, from the payload of a dismissal, which has its places too. */
export function ownerInDoubt(payload: string): number | undefined {
  const part = payload.split(',').find((one) => one.startsWith(OWNER));
  return part === undefined ? undefined : Number(part.slice(OWNER.length));
}

/** The payload of a dismissal at these places; '' = at none. */
export function dismissalPayload(places: readonly string[], owner: number | undefined): string {
  if (places.length === 0) return '';
  return [...places, ...(owner === undefined ? [] : [`${OWNER}${owner}`])].join(',');
}

/** Has IM dissolve it, later and in the background. */
export async function enqueueDoubt(
  tx: Executor,
  { tenant, roomId, id, broadcastNo, since, owner }: DoubtfulGroup,
): Promise<void> {
  const payload = dismissalPayload(['im'], owner);
  const item = { kind: 'dismiss_room', payload, tenant, target: roomId, roomPk: id, broadcastNo } as const;
  await enqueue(tx, { ...item, now: since, dueAt: since + DOUBTFUL_GROUP_MS });
}
