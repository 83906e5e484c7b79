/** A request on its way through the pipeline, with the values of its log line. */
import { RequestBudget } from '../base/request-budget';
import { DEFAULT_WORDING, type Wording } from '../contract/refusal-texts';
import type { Context, Services } from '../rules/context';
import type { Composition } from './app';
import { clientAddress, reachedAt } from './client-address';
import type { Request } from './messages';
import { requestIdOf } from './request-id';

export interface Incoming {
  readonly request: Request;
  readonly requestId: string;
  readonly budget: RequestBudget;
  /** Path below /base/v1/, or `/page`; `unknown` for every other path. */
  endpoint: string;
  /** Tenant and user that the token names; '' if there is no valid token. */
  tenant: string;
  userId: string;
  /** The tenant named by the request, unchecked; '' if it names none. */
  claimedTenant: string;
}

/** `cloud`: runs as a cloud function. */
export function newIncoming(request: Request, cloud: boolean): Incoming {
  const requestId = requestIdOf(request.headers, cloud || request.origin.kind === 'event');
  return {
    request,
    requestId,
    budget: new RequestBudget(),
    endpoint: 'unknown',
    tenant: '',
    userId: '',
    claimedTenant: '',
  };
}

/** The context of a rule: the request's budget, a database handle that keeps to it, the time, the addresses. */
export function createContext({ request, budget }: Incoming, services: Services): Context {
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

/** How the answer is worded: by the tenant of the token, else the one that the request names, else the default tenant. */
export function wordingOf(composition: Composition, { tenant, claimedTenant }: Incoming): Wording {
  if (!composition.ok) return DEFAULT_WORDING;
  const { tenants } = composition.services.config;
  const wanted = tenant || claimedTenant;
  const found = tenants.find(({ id }) => id === wanted) ?? tenants[0];
  return found ? { language: found.messageLanguage, timeZone: found.timeZone } : DEFAULT_WORDING;
}
