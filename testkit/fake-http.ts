/**
 * What the fakes of Tencent's APIs share: a loopback HTTP server and the switches that make it fail. Knows neither IM nor
 * TRTC. Everything goes over real sockets, so time-outs, resets and keep-alive are the real ones.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One way to fail; exactly one of errorCode, httpStatus, garbage, hang and reset, or delayMs or until alone (slow but right). */
export interface Failure<Code> {
  /** The call that fails. Default: every call. */
  readonly command?: string;
  /** Answer in the API's own form, with this code. */
  readonly errorCode?: Code;
  /** Answer this HTTP status and an HTML page, as a gateway in front would. */
  readonly httpStatus?: number;
  /** Answer HTTP 200 with something that is not JSON. */
  readonly garbage?: true;
  /** Take the request and never answer. */
  readonly hang?: true;
  /** Cut the connection instead of an answer. */
  readonly reset?: true;
  /** Wait this long before the answer or the failure. */
  readonly delayMs?: number;
  /** Wait for this before the answer or the failure: the test says when. */
  readonly until?: Promise<unknown>;
  /** True: the call does its work and only its answer is lost. Default false: the failure comes instead of the work. */
  readonly applied?: boolean;
  /** How many calls fail. Default: all until clear(). */
  readonly times?: number;
}

/** The failures switched on, oldest first. */
export class FailureSwitches<Code> {
  #failures: { readonly failure: Failure<Code>; left: number }[] = [];

  add(failure: Failure<Code>): void {
    this.#failures.push({ failure, left: failure.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#failures = [];
  }

  /** The failure of this call, if any; counts it. */
  take(command: string): Failure<Code> | undefined {
    const found = this.#failures.find(({ failure }) => failure.command === undefined || failure.command === command);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#failures = this.#failures.filter((entry) => entry !== found);
    return found.failure;
  }
}

/** How one request is answered: the JSON document, or a failure of the transport. */
export interface FakeReply<Code> {
  readonly json: unknown;
  readonly failure: Failure<Code> | undefined;
}

export interface FakeServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** How many TCP connections were accepted so far: shows whether a client keeps them alive. */
  connections(): number;
  stop(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function send<Code>(response: ServerResponse, { json, failure }: FakeReply<Code>): Promise<void> {
  await failure?.until;
  if (failure?.delayMs !== undefined) await sleep(failure.delayMs, undefined, { ref: false });
  if (failure?.hang) return;
  if (failure?.reset) {
    response.socket?.resetAndDestroy();
  } else if (failure?.httpStatus !== undefined) {
    response.writeHead(failure.httpStatus, { 'Content-Type': 'text/html' }).end('<html><h1>Bad Gateway</h1></html>');
  } else if (failure?.garbage) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"ActionStatus": "OK", "Resp');
  } else {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
  }
}

/** Starts a server on a free loopback port that answers by `respond`. An exception in it becomes HTTP 500. */
export async function startFakeServer<Code>(respond: (request: FakeRequest) => FakeReply<Code>): Promise<FakeServer> {
  let connections = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const { method = '', headers } = request;
    await send(response, respond({ method, path: pathname, query: searchParams, headers, body }));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // The client may be gone already; then there is nobody to tell.
      if (!response.headersSent) response.writeHead(500).end(String(error));
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the fake has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
