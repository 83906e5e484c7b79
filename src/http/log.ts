/**
 * Logs: one JSON line per request and per event, on standard output, where SCF collects them. Values are numbers, codes and
 * ids that the service made itself, or has checked to be letters, digits, `_` and `-`; no text of a client is written.
 */
import { failedStatement } from '../base/errors';
import type { Log, Write } from '../base/log';
import type { Composition } from './app';
import { clientAddress, type Incoming, traceIdOf } from './incoming';
import type { Response } from './messages';

export function writeToStdout(line: string): void {
  process.stdout.write(line);
}

let stampedAt = 0;
let stamp = '';

/** The time of a line; many lines have the same millisecond. */
function timeText(): string {
  const now = Date.now();
  if (now !== stampedAt) {
    stampedAt = now;
    stamp = new Date(now).toISOString();
  }
  return stamp;
}

export function createLog(write: Write): Log {
  return (event, fields = {}) => write(`${JSON.stringify({ time: timeText(), event, ...fields })}\n`);
}

/** The stack of an unexpected error, without its message, which may contain anything. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  // The stack begins with the message, whose lines may look like frames.
  const stack = (error.stack ?? '').replace(error.message, '');
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 8).map((line) => line.trim())].join(' | ');
}

/** How long a line may wait for others (ms). */
const COLLECTED_MS = 10;

/**
 * Collects the lines of a moment into one write, since each write is a system call. For long-running
 * processes; a function that is frozen after its response must write immediately.
 */
export function bufferedWrite(write: Write): Write {
  let lines: string[] = [];
  const flush = () => {
    const text = lines.join('');
    lines = [];
    write(text);
  };
  process.on('exit', () => {
    if (lines.length > 0) flush();
  });
  return (line) => {
    if (lines.push(line) === 1) setTimeout(flush, COLLECTED_MS);
  };
}

export interface ReportParts {
  composition: Composition;
  write: Write;
  log: Log;
}

/** Reports a finished request: log line, cause of a failure, metrics. `ms`: how long it took. */
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

/**
 * The request's line, as text: it is written for every request. Only the error's text may have something in it that JSON
 * escapes; everything else is ours, or checked to be letters, digits and `/_-` only, as the method, which an event may name at will. `statement`: the one that failed;
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
  const { traceparent } = request.headers;
  const traceId = traceparent === undefined ? undefined : traceIdOf(traceparent);
  let line = `{"time":"${timeText()}","requestId":"${requestId}"`;
  if (traceId !== undefined) line += `,"traceId":"${traceId}"`;
  line += `,"method":"${/^[A-Z]{3,7}$/.test(request.method) ? request.method : 'other'}","endpoint":"${endpoint}","tenant":"${tenant}","userId":"${userId}"`;
  if (address !== undefined) line += `,"clientAddress":"${address}"`;
  line += `,"status":${status},"errorCode":${error?.code ?? 0}`;
  if (error) line += `,"reason":${JSON.stringify(error.text)}`;
  line += `,"queries":${budget.queries}`;
  if (statement !== undefined) line += `,"statement":"${statement}"`;
  return `${line},"ms":${Math.round(ms * 10) / 10},"dbMs":${Math.round(budget.databaseMs * 10) / 10}}\n`;
}

/** The short code of a driver or a vendor, if the error has one. */
function codeOf(cause: unknown): string {
  const code =
    typeof cause === 'object' && cause !== null ? (Reflect.get(cause, 'driverCode') ?? Reflect.get(cause, 'code')) : '';
  return String(code ?? '').slice(0, 80);
}
