/**
 * The traces of a deleted account are removed an hour later: its IM account, which the apps still edit after user_delete, and
 * its traces in other tables.
 */

import type { Tenant } from '../../config/config';
import { forgetPerson } from '../../data/accounts/personal-data';
import type { Executor } from '../../data/engine/database';
import { enqueue, type OutboxItem } from '../../data/outbox/outbox';
import type { Context } from '../context';

const LATER_MS = 3_600_000;

export async function enqueueForgetting(
  tx: Executor,
  user: { tenant: string; id: number; userId: string; now: number },
): Promise<void> {
  const { tenant, id, userId: target, now } = user;
  await enqueue(tx, { kind: 'forget_user', tenant, target, payload: String(id), now, dueAt: now + LATER_MS });
}

/** Work of the outbox. */
export async function forgetUser(ctx: Context, work: { item: OutboxItem; tenant: Tenant; budgetMs: number }) {
  const { item, tenant, budgetMs } = work;
  const person = { tenant: tenant.id, id: Number(item.payload), publicId: item.target, now: ctx.now };
  await ctx.db.transaction((tx) => forgetPerson(tx, person));
  const { im, config } = ctx.services;
  if (!im || !config.imAccountDelete) return;
  await ctx.budget.outside(() => im.deleteAccount(tenant, item.target, { budgetMs }));
}
