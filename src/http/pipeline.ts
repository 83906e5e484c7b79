/**
 * The application: contract + handlers → handle(request). The order of checks is here and nowhere else:
 * route → configuration → parameters → caller → session → rule → envelope → log line.
 */
import { ApiError, failedStatement } from '../base/errors';
import { keysOf } from '../base/fields';
import type { Write } from '../base/log';
import { RequestBudget } from '../base/request-budget';
import { contract, type EndpointName } from '../contract';
import type { Endpoint, SessionProof } from '../contract/endpoint';
import type { LiveSession, RecentSession, SessionKey } from '../data/sessions';
import { type CallerVerdict, identify, tokenExpired, tokenInvalid } from '../rules/accounts/caller';
import type { Caller, Context, Services, UnprovedCallerContext } from '../rules/context';
import { handlers } from '../rules/handlers';
import { answerAdmin, isAdminCall } from './admin';
import type { App, Composition, Page } from './app';
import { CALLBACK_PATHS, receiveCallback } from './callbacks';
import { clientAddress } from './client-address';
import { failure, preflight, success, toApiError } from './envelope';
import { healthAsJson, readHealth } from './health';
import { createLog, logRequest, traceOf } from './log';
import type { Request, Response } from './messages';
import { readParameters } from './parameters';
import { createLocator, isAdminPath, type Target } from './paths';
import { reachedAt } from './reached-at';
import { requestIdOf, traceIdOf } from './request-id';

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

/** What one request left for its log line. */
interface Notes {
  endpoint: string;
  tenant: string;
  userId: string;
  /** The room that the call names; '' = none. Not for the log: a client wrote it. */
  roomId: string;
  budget: RequestBudget;
}

type Proved = SessionKey | RecentSession | LiveSession | undefined;

/** The session as well proved as the endpoint wants it, at once where nobody has to be asked; undefined where it has ended. */
function prove(ctx: Context, session: SessionKey, proof: SessionProof): Promise<Proved> | Proved {
  const { sessions } = ctx.services;
  if (proof === 'own-statement') return session;
  const recent = proof === 'recent' ? sessions.recent(session) : undefined;
  return recent ?? sessions.prove(session, ctx.budget);
}

/** What this process remembers must not outlive what a request has changed, even one that failed half-way. */
function forget(services: Services, { changes }: Endpoint, { tenant, roomId }: Notes): void {
  if (changes.includes('lists')) services.answers.clear();
  if (changes.includes('room') && roomId !== '') services.answers.clearRoom({ tenant, roomId });
  if (changes.includes('sessions')) services.sessions.clear();
}

function withCaller(ctx: Context, caller: Caller<SessionKey>, session: Proved): UnprovedCallerContext {
  if (!session) throw tokenInvalid();
  return { ...ctx, caller: { ...caller, session } };
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
  if (session instanceof Promise) return session.then((proved) => withCaller(ctx, caller, proved));
  return withCaller(ctx, caller, session);
}

function roomIn(input: object): string {
  return 'roomId' in input && typeof input.roomId === 'string' ? input.roomId : '';
}

/** Throws here and now what is wrong with the request; its work is what it gives. */
function callRule(request: Request, services: Services, { name, endpoint }: Route, notes: Notes): Promise<unknown> {
  const { budget } = notes;
  const { input, claimed } = readParameters(request, endpoint);
  notes.roomId = roomIn(input);
  const ctx: Context = {
    services,
    budget,
    db: services.database.forRequest(budget),
    now: services.clock(),
    clientAddress: clientAddress(request, services.config),
    reachedAt: reachedAt(request, services.config),
  };
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

async function callEndpoint(request: Request, services: Services, route: Route, notes: Notes): Promise<unknown> {
  try {
    return await callRule(request, services, route, notes);
  } finally {
    forget(services, route.endpoint, notes);
  }
}

function helloWorld(): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { status: 200, headers: { ...headers, 'access-control-allow-origin': '*' }, body: 'HelloWorld' };
}

function unknownPath(underBase: boolean, requestId: string): Response {
  // The apps read the body of a 200 only, and nothing else calls below the base path.
  return failure(new ApiError('SystemVerifyError', 'there is no such endpoint'), requestId, underBase ? 200 : 404);
}

