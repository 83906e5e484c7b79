/**
 * A small HTTP client for black-box tests. Sends exactly what it is told: a body on GET, a path that is not escaped,
 * broken UTF-8, slow and chunked bodies. Follows no redirects, checks nothing, opens a connection per request.
 */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

type Value = string | number | boolean;

/** Fields of a query or form; a list repeats the key, undefined leaves it out. */
export type Fields = Readonly<Record<string, Value | readonly Value[] | undefined>>;

export interface RequestOptions {
  /** Default: POST with a body, GET without. */
  readonly method?: string;
  readonly query?: Fields;
  /** Body as application/x-www-form-urlencoded. */
  readonly form?: Fields;
  /** Body as application/json. */
  readonly json?: unknown;
  /** Body as it is, without a Content-Type of its own. */
  readonly rawBody?: string | Buffer;
  /** Body in pieces, chunked unless a Content-Length header is given. */
  readonly chunks?: readonly (string | Buffer)[];
  /** The wait before each piece of `chunks`, in milliseconds. */
  readonly chunkDelayMs?: number;
  /** Win over the headers that the body brings. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** From the start to the last byte of the answer. Default 15,000. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body as JSON, in the shape the caller expects of it; throws with the text where it is none. */
  json<T = Record<string, unknown>>(): T;
}

function encode(fields: Fields): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  return params.toString();
}

interface Payload {
  readonly pieces: readonly (string | Buffer)[];
  readonly headers: Readonly<Record<string, string>>;
}

function payloadOf({ form, json, rawBody, chunks }: RequestOptions): Payload | undefined {
  if (chunks !== undefined) return { pieces: chunks, headers: { 'transfer-encoding': 'chunked' } };
  const whole = (body: string | Buffer, type?: string): Payload => ({
    pieces: [body],
    headers: { 'content-length': String(Buffer.byteLength(body)), ...(type !== undefined && { 'content-type': type }) },
  });
  if (rawBody !== undefined) return whole(rawBody);
  if (form !== undefined) return whole(encode(form), 'application/x-www-form-urlencoded');
  return json === undefined ? undefined : whole(JSON.stringify(json), 'application/json');
}

function headersOf(options: RequestOptions, payload: Payload | undefined): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { ...payload?.headers };
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    headers[name.toLowerCase()] = typeof value === 'string' ? value : [...value];
  }
  // A length of the caller's own replaces chunking.
  if ('content-length' in headers) delete headers['transfer-encoding'];
  return headers;
}

function toResponse(status: number, headers: IncomingHttpHeaders, body: Buffer): HttpResponse {
  const text = body.toString('utf8');
  const json = <T>(): T => {
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new Error(`HTTP ${status}, not JSON: ${text.slice(0, 500)}`, { cause });
    }
  };
  return { status, headers, body, text, json };
}

/** Sends one request. Rejects on a time-out, and where the connection breaks before the whole answer is there. */
export function request(baseUrl: string, path: string, options: RequestOptions = {}): Promise<HttpResponse> {
  const { hostname, port } = new URL(baseUrl);
  const payload = payloadOf(options);
  const method = options.method ?? (payload === undefined ? 'GET' : 'POST');
  const query = options.query === undefined ? '' : `${path.includes('?') ? '&' : '?'}${encode(options.query)}`;
  const timeoutMs = options.timeoutMs ?? 15_000;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, agent: false, headers: headersOf(options, payload) });
    // Set afterwards, because the constructor refuses what a test may want to send; latin1 keeps the UTF-8 bytes.
    outgoing.path = Buffer.from(path + query, 'utf8').toString('latin1');
    const timer = setTimeout(() => {
      reject(new Error(`no complete answer to ${method} ${path} within ${timeoutMs} ms`));
      outgoing.destroy();
    }, timeoutMs);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    };
    let answering = false;
    outgoing.on('response', (incoming) => {
      answering = true;
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', fail);
      incoming.on('end', () => {
        clearTimeout(timer);
        resolve(toResponse(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(parts)));
        // The server may answer before the body is complete; nobody needs the rest of it.
        outgoing.destroy();
      });
    });
    // A server that refuses a large body may close while it is being sent; its answer counts.
    outgoing.on('error', (error) => {
      if (!answering) fail(error);
    });
    sendBody(outgoing, payload?.pieces ?? [], options.chunkDelayMs).catch(fail);
  });
}

async function sendBody(
  outgoing: ReturnType<typeof httpRequest>,
  pieces: readonly (string | Buffer)[],
  delayMs: number | undefined,
): Promise<void> {
  for (const piece of pieces) {
    if (delayMs !== undefined) await sleep(delayMs);
    if (outgoing.destroyed) return;
    outgoing.write(piece);
  }
  outgoing.end();
}
