/** node:http in front of handle(): the web function's and the laptop's way in. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '../../base/errors';
import { BASE_PATH } from '../../contract';
import type { App } from '../app';
import { failure } from '../envelope';
import { requestIdOf } from '../incoming';
import { createByteBound, inTurns, MAX_ARRIVING } from './bounds';
import { createConnections, type ParserError } from './connections';
import { createSend, LINGER_MS, toRequest } from './messages';

/** Refused before the endpoint is known: node.js reads at most 16 KiB of URL and headers. */
export const TOO_LONG = 'the URL and the headers are longer than 16 KiB; send parameters in the body';

export interface ServerLimits {
  /** A request must have arrived by then (ms). Default 15,000. */
  arrivalMs?: number;
  /**
   * A connection ends if its client reads nothing of an answer for this long (ms), at the latest after twice the time: node
   * checks for progress when the time is up. Default 15,000.
   */
  unreadMs?: number;
  /** Maximum of open connections. Default 8,000. */
  maxConnections?: number;
  /** Bytes of incomplete requests over all connections. Default 64 MiB. */
  maxArriving?: number;
  /** Bytes of unread responses over all connections. Default 64 MiB. */
  maxUnsent?: number;
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
  // A client that does not read keeps the connection no longer than this.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Texts by the code of node's error. */
const MALFORMED: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'the request did not arrive in time',
  HPE_HEADER_OVERFLOW: TOO_LONG,
};

/** Responds to malformed or late requests with an envelope that apps can read. */
function answerMalformed(error: ParserError, socket: Duplex): void {
  const underBase = error.rawPacket?.toString('latin1').includes(BASE_PATH) ?? false;
  const text = MALFORMED[error.code ?? ''] ?? 'the request is not valid HTTP';
  sendRaw(socket, underBase, new ApiError('SystemVerifyError', text));
}

/** The server does not listen yet. */
export function createHttpServer(app: App, limits: ServerLimits = {}): Server {
  const { arrivalMs = 15_000, unreadMs = 15_000, maxConnections = 8_000 } = limits;
  const send = createSend(limits.maxUnsent);
  const arriving = createByteBound(limits.maxArriving ?? MAX_ARRIVING);
  const handle = async (message: IncomingMessage, reply: ServerResponse): Promise<void> => {
    try {
      await send(message, reply, await app.handle(await toRequest(message, arriving)));
    } catch {
      // The client closed the connection before its answer.
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
    inTurns(handle),
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
  server.timeout = unreadMs;
  server.maxConnections = maxConnections;
  // Idle connections make room; an app opens another one for its next request.
  server.on('drop', () => server.closeIdleConnections());
  return server;
}
