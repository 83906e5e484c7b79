/** A message of node:http as a Request: everything of it has arrived, within bounds. */
import type { IncomingMessage } from 'node:http';
import { MAX_BODY, MAX_CALLBACK_BODY, MAX_IMPORT_BODY } from '../../contract/limits';
import { decodePairs, PLATFORM_SECRETS, type Request } from '../messages';
import type { ByteBound } from './byte-bound';

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
    const release = () => {
      arriving.release(socket, kept);
      kept = 0;
    };
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        kept += chunk.length;
        arriving.add(socket, chunk.length);
      } else {
        chunks.length = 0;
        release();
      }
      if (size > limit + MAX_DISCARD) {
        message.pause();
        resolve({ body: Buffer.alloc(0), tooLarge: true });
      }
    });
    message.on('end', () => {
      release();
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

/** A proxy may send the whole URL (RFC 9112, 3.2.2). */
function withoutHost(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
}

/** Waits until all of the message has arrived. */
export async function toRequest(message: IncomingMessage, arriving: ByteBound): Promise<Request> {
  const { body, tooLarge } = await readBody(message, arriving);
  const url = withoutHost(message.url ?? '/');
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
