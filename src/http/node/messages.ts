/** node:http's messages and ours: a request of which everything has arrived, within bounds, and the answer to it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_BODY, MAX_CALLBACK_BODY, MAX_IMPORT_BODY } from '../../contract/limits';
import { decodePairs, PLATFORM_SECRETS, type Request, type Response } from '../messages';
import { type ByteBound, createByteBound, MAX_UNSENT } from './bounds';

/** This much of an oversized body is read and discarded, so that its sender reads the response. */
const MAX_DISCARD = 4 * MAX_CALLBACK_BODY;

interface Body {
  body: Buffer;
  tooLarge: boolean;
}

const NO_BODY: Body = { body: Buffer.alloc(0), tooLarge: false };

/** A request without these headers has no body (RFC 9112, 6.3). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Decided by the head; the handler of an import checks the key, which an operator may have chosen (ADMIN_KEY: 16 characters or more). */
function limitOf({ url = '', headers }: IncomingMessage): number {
  if (url.includes('callbacks/')) return MAX_CALLBACK_BODY;
  const isImport = url.includes('admin/import_users') && /^bearer \S{16}/i.test(headers.authorization ?? '');
  return isImport ? MAX_IMPORT_BODY : MAX_BODY;
}

async function readBody(message: IncomingMessage, arriving: ByteBound): Promise<Body> {
  if (!announcesBody(message)) return NO_BODY;
  const { socket } = message;
  const limit = limitOf(message);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let kept = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        kept += chunk.length;
        arriving.add(socket, chunk.length);
      } else {
        chunks.length = 0;
        arriving.release(socket, kept);
        kept = 0;
      }
      if (size > limit + MAX_DISCARD) {
        message.pause();
        resolve({ body: Buffer.alloc(0), tooLarge: true });
      }
    });
    message.on('end', () => {
      arriving.release(socket, kept);
      resolve({ body: Buffer.concat(chunks), tooLarge: size > limit });
    });
    message.on('error', reject);
  });
}

/** Node's own object, without the platform's secrets. */
function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  for (const name in headers) {
    if (typeof headers[name] !== 'string' || PLATFORM_SECRETS.test(name)) delete headers[name];
  }
  // Node makes a list of set-cookie only, which requests do not have; the others are texts.
  return headers as Record<string, string>;
}

/** Waits until all of the message has arrived. */
export async function toRequest(message: IncomingMessage, arriving: ByteBound): Promise<Request> {
  const { body, tooLarge } = await readBody(message, arriving);
  const { url: sent = '/' } = message;
  // A proxy may send the whole URL (RFC 9112, 3.2.2).
  const url = sent.startsWith('/') ? sent : sent.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
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

/** How long a client may continue to send after its response (ms). */
export const LINGER_MS = 1_000;

/** Ending the response would reset the connection of a client that still sends, before it reads the response. */
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

/** A file that is made while it is sent. If making it fails the connection breaks: a part must not look like the whole. */
async function sendChunks(reply: ServerResponse, response: Response, chunks: AsyncIterable<string>): Promise<void> {
  reply.writeHead(response.status, response.headers);
  await pipeline(Readable.from(chunks), reply);
}

/**
 * Answers of one turn of the event loop are written at its end, one right after the other: each write wakes the peer, and a
 * proxy with many connections is then woken once. Measured with 64 connections, a refused keepalive costs 85 µs of processor
 * that way and 120 µs with a write each.
 */
function createEndings(): (reply: ServerResponse, body: Response['body']) => void {
  let waiting: { reply: ServerResponse; body: Response['body'] }[] = [];
  const endAll = () => {
    const all = waiting;
    waiting = [];
    for (const { reply, body } of all) reply.end(body);
  };
  return (reply, body) => {
    if (waiting.push({ reply, body }) === 1) setImmediate(endAll);
  };
}

export type Send = (message: IncomingMessage, reply: ServerResponse, response: Response) => Promise<void>;

/** One per server. */
export function createSend(maxUnsent = MAX_UNSENT): Send {
  const atEndOfTurn = createEndings();
  const unsent = createByteBound(maxUnsent);
  return async (message, reply, response) => {
    const { headers, body, chunks } = response;
    const head = message.method === 'HEAD';
    if (chunks && !head) return sendChunks(reply, response, chunks);
    const bytes = Buffer.byteLength(body);
    headers['content-length'] = String(bytes);
    reply.writeHead(response.status, headers);
    if (!head) {
      const { socket } = message;
      unsent.add(socket, bytes);
      reply.once('close', () => unsent.release(socket, bytes));
    }
    if (message.complete) atEndOfTurn(reply, head ? '' : body);
    else sendWhileSending(message, reply, body);
  };
}
