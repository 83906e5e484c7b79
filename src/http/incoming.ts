/**
 * A request on its way through the pipeline, and what its head says of it: its id, its trace, the client's address, the
 * address by which it reached the service. Clients can send any header, so each is read only if it can be trusted.
 */
import { randomUUID } from 'node:crypto';
import { parseAddress } from '../base/ip-addresses';
import { RequestBudget } from '../base/request-budget';
import { DEFAULT_WORDING, type Wording } from '../contract/refusal-texts';
import type { Context, Services } from '../rules/context';
import type { Composition } from './app';
import type { Request } from './messages';

/** Only values that look like an id are accepted: hexadecimal digits and dashes, as UUIDs, trace ids and the ids of gateways are. */
const ID_SHAPE = /^[0-9a-f][0-9a-f-]{6,62}[0-9a-f]$/i;

/** The platform overwrites its headers. Elsewhere a proxy sets x-request-id, and the client sends the others. */
const ON_PLATFORM = ['x-scf-request-id', 'x-api-requestid', 'x-request-id'];
const ELSEWHERE = ['x-request-id', 'x-scf-request-id', 'x-api-requestid'];

/** The id that the platform or a proxy gave the request, or a new one. */
export function requestIdOf(headers: Readonly<Record<string, string>>, onPlatform = false): string {
  for (const name of onPlatform ? ON_PLATFORM : ELSEWHERE) {
    const id = headers[name];
    if (id !== undefined && ID_SHAPE.test(id)) return id;
  }
  return randomUUID();
}

/** The trace that the request belongs to (https://www.w3.org/TR/trace-context/, version 00), as 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string | undefined {
  const [, id] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent) ?? [];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

export interface Surroundings {
  /** Runs as a cloud function: the platform's gateway is in front, and the socket is only ever its own. */
  cloud: boolean;
  /** Number of the operator's own proxies in front. */
  trustedProxies: number;
}

/** null if no address can be trusted. Of X-Forwarded-For only the entry that the nearest proxy has added counts, the right-most one. */
export function clientAddress(
  { origin, headers }: Pick<Request, 'origin' | 'headers'>,
  { cloud, trustedProxies }: Surroundings,
): string | null {
  if (origin.kind === 'event') return parseAddress(origin.address);
  if (!cloud && trustedProxies === 0) return parseAddress(origin.address);
  // Reads only the entries that count: a client may send any number of them.
  const forwarded = (headers['x-forwarded-for'] ?? '').slice(-2_000);
  const chain = forwarded === '' ? [] : forwarded.split(',');
  if (!cloud && origin.address !== undefined) chain.push(origin.address);
  return parseAddress(chain.at(-1 - trustedProxies) ?? chain[0]);
}

const HOST = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?$/;

/**
 * `https://host`, or http without a proxy in front that could terminate TLS; '' without a valid Host header. For answers
 * that name it, which go back to that client only.
 */
export function reachedAt({ origin, headers }: Request, { cloud, trustedProxies }: Surroundings): string {
  const host = headers['host'] ?? '';
  if (!HOST.test(host)) return '';
  return `${origin.kind === 'socket' && !cloud && trustedProxies === 0 ? 'http' : 'https'}://${host}`;
}

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
    reachedAt: () => reachedAt(request, config),
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
