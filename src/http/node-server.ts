/** node:http in front of handle(): the web function's and the laptop's way in. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../base/errors';
import { BASE_PATH } from '../contract';
import { MAX_BODY, MAX_CALLBACK_BODY } from '../contract/limits';
import { failure } from './envelope';
import { decodePairs, isPlatformSecret, type Request, type Response } from './messages';
import type { App } from './pipeline';
import { createRescue } from './raw-urls';

/** What is read and thrown away of a body that is too large, so that its sender gets to read the answer. */
const MAX_DISCARD = 4 * MAX_CALLBACK_BODY;
/** How long a sender that does not stop may go on after its answer. */
const LINGER_MS = 1_000;

interface Body {
  body: Buffer;
  tooLarge: boolean;
}

const NO_BODY: Body = { body: Buffer.alloc(0), tooLarge: false };

/** Without these headers a request has no body (RFC 9112, 6.3), and waiting for its end would be for nothing. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function readBody(message: IncomingMessage): Promise<Body> | Body {
  if (!announcesBody(message)) return NO_BODY;
  // What really is a callback, and how large it may be, is checked again where it is handled.
  const limit = message.url?.includes('callbacks/') ? MAX_CALLBACK_BODY : MAX_BODY;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > MAX_DISCARD) {
        message.pause();
        resolve({ body: Buffer.alloc(0), tooLarge: true });
      }
    });
    message.on('end', () => resolve({ body: Buffer.concat(chunks), tooLarge: size > limit }));
    message.on('error', reject);
  });
}

function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || isPlatformSecret(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

async function toRequest(message: IncomingMessage): Promise<Request> {
  // A proxy may send the whole URL (RFC 9112, 3.2.2).
  const url = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  const { body, tooLarge } = await readBody(message);
  return {
    origin: { kind: 'socket', address: message.socket.remoteAddress },
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? [] : decodePairs(url.slice(mark + 1)),
    headers: headersOf(message),
    body,
    bodyTooLarge: tooLarge,
  };
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

async function send(message: IncomingMessage, reply: ServerResponse, response: Response): Promise<void> {
  if (response.chunks && message.method !== 'HEAD') return sendChunks(reply, response, response.chunks);
  reply.writeHead(response.status, { ...response.headers, 'content-length': Buffer.byteLength(response.body) });
  if (!message.complete) sendWhileSending(message, reply, response.body);
  else reply.end(message.method === 'HEAD' ? undefined : response.body);
}

/** What node itself cannot read as HTTP still gets an answer that an app can read. */
function answerMalformed(error: Error & { rawPacket?: Buffer }, socket: Duplex): void {
  if (!socket.writable) return;
  const underBase = error.rawPacket?.toString('latin1').includes(BASE_PATH) ?? false;
  const response = failure(new ApiError('SystemVerifyError', 'the request is not valid HTTP'), 'malformed');
  const status = underBase ? '200 OK' : '400 Bad Request';
  const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(response.body);
  socket.end(
    `HTTP/1.1 ${status}\r\n${lines.join('')}content-length: ${length}\r\nconnection: close\r\n\r\n${response.body}`,
  );
}

/** Not listening yet. */
export function createHttpServer(app: App): Server {
  const server = createServer((message, reply) => {
    toRequest(message)
      .then((request) => app.handle(request))
      .then((response) => send(message, reply, response))
      // The client went away in the middle; there is nobody to answer.
      .catch(() => reply.destroy());
  });
  const rescue = createRescue(server);
  server.on('clientError', (error: Error & { rawPacket?: Buffer; code?: string }, socket) => {
    // Bytes behind the last request of a connection: its answer may still be on the way.
    if (error.code === 'HPE_CLOSED_CONNECTION') return;
    if (!rescue(error.rawPacket, socket)) answerMalformed(error, socket);
  });
  // Longer than the proxies in front keep a connection, so that they never write into one being closed.
  server.keepAliveTimeout = 65_000;
  return server;
}
