/**
 * Does the work that a transaction left for IM and TRTC: at once, as far as a short budget goes, and again later for
 * whatever did not work out. An item is removed only after it was done.
 */
import type { Tenant } from '../../config';
import { ImError } from '../../platform/im';
import { findItem, finish, lease, type OutboxItem, postpone } from '../../repositories/outbox';
import { findRoom } from '../../repositories/rooms';
import { findTenant } from '../auth/sign-in';
import type { Context } from '../context';

/** A request waits for its own work so long (ms); then the answer goes out and the work is done later. */
export const IMMEDIATE_MS = 2_000;
/** A worker has an item to itself for so long; it must be more than the longest call. */
const LEASE_MS = 15_000;

/** Dissolving a group that belongs to a room which is open again would throw its audience out. */
async function wasReopened(ctx: Context, item: OutboxItem): Promise<boolean> {
  const room = await findRoom(ctx.db, { tenant: item.tenant, roomId: item.target });
  return room !== undefined && (room.live_no !== item.live_no || room.status === 1 || room.opening_at > 0);
}

async function destroyGroup(ctx: Context, tenant: Tenant, item: OutboxItem, budgetMs: number): Promise<void> {
  if (await wasReopened(ctx, item)) return;
  await ctx.services.im?.destroyGroup(tenant, item.target, { budgetMs });
}

async function importAccount(ctx: Context, tenant: Tenant, item: OutboxItem, budgetMs: number): Promise<void> {
  const profile: { nick?: string; faceUrl?: string } = JSON.parse(item.payload);
  await ctx.services.im?.importAccount(tenant, { userId: item.target, ...profile }, { budgetMs });
}

async function perform(ctx: Context, item: OutboxItem, budgetMs: number): Promise<void> {
  const tenant = findTenant(ctx.services, item.tenant);
  if (!tenant) return;
  if (item.kind === 'im_destroy_group') await destroyGroup(ctx, tenant, item, budgetMs);
  else if (item.kind === 'im_account_import') await importAccount(ctx, tenant, item, budgetMs);
}

function delay(attempts: number): number {
  return Math.min(10_000 * 2 ** attempts, 3_600_000) * (0.75 + Math.random() / 2);
}

/** Tries one item; true where it is done with. */
export async function work(ctx: Context, item: OutboxItem, budgetMs: number): Promise<boolean> {
  if (!(await lease(ctx.db, item, ctx.services.clock() + LEASE_MS))) return false;
  try {
    await perform(ctx, item, budgetMs);
    await finish(ctx.db, item.id);
    return true;
  } catch (error) {
    const code = error instanceof ImError ? `${error.failure}${error.code ? ` ${error.code}` : ''}` : 'failed';
    ctx.services.log('outbox_failed', {
      kind: item.kind,
      target: item.target,
      attempts: item.attempts + 1,
      reason: code,
    });
    await postpone(ctx.db, item.id, { at: ctx.services.clock() + delay(item.attempts), error: code });
    return false;
  }
}

/** Tries the work a request has just committed. Never fails the request: what is not done is on record. */
export async function runNow(ctx: Context, ids: readonly number[]): Promise<void> {
  const deadline = performance.now() + IMMEDIATE_MS;
  const tries = ids.map(async (id) => {
    const item = await findItem(ctx.db, id);
    const left = deadline - performance.now();
    if (item && left > 0) await work(ctx, item, left);
  });
  for (const result of await Promise.allSettled(tries)) {
    if (result.status === 'rejected') ctx.services.log('outbox_put_off', { reason: String(result.reason) });
  }
}
