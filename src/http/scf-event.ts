/**
 * SCF events in front of handle(): API Gateway and both known shapes of Function URL. Field by field and forgiving, since
 * the shapes are partly undocumented (https://cloud.tencent.com/document/product/583/96099 and 583/31927).
 */

import { ApiError } from '../base/errors';
import { type Fields, fieldsOf } from '../base/fields';
import type { App } from './app';
import { failure } from './envelope';
import { decodePairs, MAX_PAIRS, PLATFORM_SECRETS, type Request, type Response } from './messages';

export interface EventResponse {
  isBase64Encoded: boolean;
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** A query as an object (values texts or lists) or as text. */
function pairsOf(query: unknown): [string, string][] {
  if (typeof query === 'string') return decodePairs(query);
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(fieldsOf(query))) {
    for (const one of Array.isArray(value) ? value : [value]) {
      pairs.push([name, String(one ?? '')]);
      if (pairs.length > MAX_PAIRS) return pairs;
    }
  }
  return pairs;
}

function bodyOf(event: Fields): Buffer {
  const { body, isBase64Encoded } = event;
  if (typeof body === 'string') {
    const base64 = isBase64Encoded === true || isBase64Encoded === 'true';
    return Buffer.from(body, base64 ? 'base64' : 'utf8');
  }
  return body === undefined || body === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
}

function toRequest(event: Fields): Request {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(fieldsOf(event['headers']))) {
    const key = name.toLowerCase();
    if (!PLATFORM_SECRETS.test(key)) headers[key] = String(value);
  }
  // Base64 bodies are not documented for all gateways; texts work everywhere.
  delete headers['accept-encoding'];
  const context = fieldsOf(event['requestContext']);
  const method = event['httpMethod'] ?? context['httpMethod'] ?? 'GET';
  const path = String(event['path'] ?? '/');
  const mark = path.indexOf('?');
  const { sourceIp } = context;
  return {
    origin: { kind: 'event', address: typeof sourceIp === 'string' ? sourceIp : undefined },
    method: String(method).toUpperCase(),
    path: mark < 0 ? path : path.slice(0, mark),
    query: [
      ...pairsOf(event['queryStringParameters']),
      ...(mark < 0 ? [] : decodePairs(path.slice(mark + 1))),
      ...pairsOf(event['queryString']),
    ],
    headers,
    body: bodyOf(event),
  };
}

/** A compressed body is no text, and neither is one whose type names no charset. */
function isText({ headers }: Response): boolean {
  return headers['content-encoding'] === undefined && (headers['content-type'] ?? '').includes('charset=utf-8');
}

function toEventResponse(response: Response): EventResponse {
  const { status: statusCode, headers, body } = response;
  if (typeof body === 'string') return { isBase64Encoded: false, statusCode, headers, body };
  const isBase64Encoded = !isText(response);
  return { isBase64Encoded, statusCode, headers, body: body.toString(isBase64Encoded ? 'base64' : 'utf8') };
}

export function isTimerEvent(event: unknown): boolean {
  return fieldsOf(event)['Type'] === 'Timer';
}

/** The platform takes an answer of 6 MB; some of it is the event around the body (bytes). */
const MAX_ANSWER = 5_000_000;

/** A function answers in one piece. */
async function collected(response: Response): Promise<Response> {
  const { chunks, ...rest } = response;
  if (!chunks) return response;
  let body = '';
  for await (const chunk of chunks) {
    body += chunk;
    if (Buffer.byteLength(body) <= MAX_ANSWER) continue;
    const text = 'the file is larger than a function can answer; ask for less with fromUtc and toUtc';
    return failure(new ApiError('SystemVerifyError', text), rest.headers['x-request-id'] ?? '', 400);
  }
  return { ...rest, body };
}

export async function handleEvent(app: App, event: unknown): Promise<EventResponse> {
  return toEventResponse(await collected(await app.handle(toRequest(fieldsOf(event)))));
}
