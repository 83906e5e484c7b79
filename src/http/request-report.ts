/** Reports a finished request: log line, cause of a failure, metrics. */
import { failedStatement } from '../base/errors';
import type { Log, Write } from '../base/log';
import type { Composition } from './app';
import { clientAddress } from './client-address';
import type { Incoming } from './incoming';
import { timeText, traceOf } from './log';
import type { Response } from './messages';
import { traceIdOf } from './request-id';

export interface ReportParts {
  composition: Composition;
  write: Write;
  log: Log;
}

/** `ms`: how long it took. */
export function reportRequest(
  { composition, write, log }: ReportParts,
  incoming: Incoming,
  { response, ms }: { response: Response; ms: number },
): void {
  const { requestId, endpoint, budget } = incoming;
  const { queries, databaseMs } = budget;
  const { error } = response;
  let statement: string | undefined;
  if (error?.cause !== undefined) {
    const { name, cause } = error;
    statement = failedStatement(cause);
    log('failed', { requestId, error: name, cause: traceOf(cause), code: codeOf(cause), statement });
  }
  let address: string | undefined;
  if (composition.ok) {
    const { metrics, config } = composition.services;
    metrics.request({ endpoint, code: error?.code ?? 0, ms, databaseMs, queries });
    if (config.logClientAddress) address = clientAddress(incoming.request, config) ?? 'unknown';
  }
  write(lineOf(incoming, { response, ms, statement, address }));
}

const tenths = (ms: number) => Math.round(ms * 10) / 10;

/**
 * The request's line, as text: it is written for every request. Only the error's text may have something in it that JSON
 * escapes; everything else is ours, or checked to be letters, digits and `/_-` only. `statement`: the one that failed;
 * `address`: with LOG_CLIENT_ADDRESS only. `status` is 200 for most errors.
 */
function lineOf(
  { request, requestId, endpoint, tenant, userId, budget }: Incoming,
  {
    response: { status, error },
    ms,
    statement,
    address,
  }: { response: Response; ms: number; statement: string | undefined; address: string | undefined },
): string {
  const traceId = traceIdOf(request.headers);
  let line = `{"time":"${timeText()}","requestId":"${requestId}"`;
  if (traceId !== undefined) line += `,"traceId":"${traceId}"`;
  line += `,"method":"${methodName(request.method)}","endpoint":"${endpoint}","tenant":"${tenant}","userId":"${userId}"`;
  if (address !== undefined) line += `,"clientAddress":"${address}"`;
  line += `,"status":${status},"errorCode":${error?.code ?? 0}`;
  if (error) line += `,"reason":${JSON.stringify(error.text)}`;
  line += `,"queries":${budget.queries}`;
  if (statement !== undefined) line += `,"statement":"${statement}"`;
  return `${line},"ms":${tenths(ms)},"dbMs":${tenths(budget.databaseMs)}}\n`;
}

/** An event may name any method. */
function methodName(method: string): string {
  return /^[A-Z]{3,7}$/.test(method) ? method : 'other';
}

/** The short code of a driver or a vendor, if the error has one. */
function codeOf(cause: unknown): string {
  const code =
    typeof cause === 'object' && cause !== null ? (Reflect.get(cause, 'driverCode') ?? Reflect.get(cause, 'code')) : '';
  return String(code ?? '').slice(0, 80);
}
