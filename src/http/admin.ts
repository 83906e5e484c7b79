/**
 * The way in for operators, /base/v1/admin/*: JSON, a key as `Authorization: Bearer …`, and HTTP statuses that mean what
 * they say, in the envelope of all other answers. The order of checks: is the API there → key → scope → parameters → rule.
 */
import { ApiError, DatabaseError } from '../base/errors';
import { keysOf } from '../base/fields';
import { type AdminCall, adminContract } from '../contract/admin';
import { ALL_TENANTS } from '../contract/admin/operators';
import type { Services } from '../rules/context';
import { AdminExport } from '../rules/operators/change-context';
import { limitCalls } from '../rules/operators/limit-calls';
import { Refusal, type RefusalKind } from '../rules/operators/refusal';
import { type Asking, change, checkScope, isChanging, isStepped, read, step } from '../rules/operators/run';
import { readAdminParameters } from './admin-parameters';
import type { Composition } from './app';
import { adminFailure, success, toApiError } from './envelope';
import { clientAddress, type Incoming } from './incoming';
import type { Request, Response } from './messages';

const STATUS: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  unknown: 401,
  forbidden: 403,
  absent: 404,
  hidden: 404,
  conflict: 409,
  throttled: 429,
};

const calls = new Map<string, AdminCall>();
for (const call of keysOf(adminContract)) calls.set(adminContract[call].path, call);

export const ADMIN_PATHS: ReadonlySet<string> = new Set(calls.keys());

/** The path for the log line: a path that is no call was written by a client. */
export function adminEndpoint(path: string): string {
  return calls.has(path) ? path : 'admin';
}

function keyOf({ headers }: Request): string {
  const [, key = ''] = /^bearer +([\x21-\x7e]{1,256})$/i.exec(headers['authorization'] ?? '') ?? [];
  if (key === '') throw new Refusal('unknown', 'send the key as Authorization: Bearer lrk_…');
  return key;
}

function exported({ format, name, chunks }: AdminExport, requestId: string): Response {
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
  const extension = format === 'csv' ? 'csv' : 'jsonl';
  const headers = {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}.${extension}"`,
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  };
  return { status: 200, headers, body: '', chunks };
}

async function callRule(incoming: Incoming, services: Services, path: string) {
  const { request, requestId, budget } = incoming;
  const { operatorAccess } = services;
  const db = services.database.forRequest(budget);
  const address = clientAddress(request, services.config) ?? '';
  if (!(await operatorAccess.isOpen(db))) throw new Refusal('hidden', 'there is no such endpoint');
  const operator = await operatorAccess.identify(db, keyOf(request), address);
  limitCalls(services, operator);
  const call = calls.get(path);
  if (!call) throw new Refusal('absent', 'there is no such call');
  checkScope(operator, call);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const { changes } = adminContract[call];
  if (request.method !== 'POST' && !(reads && !changes)) throw new Refusal('malformed', 'use POST');
  const { input, tenant } = readAdminParameters(request, adminContract[call]);
  incoming.tenant = tenant ?? '';
  const asking: Asking = {
    services,
    budget,
    db,
    operator,
    requestId,
    address,
    tenant: tenant === ALL_TENANTS ? undefined : tenant,
  };
  // The parameters were checked against this call's own fields; here they are only passed on.
  if (isStepped(call)) return step(asking, call, input as never);
  return isChanging(call) ? change(asking, call, input as never) : read(asking, call, input as never);
}

function statusOf(error: ApiError): number {
  if (error instanceof Refusal) return STATUS[error.kind];
  // What rules of the apps' API refuse on the way.
  if (error.cause instanceof DatabaseError || error.name === 'SystemError' || error.name === 'ServiceDBFailed')
    return 503;
  return 400;
}

export async function answerAdmin(composition: Composition, incoming: Incoming, path: string): Promise<Response> {
  const { requestId } = incoming;
  try {
    if (!composition.ok) throw new ApiError('SystemError', composition.message);
    const data = await callRule(incoming, composition.services, path);
    return data instanceof AdminExport ? exported(data, requestId) : success('', data, requestId);
  } catch (error) {
    const problem = toApiError(error);
    const response = adminFailure(problem, requestId, statusOf(problem));
    if (response.status === 401) response.headers['www-authenticate'] = 'Bearer';
    if (response.status === 429) response.headers['retry-after'] = '60';
    return response;
  }
}