export function createApp({ composition, write, pages = {} }: AppParts): App {
  const log = createLog(write);
  const locate = createLocator({
    endpoints: new Set([...endpoints.keys(), ...CALLBACK_PATHS]),
    pages: new Set(['', 'helloworld', ...Object.keys(pages)]),
  });

  async function answerEndpoint(request: Request, path: string, requestId: string, notes: Notes): Promise<Response> {
    const route = endpoints.get(path);
    if (!route) return unknownPath(true, requestId);
    notes.endpoint = path;
    try {
      if (!composition.ok) throw new ApiError('SystemError', composition.message);
      // HEAD too: it must change nothing, and a write by GET changes something.
      if (request.method !== 'GET' && request.method !== 'POST') {
        throw new ApiError('SystemVerifyError', 'use GET or POST');
      }
      const data = await callEndpoint(request, composition.services, route, notes);
      return success(route.endpoint.okMessage, data, requestId);
    } catch (error) {
      return failure(toApiError(error), requestId);
    }
  }

  function answerCallback(request: Request, path: string, notes: Notes): Promise<Response> {
    notes.endpoint = path;
    return receiveCallback(path, request, { composition, budget: notes.budget, log });
  }

  function answer(request: Request, target: Target, requestId: string, notes: Notes): Promise<Response> | Response {
    if (request.method === 'OPTIONS') return preflight(request.headers['access-control-request-headers'], requestId);
    if (target.kind === 'endpoint' && CALLBACK_PATHS.includes(target.path)) {
      return answerCallback(request, target.path, notes);
    }
    if (target.kind === 'endpoint' && isAdminPath(target.path)) {
      notes.endpoint = isAdminCall(target.path) ? target.path : 'admin';
      return answerAdmin(request, target.path, { composition, requestId, notes });
    }
    if (target.kind === 'endpoint') return answerEndpoint(request, target.path, requestId, notes);
    if (target.kind === 'unknown') return unknownPath(target.underBase, requestId);
    notes.endpoint = `/${target.path}`;
    const page = Object.hasOwn(pages, target.path) ? pages[target.path] : undefined;
    const builtIn = async () => {
      if (target.path === 'helloworld') return helloWorld();
      const isHealth = target.path === '' || target.path === 'base/v1';
      if (!isHealth) return unknownPath(false, requestId);
      return healthAsJson(await readHealth(composition), requestId, target.path === '' ? 503 : 200);
    };
    return page ? page(request, requestId, builtIn) : builtIn();
  }

  async function answered(request: Request, requestId: string, notes: Notes): Promise<Response> {
    try {
      return await answer(request, locate(request.path), requestId, notes);
    } catch (error) {
      return failure(toApiError(error), requestId, 500);
    }
  }

  return {
    async handle(request) {
      const started = performance.now();
      const requestId = requestIdOf(request.headers);
      const notes: Notes = {
        endpoint: 'unknown',
        tenant: '',
        userId: '',
        roomId: '',
        budget: new RequestBudget(),
      };
      const response = await answered(request, requestId, notes);
      const { budget, endpoint, tenant, userId } = notes;
      const { error, status } = response;
      const cause = error?.cause;
      const statement = failedStatement(cause);
      if (error && cause !== undefined) {
        log('failed', { requestId, error: error.name, cause: traceOf(cause), code: codeOf(cause), statement });
      }
      const ms = performance.now() - started;
      const { queries, databaseMs } = budget;
      const errorCode = error?.code ?? 0;
      if (composition.ok) {
        composition.services.metrics.request({ endpoint, code: errorCode, ms, databaseMs, queries });
      }
      logRequest(write, {
        requestId,
        traceId: traceIdOf(request.headers),
        method: methodName(request.method),
        endpoint,
        tenant,
        userId,
        clientAddress: loggedAddress(composition, request),
        status,
        errorCode,
        reason: error?.text,
        ms,
        dbMs: databaseMs,
        queries,
        statement,
      });
      return response;
    },
  };
}

/** An event may name any method. */
function methodName(method: string): string {
  return /^[A-Z]{3,7}$/.test(method) ? method : 'other';
}

function loggedAddress(composition: Composition, request: Request): string | undefined {
  if (!composition.ok || !composition.services.config.logClientAddress) return undefined;
  return clientAddress(request, composition.services.config) ?? 'unknown';
}

/** The short code of a driver or a vendor, where an error has one. */
function codeOf(cause: unknown): string {
  const code =
    typeof cause === 'object' && cause !== null ? (Reflect.get(cause, 'driverCode') ?? Reflect.get(cause, 'code')) : '';
  return String(code ?? '').slice(0, 80);
}
