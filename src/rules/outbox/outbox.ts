/**
 * Does the work that a transaction left behind: at once, as far as a short budget goes, and again later for whatever did
 * not work out. An item is removed only after it was done, or given up loudly.
 *
 * Work on an ended room never touches the room's next life. Before a call the worker leases the item and then looks for
 * a mark that the room is being opened; whoever opens a room sets that mark and then looks for leases, and waits for
 * them (rooms/opening.ts). So one of the two always sees the other. A lease outlasts the call by the time in which the
 * vendor may still carry it out.
 */
import { failedStatement } from '../../base/errors';
import type { Tenant } from '../../config/config';
import { findUser } from '../../data/accounts';
import { forgetMembers } from '../../data/member-clean-up';
import { findItem, finish, lease, type OutboxItem, type OutboxKind, postpone } from '../../data/outbox';
import { userNumber } from '../../data/public-ids';
import { findRoom } from '../../data/rooms';
import { ImError, isRetryable } from '../../tencent/im';
import { TrtcError } from '../../tencent/trtc';
import { findTenant } from '../accounts/sign-in';
import type { Context, Services } from '../context';

/** A request waits for its own work so long (ms); then the answer goes out and the work is done later. */
export const IMMEDIATE_MS = 2_000;
/** IM gives up on a request by itself after 3 s (https://cloud.tencent.com/document/api/269/1519); some more for clocks. */
const DOUBT_MS = 4_000;
/** Between lease and call there is one read; a worker that was stopped for longer must not call any more. */
const SLACK_MS = 1_000;
const GIVE_UP_MS = 24 * 3_600_000;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 3_600_000;
/** Rows deleted by one statement, and for how long one item may go on deleting. */
const MEMBERS_AT_ONCE = 1_000;

/** done: nothing is left to do. later: not now, for a reason that is no failure. */
type Outcome = 'done' | 'later';

/** Work that needs a key which only the scheduled function gets is left to it. */
export function canWorkHere({ trtc }: Services, kind: OutboxKind): boolean {
  return kind !== 'trtc_dismiss' || trtc === null || !trtc.readyElsewhere || trtc.ready();
}

/** Whether the room has begun another life, or may be about to. */
async function formerLife(ctx: Context, item: OutboxItem): Promise<'over' | 'reopened' | 'opening'> {
  const room = await findRoom(ctx.db, { tenant: item.tenant, roomId: item.target });
  if (room?.status === 1) return 'reopened';
  return room && room.opening_at > 0 ? 'opening' : 'over';
}

interface Work {
  item: OutboxItem;
  tenant: Tenant;
  budgetMs: number;
  /** performance.now() of the lease. */
  leasedAt: number;
}

async function onEndedRoom(ctx: Context, work: Work, call: () => Promise<void> | undefined): Promise<Outcome> {
  const life = await formerLife(ctx, work.item);
  if (life === 'reopened') return 'done';
  if (life === 'opening' || performance.now() - work.leasedAt > SLACK_MS) return 'later';
  await ctx.budget.outside(async () => call());
  return 'done';
}

/** Tells IM what the profile is now, not what it was then: items may be done in any order. */
async function importAccount(ctx: Context, { item, tenant, budgetMs }: Work): Promise<Outcome> {
  const user = await findUser(ctx.db, tenant.id, userNumber(tenant.id, item.target) ?? 0);
  if (!user) return 'done';
  const asked = Object.keys(JSON.parse(item.payload));
  const profile = {
    ...(asked.includes('nick') && { nick: user.name }),
    ...(asked.includes('faceUrl') && { faceUrl: user.avatar }),
  };
  const { im } = ctx.services;
  await ctx.budget.outside(async () => im?.importAccount(tenant, { userId: item.target, ...profile }, { budgetMs }));
  return 'done';
}

/** Deletes the members of an ended life, as many as the budget allows. */
async function forget(ctx: Context, { item, budgetMs, leasedAt }: Work): Promise<Outcome> {
  const life = { id: item.room_pk, liveNo: item.live_no };
  for (;;) {
    if ((await forgetMembers(ctx.services.database.forRequest(), life, MEMBERS_AT_ONCE)) === 0) return 'done';
    if (performance.now() - leasedAt > budgetMs) return 'later';
  }
}

async function perform(ctx: Context, work: Work): Promise<Outcome> {
  const { item, tenant, budgetMs } = work;
  const { im, trtc } = ctx.services;
  switch (item.kind) {
    case 'im_destroy_group':
      return onEndedRoom(ctx, work, () => im?.destroyGroup(tenant, item.target, { budgetMs }));
    case 'trtc_dismiss':
      return onEndedRoom(ctx, work, () => trtc?.dismissRoom(tenant.sdkAppId, item.target, { budgetMs }));
    case 'im_account_import':
      return importAccount(ctx, work);
    case 'forget_members':
      return forget(ctx, work);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof ImError) return `${error.failure}${error.code ? ` ${error.code}` : ''}`;
  return error instanceof TrtcError ? error.code : 'failed';
}

function canWorkLater(error: unknown): boolean {
  return error instanceof TrtcError ? error.retryable : isRetryable(error);
}

/** 5 s, 10 s, 20 s … 1 h, each a quarter more or less so that what failed together is not repeated together. */
function delay(attempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS) * (0.75 + Math.random() / 2);
}

async function afterFailure(ctx: Context, item: OutboxItem, error: unknown): Promise<void> {
  const now = ctx.services.clock();
  const reason = codeOf(error);
  const attempts = item.attempts + 1;
  const line = { kind: item.kind, tenant: item.tenant, target: item.target, attempts, reason };
  if (!canWorkLater(error) || now - item.created_at >= GIVE_UP_MS) {
    ctx.services.log('outbox_gave_up', line);
    await finish(ctx.db, item.id);
    return;
  }
  ctx.services.log('outbox_failed', line);
  await postpone(ctx.db, item.id, { at: now + delay(item.attempts), error: reason, doubtUntil: now + DOUBT_MS });
}

/** Tries one item; true where it is done with. */
export async function work(ctx: Context, item: OutboxItem, budgetMs: number): Promise<boolean> {
  const { clock } = ctx.services;
  if (!(await lease(ctx.db, item, clock() + SLACK_MS + budgetMs + DOUBT_MS))) return false;
  const leasedAt = performance.now();
  try {
    const tenant = findTenant(ctx.services, item.tenant);
    if (!tenant) throw new Error('a tenant that is not configured any more');
    const outcome = await perform(ctx, { item, tenant, budgetMs, leasedAt });
    if (outcome === 'done') await finish(ctx.db, item.id);
    else await postpone(ctx.db, item.id, { at: clock() + FIRST_DELAY_MS, error: '', doubtUntil: 0 });
    return outcome === 'done';
  } catch (error) {
    await afterFailure(ctx, item, error);
    return false;
  }
}

/** Tries the work a request has just committed. Never fails the request: what is not done is on record. */
export async function runNow(ctx: Context, ids: readonly number[]): Promise<void> {
  const most = Math.min(IMMEDIATE_MS, ctx.budget.leftForOthers());
  const deadline = performance.now() + most;
  const tries = ids.map(async (id) => {
    const item = await findItem(ctx.db, id);
    const left = deadline - performance.now();
    if (item && left > 0) await work(ctx, item, left);
  });
  for (const result of await Promise.allSettled(tries)) {
    if (result.status === 'fulfilled') continue;
    ctx.services.log('outbox_put_off', { reason: 'database', statement: failedStatement(result.reason) });
  }
}
