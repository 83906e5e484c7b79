/**
 * The application: contract + handlers → handle(request). The order of checks is here and nowhere else:
 * route → configuration → parameters → caller → session → rule → envelope → log line.
 */
import { ApiError } from '../base/errors';
import { keysOf } from '../base/fields';
import type { Log, Write } from '../base/log';
import { contract, type EndpointName } from '../contract';
import type { Endpoint, SessionProof } from '../contract/endpoint';
import type { LiveSession, RecentSession, SessionKey } from '../data/accounts/sessions';
import { type CallerVerdict, identify, tokenExpired, tokenInvalid } from '../rules/accounts/caller';
import { type Caller, type Context, type Services, type UnprovedCallerContext, withCaller } from '../rules/context';
import { handlers } from '../rules/handlers';
import { answerAdmin, isAdminCall } from './admin';
import type { App, Composition, Page } from './app';
import { answerBuiltIn, unknownPath } from './built-in';
import { CALLBACK_PATHS, receiveCallback } from './callbacks';
import { failure, preflight, success, toApiError } from './envelope';
import { createContext, type Incoming, type Notes, newIncoming } from './incoming';
import { createLog } from './log';
import type { Response } from './messages';
import { readParameters } from './parameters';
import { createLocator, isAdminPath, type Target } from './paths';
import { reportRequest } from './request-report';

export interface AppParts {
  composition: Composition;
  write: Write;
  /** Further pages at the root, by path without slashes in front. */
  pages?: Readonly<Record<string, Page>>;
}

type AnyHandler = (input: unknown, ctx: Context, verdict?: CallerVerdict, claimed?: object) => Promise<unknown>;

interface Route {
  name: EndpointName;
  endpoint: Endpoint;
}

const endpoints = new Map<string, Route>();
for (const name of keysOf(contract)) {
  const endpoint = contract[name];
  if (endpoints.has(endpoint.path)) throw new Error(`two endpoints at ${endpoint.path}`);
  endpoints.set(endpoint.path, { name, endpoint });
}

type Proved = SessionKey | RecentSession | LiveSession | undefined;

/** The session as well proved as the endpoint wants it, at once where nobody has to be asked; undefined where it has ended. */
function prove(ctx: Context, session: SessionKey, proof: SessionProof): Promise<Proved> | Proved {
  const { sessions } = ctx.services;
  if (proof === 'own-statement') return session;
  const recent = proof === 'recent' ? sessions.recent(session) : undefined;
  return recent ?? sessions.prove(ctx.db, session);
}

/** What this process remembers must not outlive what a request has changed, even one that failed half-way. */
function dropRemembered(services: Services, { changes }: Endpoint, { tenant, roomId }: Notes): void {
  if (changes.includes('lists')) services.answers.clear();
  if (changes.includes('room') && roomId !== '') services.answers.clearRoom({ tenant, roomId });
  if (changes.includes('sessions')) services.sessions.clear();
}

function calledBy(ctx: Context, caller: Caller<SessionKey>, session: Proved): UnprovedCallerContext {
  if (!session) throw tokenInvalid();
  return withCaller(ctx, caller, session);
}

/** The caller with a good token, and with a session as the endpoint wants it proved. */
function authenticate(
  ctx: Context,
  verdict: CallerVerdict,
  proof: SessionProof,
): Promise<UnprovedCallerContext> | UnprovedCallerContext {
  if (verdict.status === 'invalid') throw tokenInvalid();
  if (verdict.status === 'expired') throw tokenExpired();
  const { caller } = verdict;
  const session = prove(ctx, caller.session, proof);
  if (session instanceof Promise) return session.then((proved) => calledBy(ctx, caller, proved));
  return calledBy(ctx, caller, session);
}

function roomIn(input: object): string {
  return 'roomId' in input && typeof input.roomId === 'string' ? input.roomId : '';
}

