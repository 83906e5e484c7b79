/** node:http in front of handle(): the web function's and the laptop's way in. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../base/errors';
import { BASE_PATH } from '../../contract';
import type { App } from '../app';
import { failure } from '../envelope';
import type { Response } from '../messages';
import { requestIdOf } from '../request-id';
import { createConnections, type ParserError } from './connections';
import { toRequest } from './request';

/** What is refused before its endpoint is known: node.js reads 16 KiB of URL and headers together. */
export const TOO_LONG = 'the URL and the headers are longer than 16 KiB; send parameters in the body';

/** How long a sender that does not stop may go on after its answer. */
const LINGER_MS = 1_000;

export interface ServerLimits {
  /** A request that has not arrived after so long is over. */
  arrivalMs?: number;
  /** Open connections; each costs some memory whatever it does. */
  maxConnections?: number;
}

/** Ending the answer would reset the connection of a sender who goes on, before it has read a word. */
function sendWhileSending(message: IncomingMessage, reply: ServerResponse, body: Response['body']): void {
  reply.write(body);
  const finish = () => {
    reply.end();
    message.destroy();
  };
  const timer = setTimeout(finish, LINGER_MS);
  message.once('close', () => clearTimeout(timer));
  message.once('end', finish);
  message.removeAllListeners('data').resume();
}

/** A file that is made while it is sent. Where making it fails, the connection breaks: a part must not look like all of it. */
async function sendChunks(reply: ServerResponse, response: Response, chunks: AsyncIterable<string>): Promise<void> {
  reply.writeHead(response.status, response.headers);
  await pipeline(Readable.from(chunks), reply);
}

function sendWhole(message: IncomingMessage, reply: ServerResponse, response: Response): void {
  const { headers } = response;
  headers['content-length'] = String(Buffer.byteLength(response.body));
  reply.writeHead(response.status, headers);
  if (!message.complete) sendWhileSending(message, reply, response.body);
  else endTogether(reply, message.method === 'HEAD' ? '' : response.body);
}

let ended: { reply: ServerResponse; body: Response['body'] }[] = [];

function endAll(): void {
  const all = ended;
  ended = [];
  for (const { reply, body } of all) reply.end(body);
}

/**
 * The answers of one turn of the event loop are written at its end, one right after the other: each write wakes whoever
 * waits at the other end, and a proxy or a load balancer that has many connections is then woken once and finds them all.
 */
function endTogether(reply: ServerResponse, body: Response['body']): void {
  if (ended.push({ reply, body }) === 1) setImmediate(endAll);
}

/** Writes an answer without node's help, and ends the connection. */
function sendRaw(socket: Duplex, underBase: boolean, error: ApiError): void {
  if (!socket.writable) return;
  const response = failure(error, requestIdOf({}));
  const status = underBase ? '200 OK' : '400 Bad Request';
  const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(response.body);
  socket.end(
    `HTTP/1.1 ${status}\r\n${lines.join('')}content-length: ${length}\r\nconnection: close\r\n\r\n${response.body}`,
  );
  // Whoever does not read does not keep the connection by that.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** By the code of node's error; others are not told apart. */
const MALFORMED: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'the request did not arrive in time',
  HPE_HEADER_OVERFLOW: TOO_LONG,
};

/** What node itself cannot read as HTTP, or has waited for in vain, still gets an answer that an app can read. */
function answerMalformed(error: ParserError, socket: Duplex): void {
  const underBase = error.rawPacket?.toString('latin1').includes(BASE_PATH) ?? false;
  const text = MALFORMED[error.code ?? ''] ?? 'the request is not valid HTTP';
  sendRaw(socket, underBase, new ApiError('SystemVerifyError', text));
}

/** Not listening yet. */
export function createHttpServer(app: App, limits: ServerLimits = {}): Server {
  const { arrivalMs = 15_000, maxConnections = 8_000 } = limits;
  const handle = async (message: IncomingMessage, reply: ServerResponse): Promise<void> => {
    try {
      const request = toRequest(message);
      const response = await app.handle(request instanceof Promise ? await request : request);
      if (response.chunks && message.method !== 'HEAD') await sendChunks(reply, response, response.chunks);
      else sendWhole(message, reply, response);
    } catch {
      // The client went away in the middle; there is nobody to answer.
      reply.destroy();
    }
  };
  const server = createServer(
    {
      headersTimeout: arrivalMs,
      requestTimeout: arrivalMs,
      connectionsCheckingInterval: Math.min(1_000, arrivalMs),
      // Their answer says all there is to say.
      requireHostHeader: false,
      noDelay: true,
    },
    handle,
  );
  const connections = createConnections(server);
  server.on('checkExpectation', (message, reply) => server.emit('request', message, reply));
  server.on('connect', ({ url }: IncomingMessage, socket: Duplex) => {
    const underBase = `${url ?? ''}/`.includes(BASE_PATH);
    sendRaw(socket, underBase, new ApiError('SystemVerifyError', 'use GET or POST'));
  });
  server.on('clientError', (error: ParserError, socket) => {
    // Bytes behind the last request of a connection: its answer may still be on the way.
    if (error.code === 'HPE_CLOSED_CONNECTION') return;
    connections.failed(error, socket, () => answerMalformed(error, socket));
  });
  // Longer than the proxies in front keep a connection, so that they never write into one being closed.
  server.keepAliveTimeout = 65_000;
  server.maxRequestsPerSocket = 10_000;
  server.maxConnections = maxConnections;
  // Whoever only sits there makes room; an app opens another connection when it has something to say.
  server.on('drop', () => server.closeIdleConnections());
  return server;
}
