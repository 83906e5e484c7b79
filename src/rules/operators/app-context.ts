/** The context of the apps' rules for an operator's call. */
import type { Context } from '../context';
import type { ChangeContext } from './change-context';

/** A context for rules that take a transaction and use services and time only. */
export function contextOf({ services, now, budget, address }: ChangeContext): Context {
  return { services, now, budget, clientAddress: address, reachedAt: '', db: services.database.forRequest(budget) };
}