/** Throws here and now what is wrong with the request; its work is what it gives. */
function callRule({ request, notes }: Incoming, services: Services, { name, endpoint }: Route): Promise<unknown> {
  const { input, claimed } = readParameters(request, endpoint);
  notes.roomId = roomIn(input);
  const ctx = createContext(request, services, notes.budget);
  // handlers.ts checked each one against the contract; here they are only called.
  const handler = handlers[name] as AnyHandler;
  if (endpoint.session === 'none') return handler(input, ctx);
  const verdict = identify(services, endpoint.tokenAlone ? { token: claimed.token } : claimed);
  if (verdict.status !== 'invalid') {
    notes.tenant = verdict.caller.tenant.id;
    notes.userId = verdict.caller.publicId;
  }
  if (endpoint.session === 'optional') return handler(input, ctx, verdict, claimed);
  const proved = authenticate(ctx, verdict, endpoint.session);
  return proved instanceof Promise ? proved.then((by) => handler(input, by)) : handler(input, proved);
}

async function answerEndpoint(composition: Composition, incoming: Incoming, path: string): Promise<Response> {
  const { request, requestId, notes } = incoming;
  const route = endpoints.get(path);
  if (!route) return unknownPath(true, requestId);
  notes.endpoint = path;
  try {
    if (!composition.ok) throw new ApiError('SystemError', composition.message);
    // HEAD too: it must change nothing, and a write by GET changes something.
    if (request.method !== 'GET' && request.method !== 'POST') {
      throw new ApiError('SystemVerifyError', 'use GET or POST');
    }
    const data = await callRule(incoming, composition.services, route);
    return success(route.endpoint.okMessage, data, requestId);
  } catch (error) {
    return failure(toApiError(error), requestId);
  } finally {
    if (composition.ok) dropRemembered(composition.services, route.endpoint, notes);
  }
}

type Answering = Required<Pick<AppParts, 'composition' | 'pages'>> & { log: Log };

/** What is below the base path: callbacks of vendors, operators' calls, and the endpoints of the apps. */
function answerCall({ composition, log }: Answering, incoming: Incoming, path: string): Promise<Response> {
  const { request, requestId, notes } = incoming;
  if (CALLBACK_PATHS.includes(path)) {
    notes.endpoint = path;
    return receiveCallback(path, request, { composition, budget: notes.budget, log });
  }
  if (!isAdminPath(path)) return answerEndpoint(composition, incoming, path);
  notes.endpoint = isAdminCall(path) ? path : 'admin';
  return answerAdmin(request, path, { composition, requestId, notes });
}

function answer(parts: Answering, incoming: Incoming, target: Target): Promise<Response> | Response {
  const { request, requestId, notes } = incoming;
  const { composition, pages } = parts;
  if (request.method === 'OPTIONS') return preflight(request.headers['access-control-request-headers'], requestId);
  if (target.kind === 'endpoint') return answerCall(parts, incoming, target.path);
  if (target.kind === 'unknown') return unknownPath(target.underBase, requestId);
  notes.endpoint = `/${target.path}`;
  const page = Object.hasOwn(pages, target.path) ? pages[target.path] : undefined;
  const builtIn = () => answerBuiltIn(composition, target.path, requestId);
  return page ? page(request, requestId, builtIn) : builtIn();
}

export function createApp({ composition, write, pages = {} }: AppParts): App {
  const log = createLog(write);
  const parts = { composition, pages, log };
  const locate = createLocator({
    endpoints: new Set([...endpoints.keys(), ...CALLBACK_PATHS]),
    pages: new Set(['', 'helloworld', ...Object.keys(pages)]),
  });

  return {
    async handle(request) {
      const started = performance.now();
      const incoming = newIncoming(request);
      let response: Response;
      try {
        response = await answer(parts, incoming, locate(request.path));
      } catch (error) {
        response = failure(toApiError(error), incoming.requestId, 500);
      }
      reportRequest({ composition, write, log }, incoming, { response, ms: performance.now() - started });
      return response;
    },
  };
}
