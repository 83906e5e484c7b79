/**
 * A Function URL: an HTTP server that passes requests to the web server of a web function, or as events in the
 * documented shape (https://cloud.tencent.com/document/product/583/96099) to the handler of an event function.
 * Measured by others on real accounts (2026): a web function gets the keys of its role in the headers of each
 * request, the vendor's host turns HTML into a download, and a client's own x-scf-remote-addr arrives unchanged.
 */
import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { webPort } from './instance';
import type { FakeFunction, Runtime } from './scf-function';
import { roleKeys } from './scf-function';

export interface FunctionUrl {
  readonly url: string;
  stop(): Promise<void>;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const roleHeaders = {
  'x-scf-secret-id': roleKeys.secretId,
  'x-scf-secret-key': roleKeys.secretKey,
  'x-scf-session-token': roleKeys.token,
};

const clientAddress = '203.0.113.7';

/** The headers of a request after the gateway. */
function gatewayHeaders(incoming: IncomingMessage, host: string): OutgoingHttpHeaders {
  const before = incoming.headers['x-forwarded-for'];
  return {
    'x-scf-remote-addr': clientAddress,
    ...incoming.headers,
    'x-forwarded-for': before === undefined ? clientAddress : `${String(before)}, ${clientAddress}`,
    'x-real-ip': '10.0.0.1',
    'x-scf-request-id': randomUUID(),
    host,
  };
}

function downloaded(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const isPage = String(headers['content-type'] ?? '').startsWith('text/html');
  return isPage ? { ...headers, 'content-disposition': 'attachment' } : headers;
}

interface Passed {
  readonly body: Buffer;
  readonly headers: OutgoingHttpHeaders;
}

function passOn(incoming: IncomingMessage, { body, headers }: Passed, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port: webPort, method: incoming.method, path: incoming.url, headers };
    const passed = request(target, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, downloaded(answer.headers));
      answer.pipe(outgoing).once('finish', resolve).once('error', reject);
    });
    passed.once('error', reject).end(body);
  });
}

function eventOf(incoming: IncomingMessage, { body, headers: { host: _host, ...headers } }: Passed) {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    body: body.toString(),
    headers,
    httpMethod: incoming.method,
    path: decodeURIComponent(url.pathname),
    queryString: Object.fromEntries(url.searchParams),
  };
}

interface Integrated {
  readonly statusCode?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function answerWith(result: unknown, outgoing: ServerResponse): void {
  const { statusCode, headers = {}, body = '' } = (result ?? {}) as Integrated;
  if (typeof statusCode === 'number') outgoing.writeHead(statusCode, downloaded(headers)).end(body);
  else outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
}

export function openFunctionUrl(target: FakeFunction, qualifier: string, runtime: Runtime): Promise<FunctionUrl> {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // https://cloud.tencent.com/document/product/583/42611
    if (runtime.suspended) return void outgoing.writeHead(410).end('the account is in arrears');
    const request = { body: await readBody(incoming), headers: gatewayHeaders(incoming, runtime.hostOf(target.name)) };
    const revision = runtime.served(target, qualifier);
    if (revision.configuration.Type === 'HTTP') {
      await runtime.web(target.name, revision);
      const headers = { ...request.headers, ...(revision.configuration.Role ? roleHeaders : {}) };
      return passOn(incoming, { ...request, headers }, outgoing);
    }
    const { result, error } = await runtime.call(target.name, revision, eventOf(incoming, request));
    if (error === '') answerWith(result, outgoing);
    else outgoing.writeHead(430, { 'content-type': 'application/json' }).end(JSON.stringify({ errorMessage: error }));
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ errorCode: -1, errorMessage: String(error) }));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const stop = () =>
        new Promise<void>((stopped) => {
          server.close(() => stopped());
          server.closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${port}`, stop });
    });
  });
}
