/**
 * The traces of a deleted account are removed an hour later: its IM account, which the apps still edit after user_delete, its
 * pictures in our bucket, and its rows in other tables. Events that webhooks have not received are kept for a day at most.
 */

import type { Tenant } from '../../config/config';
import { findUserByName, type User } from '../../data/accounts/accounts';
import {
  type DeletedPerson,
  forgetEvents,
  forgetPerson,
  hasUnfinishedBroadcasts,
} from '../../data/accounts/forgetting';
import { publicId } from '../../data/accounts/public-ids';
import { accountName } from '../../data/accounts/user-names';
import type { Executor } from '../../data/engine/database';
import { enqueue, type OutboxItem } from '../../data/outbox/outbox';
import { forgetSaid } from '../../data/outbox/said';
import { FOREVER } from '../../data/schema';
import type { Context } from '../context';
import { profileSubject } from './im-profile';

const HOUR_MS = 3_600_000;
const LATER_MS = HOUR_MS;
/** Events go within a day of the deletion, received or not. */
const EVENTS_MS = 23 * HOUR_MS;
/** Follows the user's number in the payload if only events are left. */
const ONLY_EVENTS = 'events';

export async function enqueueForgetting(
  tx: Executor,
  user: { tenant: string; id: number; userId: string; now: number },
): Promise<void> {
  const { tenant, id, userId: target, now } = user;
  await enqueue(tx, { kind: 'forget_user', tenant, target, payload: String(id), now, dueAt: now + LATER_MS });
}

/** Since when another account has the id: a user name comes back to whoever takes it next. */
async function personOf(ctx: Context, tenant: Tenant, item: OutboxItem): Promise<DeletedPerson & { next?: User }> {
  const { userIds } = ctx.services;
  const person = { tenant: tenant.id, id: Number(item.payload.split(' ')[0]), publicId: item.target };
  const keyOf = (id: string) => userIds.key(tenant.id, id);
  const named = userIds.isNamed(tenant.id);
  const next = named ? await findUserByName(ctx.db, accountName(tenant.id, item.target)) : undefined;
  return { ...person, keyOf, named, until: next?.created_at ?? FOREVER, ...(next && { next }) };
}

type Forgotten =
  | { done: true }
  | { done: false; again: 'soon'; error: string; left?: string }
  | { done: false; notBefore: number; left: string };

interface Work {
  item: OutboxItem;
  tenant: Tenant;
  budgetMs: number;
}

type Person = Awaited<ReturnType<typeof personOf>>;

/** False: the scheduled work has rooms of the person to end, or their members to delete first. */
async function forgetRows(ctx: Context, person: DeletedPerson): Promise<boolean> {
  if (await hasUnfinishedBroadcasts(ctx.db, person)) return false;
  await ctx.db.transaction((tx) => forgetPerson(tx, person));
  return true;
}

/** Gives the first failure. */
async function forgetElsewhere(ctx: Context, person: Person, { tenant, budgetMs }: Work): Promise<unknown> {
  const { vendors, config, userIds } = ctx.services;
  const { im, uploads } = vendors;
  const { id, next, publicId: userId } = person;
  const forgetAccount = async () => {
    // The IM account is the next user's, whose name and picture replace those of the deleted person.
    if (next?.username === userId)
      return im?.importAccount(tenant, { userId, nick: next.name, faceUrl: next.avatar }, { budgetMs });
    if (config.imAccountDelete) await im?.deleteAccount(tenant, userId, { budgetMs });
    if (userIds.isNamed(tenant.id)) await forgetSaid(ctx.db, profileSubject(tenant.id, userId));
  };
  const calls = [
    forgetAccount(),
    uploads?.deleteAll(`${config.uploads.cosPrefix}${publicId(tenant.id, id)}/`, budgetMs),
  ];
  const results = await ctx.budget.outside(() => Promise.allSettled(calls));
  return results.find((result) => result.status === 'rejected')?.reason;
}

/** What receivers have not got yet is tried again in an hour. */
async function forgetEventsOf(ctx: Context, person: DeletedPerson, { item, budgetMs }: Work): Promise<Forgotten> {
  const started = performance.now();
  const number = String(person.id);
  const keepPending = ctx.services.clock() < item.created_at + EVENTS_MS;
  let after = Number(item.payload.split(' ')[2] ?? 0);
  let kept = 0;
  for (;;) {
    const result = await forgetEvents(ctx.services.database.forRequest(), person, { after, keepPending });
    kept += result.kept;
    if (result.after === undefined) break;
    after = result.after;
    if (performance.now() - started > budgetMs) {
      return { done: false, again: 'soon', error: '', left: `${number} ${ONLY_EVENTS} ${after}` };
    }
  }
  if (kept === 0) return { done: true };
  const notBefore = Math.min(ctx.services.clock() + HOUR_MS, item.created_at + EVENTS_MS);
  return { done: false, notBefore, left: `${number} ${ONLY_EVENTS}` };
}

/** Work of the outbox. */
export async function forgetUser(ctx: Context, work: Work): Promise<Forgotten> {
  const { item, tenant } = work;
  const [, stage] = item.payload.split(' ');
  const person = await personOf(ctx, tenant, item);
  // Half of the time for the vendors, which are called in parallel, and half for events.
  const half = { ...work, budgetMs: work.budgetMs / 2 };
  if (stage === ONLY_EVENTS) return forgetEventsOf(ctx, person, half);
  if (!(await forgetRows(ctx, person))) return { done: false, again: 'soon', error: '' };
  const failure = await forgetElsewhere(ctx, person, half);
  const forgotten = await forgetEventsOf(ctx, person, half);
  if (failure !== undefined) throw failure;
  return forgotten;
}
