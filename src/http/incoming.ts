/** A request on its way through the pipeline, and what it leaves for its log line. */
import { RequestBudget } from '../base/request-budget';
import type { Context, Services } from '../rules/context';
import { clientAddress } from './client-address';
import type { Request } from './messages';
import { reachedAt } from './reached-at';
import { requestIdOf } from './request-id';

/** What one request left for its log line. */
export interface Notes {
  endpoint: string;
  tenant: string;
  userId: string;
  /** The room that the call names; '' = none. Not for the log: a client wrote it. */
  roomId: string;
  budget: RequestBudget;
}

export interface Incoming {
  request: Request;
  requestId: string;
  notes: Notes;
}

export function newIncoming(request: Request): Incoming {
  const notes = { endpoint: 'unknown', tenant: '', userId: '', roomId: '', budget: new RequestBudget() };
  return { request, requestId: requestIdOf(request.headers), notes };
}

/** What the rules are given of a request: its budget, a handle on the database that keeps to it, the time, the addresses. */
export function createContext(request: Request, services: Services, budget: RequestBudget): Context {
  const { config, database, clock } = services;
  return {
    services,
    budget,
    db: database.forRequest(budget),
    now: clock(),
    clientAddress: clientAddress(request, config),
    reachedAt: reachedAt(request, config),
  };
}
