/** Who writes: the number of the sender by the id that IM has, and senders who are none of our users. */
import { numberOfName, userNumber } from '../../data/accounts/public-ids';
import type { Callback } from '../callbacks/callback';
import type { Context } from '../context';
import { atFault, type Decision, type Question } from './im-answer';
import type { TenantReview } from './review-cache';

/** A name keeps its number while the account exists; a new account may get the name. */
const KNOWN_MS = 60_000;
/** The entry of names that no user has, such as those of a tenant's backend. */
const UNKNOWN_MS = 2_000;

/** 0: not one of our users. Sends a statement only for a name that is not in memory. */
export async function senderOf({ db, services, now }: Context, tenant: string, userId: string): Promise<number> {
  if (!services.userIds.isNamed(tenant)) return userNumber(tenant, userId) ?? 0;
  if (userId === '') return 0;
  const { senders } = services.review.recent;
  const name = `${tenant} ${userId}`;
  const known = senders.get(name, now);
  if (known !== undefined) return known;
  const number = (await numberOfName(db, { tenant, name: userId })) ?? 0;
  senders.set(name, number, now + (number === 0 ? UNKNOWN_MS : KNOWN_MS));
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

/**
 * A stranger writes with an app and is none of our users, such as a deleted one until its IM account is deleted an hour later. Sanctions
 * of a stranger are not known, so the tenant's choice decides; undefined: treated as a viewer.
 */
export function refusedStranger(of: Question & { user: number; review: TenantReview }): Decision | undefined {
  const { enabled, onFault } = of.review.settings;
  return of.user === 0 && enabled && onFault === 'refuse' && !isBackend(of) ? atFault(of) : undefined;
}
