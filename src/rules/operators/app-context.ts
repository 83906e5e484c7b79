/** The rules of the apps' API, on behalf of an operator: what they need of a request. */
import type { Context } from '../context';
import type { ChangeContext } from './change-context';

/** For rules that take a transaction and look at services and time only. */
export function contextOf({ services, now, budget, address }: ChangeContext): Context {
  return { services, now, budget, clientAddress: address, reachedAt: '', db: services.database.forRequest(budget) };
}
