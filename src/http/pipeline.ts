/**
 * The application: contract + handlers → handle(request). The order of checks is in this file only:
 * route → configuration → parameters → caller → a place among the caller's calls → session → rule → envelope → log line.
 */
import { ApiError } from '../base/errors';
import { keysOf } from '../base/fields';
import type { Log, Write } from '../base/log';
import { contract } from '../contract';
import type { Endpoint } from '../contract/endpoint';
import type { LiveSession, RecentSession } from '../data/accounts/sessions';
import {
  type ClaimedContext,
  type Context,
  callerOf,
  identify,
  type Services,
  tokenInvalid,
  type UnprovedCallerContext,
  withCaller,
  withSession,
} from '../rules/context';
import { handlers } from '../rules/handlers';
import { ADMIN_PATHS, adminEndpoint, answerAdmin } from './admin';
import type { App, Composition, Page } from './app';
import { answerBuiltIn, PAGES_OFF, unknownPath } from './built-in';
import { CALLBACK_PATHS, receiveCallback } from './callbacks';
import { failure, preflight, success, toApiError, wordedFailure } from './envelope';
import { createContext, type Incoming, newIncoming, wordingOf } from './incoming';
import { createLog, reportRequest } from './log';
import type { Response } from './messages';
import { readParameters } from './parameters';
import { createLocator, type Target } from './paths';

export interface AppParts {
  composition: Composition;
  write: Write;
  /** More pages at the root, by path without slashes in front. */
  pages?: Readonly<Record<string, Page>>;
}

type Parts = Required<AppParts> & { log: Log };

interface Route {
  endpoint: Endpoint;
  rule: (input: unknown, ctx: Context) => Promise<unknown>;
}

const routes = new Map<string, Route>();
for (const name of keysOf(contract)) {
  const endpoint = contract[name];
  if (routes.has(endpoint.path)) throw new Error(`two endpoints at ${endpoint.path}`);
  // handlers.ts checks each rule against its endpoint; callRule gives it the context that the endpoint declares.
  routes.set(endpoint.path, { endpoint, rule: handlers[name] as Route['rule'] });
}

/** The caller's session, asked for as the endpoint declares it. Throws 204 if it has ended. */
async function proveSession(
  { services, db, caller }: UnprovedCallerContext,
  proof: 'required' | 'recent',
): Promise<LiveSession | RecentSession> {
  const recent = proof === 'recent' ? services.caches.sessions.recent(caller.session) : undefined;
  const session = recent ?? (await services.caches.sessions.prove(db, caller.session));
  if (!session) throw tokenInvalid();
  return session;
}

/** Method, parameters, caller, a place among the caller's calls, session, rule. Returns the data of the response; throws the request's error. */
async function callRule(incoming: Incoming, services: Services, { endpoint, rule }: Route): Promise<unknown> {
  const { method } = incoming.request;
  // HEAD is refused too: it must change nothing, and some calls by GET do.
  if (method !== 'GET' && method !== 'POST') throw new ApiError('SystemVerifyError', 'use GET or POST');
  const { input, claimed } = readParameters(incoming.request, endpoint);
  incoming.claimedTenant = typeof claimed.apaasAppId === 'string' ? claimed.apaasAppId : '';
  const ctx = createContext(incoming, services);
  const { session: proof } = endpoint;
  if (proof === 'none') return rule(input, ctx);
  const verdict = identify(services, endpoint.tokenAlone ? { token: claimed.token } : claimed);
  const asClaimed = async () => {
    if (proof === 'optional') {
      const claiming: ClaimedContext = { ...ctx, verdict, claimed };
      return rule(input, claiming);
    }
    const asked = withCaller(ctx, callerOf(verdict));
    if (proof === 'own-statement') return rule(input, asked);
    return rule(input, withSession(asked, await proveSession(asked, proof)));
  };
  if (verdict.status === 'invalid') return asClaimed();
  const { id, publicId, tenant } = verdict.caller;
  incoming.tenant = tenant.id;
  incoming.userId = publicId;
  return services.throttles.callers.run(id, ctx.budget, asClaimed);
}

async function answerEndpoint({ composition }: Parts, incoming: Incoming, path: string): Promise<Response> {
  const { requestId } = incoming;
  const route = routes.get(path);
  if (!route) return unknownPath(true, requestId);
  try {
    if (!composition.ok) throw new ApiError('SystemError', composition.message);
    const data = await callRule(incoming, composition.services, route);
    return success(route.endpoint.okMessage, data, requestId);
  } catch (error) {
    return wordedFailure(toApiError(error), requestId, wordingOf(composition, incoming));
  }
}

function answerPage({ composition, pages }: Parts, { request, requestId }: Incoming, path: string): Promise<Response> {
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  const builtIn = () => answerBuiltIn(composition, path, requestId);
  return page ? page(request, requestId, builtIn) : builtIn();
}

async function answer(parts: Parts, incoming: Incoming, target: Target): Promise<Response> {
  const { request, requestId } = incoming;
  if (request.method === 'OPTIONS') return preflight(request.headers['access-control-request-headers'], requestId);
  switch (target.kind) {
    case 'endpoint':
      incoming.endpoint = target.path;
      return answerEndpoint(parts, incoming, target.path);
    case 'callback':
      incoming.endpoint = target.path;
      return receiveCallback(parts.composition, incoming, target.path);
    case 'admin':
      incoming.endpoint = adminEndpoint(target.path);
      return answerAdmin(parts.composition, incoming, target.path);
    case 'page':
      incoming.endpoint = `/${target.path}`;
      return answerPage(parts, incoming, target.path);
    case 'unknown':
      return unknownPath(target.underBase, requestId);
  }
}

export function createApp({ composition, write, pages = {} }: AppParts): App {
  const parts: Parts = { composition, write, pages, log: createLog(write) };
  const locate = createLocator({
    endpoints: new Set(routes.keys()),
    callbacks: new Set(CALLBACK_PATHS),
    admin: ADMIN_PATHS,
    pages: new Set(['', 'helloworld', ...Object.keys(PAGES_OFF), ...Object.keys(pages)]),
  });

  return {
    async handle(request) {
      const started = performance.now();
      const incoming = newIncoming(request, composition.ok && composition.services.config.cloud);
      let response: Response;
      try {
        response = await answer(parts, incoming, locate(request.path));
      } catch (error) {
        response = failure(toApiError(error), incoming.requestId, 500);
      }
      reportRequest(parts, incoming, { response, ms: performance.now() - started });
      return response;
    },
  };
}
