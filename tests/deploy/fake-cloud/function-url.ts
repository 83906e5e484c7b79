/**
 * A Function URL: an HTTP server that passes requests to the web server of a web function, or as events in the
 * documented shape (https://cloud.tencent.com/document/product/583/96099) to the handler of an event function.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webPort } from './instance';
import type { FakeFunction, Runtime } from './scf-function';
import { revisionOf } from './scf-function';

export interface FunctionUrl {
  readonly url: string;
  stop(): Promise<void>;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function passOn(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...incoming.headers, 'x-scf-request-id': randomUUID(), 'x-scf-remote-addr': '203.0.113.7' };
    const target = { host: '127.0.0.1', port: webPort, method: incoming.method, path: incoming.url, headers };
    const passed = request(target, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing).once('finish', resolve).once('error', reject);
    });
    passed.once('error', reject).end(body);
  });
}

function eventOf(incoming: IncomingMessage, body: Buffer) {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    body: body.toString(),
    headers: { ...incoming.headers, 'x-scf-request-id': randomUUID(), 'x-scf-remote-addr': '203.0.113.7' },
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
  if (typeof statusCode === 'number') outgoing.writeHead(statusCode, headers).end(body);
  else outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
}

export function openFunctionUrl(target: FakeFunction, qualifier: string, runtime: Runtime): Promise<FunctionUrl> {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readBody(incoming);
    const revision = revisionOf(target, qualifier);
    if (revision.configuration.Type === 'HTTP') {
      await runtime.web(target.name, revision);
      return passOn(incoming, body, outgoing);
    }
    const { result, error } = await runtime.call(target.name, revision, eventOf(incoming, body));
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
