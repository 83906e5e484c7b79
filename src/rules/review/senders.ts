/** Who writes: the number of the author by the id that IM has. Tenants with names are asked for it once a minute and author. */
import { numberOfName } from '../../data/accounts/public-ids';
import type { Callback } from '../callbacks/callback';
import type { Context } from '../context';

/** A name keeps its number while the account exists; a new account may get the name. */
const KNOWN_MS = 60_000;
/** The entry of names that no user has, such as those of a tenant's backend. */
const UNKNOWN_MS = 2_000;

/** 0: not one of our users. Sends a statement only for a name that is not in memory. */
export async function senderOf({ db, services, now }: Context, tenant: string, userId: string): Promise<number> {
  const { userIds, review } = services;
  if (!userIds.isNamed(tenant)) return (await userIds.numberOf(db, tenant, userId)) ?? 0;
  if (userId === '') return 0;
  const name = `${tenant} ${userId}`;
  const known = review.recent.senderOf(name, now);
  if (known !== undefined) return known;
  const number = (await numberOfName(db, { tenant, name: userId })) ?? 0;
  review.recent.sender(name, { number, until: now + (number === 0 ? UNKNOWN_MS : KNOWN_MS) });
  return number;
}

interface Sender {
  /** 0: not one of our users. */
  user: number;
  callback: Callback;
}

/** The tenant's own backend, which writes through IM's REST API. The rules of rooms are for viewers. */
export const isBackend = ({ user, callback }: Sender): boolean =>
  user === 0 && callback.query.get('optplatform') === 'RESTAPI';

/** Writes with an app and is none of our users, such as a deleted one until its IM account is deleted an hour later. */
export const isStranger = (sender: Sender): boolean => sender.user === 0 && !isBackend(sender);
