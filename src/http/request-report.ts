/** Reports a finished request: log line, cause of a failure, metrics. */
import { failedStatement } from '../base/errors';
import type { Log, Write } from '../base/log';
import type { Composition } from './app';
import { clientAddress } from './client-address';
import type { Incoming } from './incoming';
import { logRequest, traceOf } from './log';
import type { Request, Response } from './messages';
import { traceIdOf } from './request-id';

export interface ReportParts {
  composition: Composition;
  write: Write;
  log: Log;
}

/** `ms`: how long it took. */
export function reportRequest(
  { composition, write, log }: ReportParts,
  { request, requestId, endpoint, tenant, userId, budget }: Incoming,
  { response, ms }: { response: Response; ms: number },
): void {
  const { queries, databaseMs } = budget;
  const { error, status } = response;
  const cause = error?.cause;
  const statement = failedStatement(cause);
  if (error && cause !== undefined) {
    log('failed', { requestId, error: error.name, cause: traceOf(cause), code: codeOf(cause), statement });
  }
  const errorCode = error?.code ?? 0;
  if (composition.ok) composition.services.metrics.request({ endpoint, code: errorCode, ms, databaseMs, queries });
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
}

/** An event may name any method. */
function methodName(method: string): string {
  return /^[A-Z]{3,7}$/.test(method) ? method : 'other';
}

function loggedAddress(composition: Composition, request: Request): string | undefined {
  if (!composition.ok || !composition.services.config.logClientAddress) return undefined;
  return clientAddress(request, composition.services.config) ?? 'unknown';
}

/** The short code of a driver or a vendor, if the error has one. */
function codeOf(cause: unknown): string {
  const code =
    typeof cause === 'object' && cause !== null ? (Reflect.get(cause, 'driverCode') ?? Reflect.get(cause, 'code')) : '';
  return String(code ?? '').slice(0, 80);
}
