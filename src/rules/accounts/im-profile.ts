/** What IM knows of a user: name and picture. One account causes at most one call a minute (data/outbox/said.ts). */
import type { Tenant } from '../../config/config';
import { findUser } from '../../data/accounts/accounts';
import type { Executor } from '../../data/engine/database';
import { enqueue, type OutboxItem } from '../../data/outbox/outbox';
import { noteSaid, planTelling, type Subject, takeMinute, wasSaid } from '../../data/outbox/said';
import type { Context } from '../context';

/** Bits of im_said.fields. IM gets only the given fields: an app may set the rest by its SDK. */
const NICK = 1;
const FACE = 2;

export function profileSubject(tenant: string, userId: string): Subject {
  return { kind: 'profile', tenant, name: userId };
}

export interface GivenProfile {
  nick?: string;
  faceUrl?: string;
}

/** Inside the transaction that changes the profile; gives the work that may be done immediately. */
export async function planProfile(
  tx: Executor,
  ctx: Pick<Context, 'services' | 'now'>,
  { tenant, userId: target, given }: { tenant: Tenant; userId: string; given: GivenProfile },
): Promise<number[]> {
  const { now } = ctx;
  if (!ctx.services.vendors.im) return [];
  const fields = (given.nick === undefined ? 0 : NICK) | (given.faceUrl === undefined ? 0 : FACE);
  const dueAt = await planTelling(tx, profileSubject(tenant.id, target), { now, fields });
  if (dueAt === undefined) return [];
  const payload = JSON.stringify(given);
  const id = await enqueue(tx, { kind: 'im_account_import', tenant: tenant.id, target, payload, now, dueAt });
  return dueAt <= now ? [id] : [];
}

/** Sends the current profile to IM: work may be late and out of order. */
export async function tellProfile(
  ctx: Context,
  { item, tenant, budgetMs }: { item: OutboxItem; tenant: Tenant; budgetMs: number },
): Promise<{ done: true } | { done: false; notBefore: number }> {
  const { vendors, clock } = ctx.services;
  const { im } = vendors;
  const subject = profileSubject(tenant.id, item.target);
  const taken = await takeMinute(ctx.db, subject, clock());
  if ('notBefore' in taken) return { done: false, ...taken };
  // A change of the profile after the minute was taken plans separate work.
  const id = await ctx.services.userIds.numberOf(ctx.db, tenant.id, item.target);
  const user = id === undefined ? undefined : await findUser(ctx.db, tenant.id, id);
  if (!user || !im) return { done: true };
  const given = Object.keys(JSON.parse(item.payload));
  const profile = {
    ...(((taken.fields & NICK) > 0 || given.includes('nick')) && { nick: user.name }),
    ...(((taken.fields & FACE) > 0 || given.includes('faceUrl')) && { faceUrl: user.avatar }),
  };
  const value = JSON.stringify(profile);
  if (await wasSaid(ctx.db, subject, value)) return { done: true };
  await ctx.budget.outside(() => im.importAccount(tenant, { userId: item.target, ...profile }, { budgetMs }));
  await noteSaid(ctx.db, subject, { value, now: clock() });
  return { done: true };
}
