/**
 * Does the work that a transaction queued: immediately within a short budget, and later for items that did
 * not work out. An item is removed only after it was done, or given up loudly.
 */
import { failedStatement } from '../../base/errors';
import type { Tenant } from '../../config/config';
import { deleteItem, findItem, leaseItem, type OutboxItem, postpone } from '../../data/outbox/outbox';
import { deleteMembers } from '../../data/rooms/member-clean-up';
import { CloudError } from '../../vendors/tencent/cloud-error';
import { ImError, isRetryable } from '../../vendors/tencent/im-call';
import { TrtcError } from '../../vendors/tencent/trtc';
import { forgetUser } from '../accounts/forget-user';
import { tellProfile } from '../accounts/im-profile';
import { type Context, findTenant, type Services } from '../context';
import { reviewPicture } from '../review/pictures';
import { doReviewWork } from '../review/send-and-recall';
import { canDismissHere, type DismissalResult, dismissRoom } from '../rooms/dismiss';
import { doSanctionWork } from '../sanctions/vendors';

/** A request waits this long for its own items (ms); then it responds, and they are done later. */
const IMMEDIATE_MS = 2_000;
/** Reserve after the time of an item (ms); a worker that needs longer counts as dead. */
const LEASE_SLACK_MS = 5_000;
const GIVE_UP_MS = 24 * 3_600_000;
/** No other work deletes an IM account, or pictures in the bucket. */
const GIVE_FORGETTING_UP_MS = 30 * GIVE_UP_MS;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 3_600_000;
/** Rows deleted by one statement. */
const MEMBERS_AT_ONCE = 1_000;

/** left: the payload for the next attempt if only a part is done. */
type Outcome =
  | { done: true }
  | { done: false; again: DismissalResult['again']; error: string; left?: string }
  | { done: false; notBefore: number; left?: string };

const DONE: Outcome = { done: true };

/** Work that needs a key which only the scheduled function gets is left to it. */
export function canWorkHere(services: Services, item: Pick<OutboxItem, 'kind' | 'payload'>): boolean {
  return item.kind !== 'dismiss_room' || canDismissHere(services, item);
}

interface Work {
  item: OutboxItem;
  tenant: Tenant;
  budgetMs: number;
}

/** Deletes members of an ended broadcast within the budget. */
async function deleteMembersOf(ctx: Context, { item, budgetMs }: Work): Promise<Outcome> {
  const started = performance.now();
  const broadcast = { id: item.room_pk, broadcastNo: item.broadcast_no };
  for (;;) {
    // Each batch has its own budget.
    const deleted = await deleteMembers(ctx.services.database.forRequest(), broadcast, MEMBERS_AT_ONCE);
    if (deleted < MEMBERS_AT_ONCE) return DONE;
    if (performance.now() - started > budgetMs) return { done: false, again: 'soon', error: '' };
  }
}

async function dismiss(ctx: Context, work: Work): Promise<Outcome> {
  let error = '';
  const isWorthRetrying = (kind: string, reason: unknown) => {
    error = codeOf(reason);
    return isRetried(ctx, work.item, { kind, reason });
  };
  const { left, again } = await dismissRoom(ctx, { ...work, isWorthRetrying });
  return left === '' ? DONE : { done: false, again, error, left };
}

async function perform(ctx: Context, work: Work): Promise<Outcome> {
  switch (work.item.kind) {
    case 'dismiss_room':
      return dismiss(ctx, work);
    case 'im_account_import':
      return tellProfile(ctx, work);
    case 'delete_members':
      return deleteMembersOf(ctx, work);
    case 'im_send':
    case 'im_recall':
      await doReviewWork(ctx, work.item.kind, work);
      return DONE;
    case 'review_picture':
      return reviewPicture(ctx, work);
    case 'forget_user':
      return forgetUser(ctx, work);
    case 'im_notify':
    case 'im_mute':
    case 'im_kick':
    case 'trtc_remove':
      await doSanctionWork(ctx, work.item.kind, work);
      return DONE;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof ImError) return `${error.failure}${error.code ? ` ${error.code}` : ''}`;
  return error instanceof TrtcError || error instanceof CloudError ? error.code : 'failed';
}

function canWorkLater(error: unknown): boolean {
  return error instanceof TrtcError ? error.retryable : isRetryable(error);
}

/** 5 s, 10 s, 20 s … 1 h, each with 25 % jitter so that retries spread. */
function delay(attempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS) * (0.75 + Math.random() / 2);
}

/** Logs a failure; false if the item is given up. */
function isRetried(ctx: Context, item: OutboxItem, { kind, reason }: { kind: string; reason: unknown }): boolean {
  const line = { kind, tenant: item.tenant, target: item.target, attempts: item.attempts + 1, reason: codeOf(reason) };
  const giveUpMs = item.kind === 'forget_user' ? GIVE_FORGETTING_UP_MS : GIVE_UP_MS;
  const again = canWorkLater(reason) && ctx.services.clock() - item.created_at < giveUpMs;
  ctx.services.log(again ? 'outbox_failed' : 'outbox_gave_up', line);
  return again;
}

async function tryOnce(ctx: Context, item: OutboxItem, budgetMs: number): Promise<Outcome> {
  try {
    const tenant = findTenant(ctx.services, item.tenant);
    if (!tenant) throw new Error('a tenant that is no longer configured');
    return await perform(ctx, { item, tenant, budgetMs });
  } catch (error) {
    const again = isRetried(ctx, item, { kind: item.kind, reason: error });
    return again ? { done: false, again: 'after_failure', error: codeOf(error) } : DONE;
  }
}

/** Tries one item; true if it is finished. */
export async function workOn(ctx: Context, item: OutboxItem, budgetMs: number): Promise<boolean> {
  const { clock } = ctx.services;
  if (!(await leaseItem(ctx.db, item, clock() + budgetMs + LEASE_SLACK_MS))) return false;
  const outcome = await tryOnce(ctx, item, budgetMs);
  if (outcome.done) {
    await deleteItem(ctx.db, item.id);
    return true;
  }
  if ('notBefore' in outcome) {
    const { notBefore: at, left } = outcome;
    await postpone(ctx.db, item.id, { at, error: '', ...(left !== undefined && { payload: left }) });
    return false;
  }
  const { again, error, left } = outcome;
  const delayMs = { at_once: 0, soon: FIRST_DELAY_MS, after_failure: delay(item.attempts) }[again];
  const at = Math.round(clock() + delayMs);
  await postpone(ctx.db, item.id, { at, error, ...(left !== undefined && { payload: left }) });
  return false;
}

/** Tries the items that a request has just committed. Never fails the request: unfinished items stay stored. */
export async function flush(ctx: Context, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const most = Math.min(IMMEDIATE_MS, ctx.budget.leftForOthers());
  const deadline = performance.now() + most;
  const tries = ids.map(async (id) => {
    const item = await findItem(ctx.db, id);
    const left = deadline - performance.now();
    if (item && left > 0) await workOn(ctx, item, left);
  });
  for (const result of await Promise.allSettled(tries)) {
    if (result.status === 'fulfilled') continue;
    ctx.services.log('outbox_put_off', { reason: 'database', statement: failedStatement(result.reason) });
  }
}
