/**
 * The IM group of a room that is about to go live. It is in doubt if the request that creates it got no response from IM, or
 * its process died: then it is dissolved later.
 */
import { ApiError } from '../../base/errors';
import type { Executor } from '../../data/engine/database';
import { enqueue } from '../../data/outbox/outbox';
import { GROUP_OF_ANOTHER } from '../../vendors/tencent/im';
import { ImError } from '../../vendors/tencent/im-call';
import type { CallerContext } from '../context';
import { faultReason } from '../fault-reason';
import { notYours } from './checks';

/** Whether IM may have made the group: a try had no answer, or the call ended in a way that says nothing about IM. */
export function isDoubtful(error: unknown): boolean {
  const fault = error instanceof ApiError ? error.cause : error;
  return !(fault instanceof ImError) || fault.inDoubt;
}

/** The caller's error for an IM failure. */
function imFault(error: unknown): unknown {
  if (!(error instanceof ImError)) return error;
  if (error.code === GROUP_OF_ANOTHER) return notYours(error);
  switch (error.failure) {
    case 'unreachable':
      return new ApiError('ServiceUnavailable', 'the IM service cannot be reached, please try again', { cause: error });
    case 'nonsense':
      return new ApiError('ServiceResponseInvalid', 'the IM service gave an answer that makes no sense', {
        cause: error,
      });
    case 'misconfigured':
      return new ApiError('SystemError', 'Invalid TRTC config, please check .env file', { cause: error });
    case 'refused':
      return new ApiError('ServiceUnknownError', `the IM service refused (${error.code})`, { cause: error });
  }
}

/** Throws an ApiError; isDoubtful says whether the group may be there nevertheless. */
export async function makeImGroup(ctx: CallerContext, roomId: string, title: string): Promise<void> {
  const { caller } = ctx;
  const { vendors, log } = ctx.services;
  const { im } = vendors;
  if (!im) return;
  const { tenant, publicId } = caller;
  const group = { groupId: roomId, owner: publicId, name: title };
  const create = (budgetMs: number) => im.createGroup(tenant, group, { budgetMs });
  // User ids can be guessed, so another user may have made the group in advance. Under any other id it may be theirs by right.
  const replace = async (error: unknown) => {
    const isOfAnother = error instanceof ImError && error.code === GROUP_OF_ANOTHER;
    if (!isOfAnother || roomId !== publicId) throw error;
    log('im_group_replaced', { tenant: tenant.id, roomId });
    await ctx.budget.outside((budgetMs) => im.destroyGroup(tenant, roomId, { budgetMs }));
    await ctx.budget.outside(create);
  };
  await ctx.budget
    .outside(create)
    .catch(replace)
    .catch((error: unknown) => {
      log('im_create_group_failed', { tenant: tenant.id, roomId, reason: faultReason(error) });
      throw imFault(error);
    });
}

/** A group in doubt is dissolved after this (ms): the owner may try again first. */
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
