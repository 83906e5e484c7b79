/**
 * The pages of a service that runs elsewhere, on this machine: a Function URL on its default address would send them as
 * downloads. The pages come from this package; everything else is passed through to the service.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Request, Response } from '../src/http/messages';
import { createAssets, pageHeaders } from '../src/http/pages/assets';
import { createFirstPage, SCRIPTS, type ShownState } from '../src/http/pages/pages';

interface ConsoleOptions {
  /** Address of the service, with its final slash. */
  service: string;
  /** Where the build put the files of the pages. */
  directory: string;
}

/** Longer than any call of the API takes. */
const PATIENCE_MS = 65_000;
const PAGES: Readonly<Record<string, string>> = {
  console: 'console.html',
  operators: 'operators.html',
  docs: 'docs.html',
};
/** What the service needs to know of a request. Cookies of other programs on this machine are none of its business. */
const PASSED_ON = ['content-type', 'authorization', 'accept', 'if-none-match'];
/** Made anew on this side, or about one connection only. */
const NOT_PASSED_BACK = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'set-cookie',
]);

/** A page elsewhere can give its own name to this machine's address (DNS rebinding), but not change what it calls it. */
function isOwnAddress(host: string | undefined): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host ?? '');
}

function headersOf(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value ?? '')]));
}

function send(message: IncomingMessage, reply: ServerResponse, { status, headers, body }: Response): void {
  reply.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  reply.end(message.method === 'HEAD' ? undefined : body);
}

function sendError(message: IncomingMessage, reply: ServerResponse, status: number, text: string): void {
  const body = JSON.stringify({ errorCode: 100, errorMessage: `ServiceUnavailable(100): ${text}`, requestId: '' });
  send(message, reply, { status, headers: { ...pageHeaders('application/json; charset=utf-8', '') }, body });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  if (message.method === 'GET' || message.method === 'HEAD') return null;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function ask(message: IncomingMessage, url: string): Promise<globalThis.Response> {
  const named = PASSED_ON.map((name): [string, string] => [name, headersOf(message)[name] ?? '']);
  return fetch(url, {
    method: message.method ?? 'GET',
    headers: named.filter(([, value]) => value !== ''),
    body: await bodyOf(message),
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

async function passThrough(message: IncomingMessage, reply: ServerResponse, url: string): Promise<void> {
  const answer = await ask(message, url);
  reply.writeHead(answer.status, [...answer.headers].filter(([name]) => !NOT_PASSED_BACK.has(name)).flat());
  // The same streams under two type libraries.
  if (answer.body) await pipeline(Readable.fromWeb(answer.body as ReadableStream), reply);
  else reply.end();
}

/** Not listening yet; to be bound to this machine's own address only. */
export function createConsoleServer({ service, directory }: ConsoleOptions): Server {
  const assets = createAssets(directory);
  const firstPage = createFirstPage({ assets, console: true, readState });

  async function readState(): Promise<ShownState> {
    // The same as /, below a stage too.
    const answer = await fetch(`${service}base/v1`, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await answer.text();
    const { errorCode, errorMessage, version } = Object(JSON.parse(body));
    const asJson = { status: answer.status, headers: pageHeaders('application/json', ''), body };
    return { ok: errorCode === 0, message: String(errorMessage), version: String(version), asJson };
  }

  /** The page says whose it is: examples and copied commands name the service and not this machine. */
  async function pageOf(name: string): Promise<Response | undefined> {
    const page = await assets.text(name);
    if (!page) return undefined;
    const body = page.html.replace(
      'name="live-room-service" content=""',
      () => `name="live-room-service" content="${service}"`,
    );
    const headers = {
      ...pageHeaders('text/html; charset=utf-8', page.contentSecurityPolicy),
      'cache-control': 'no-store',
    };
    return { status: 200, headers, body };
  }

  async function answer(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(message.url ?? '/', 'http://localhost');
    const path = pathname.replace(/^\/+|\/+$/g, '');
    const read = message.method === 'GET' || message.method === 'HEAD';
    const page = read ? PAGES[path] : undefined;
    const own = page === undefined ? undefined : await pageOf(page);
    if (own) return send(message, reply, own);
    const headers = headersOf(message);
    const origin = { kind: 'socket', address: message.socket.remoteAddress } as const;
    const request: Request = { method: 'GET', path: '/', query: [], headers, body: Buffer.alloc(0), origin };
    const script = read ? SCRIPTS[path] : undefined;
    const ownScript = script === undefined ? undefined : await assets.answer(script, request);
    if (ownScript) return send(message, reply, ownScript);
    if (path !== '' || !read) return passThrough(message, reply, `${service}${pathname.replace(/^\/+/, '')}${search}`);
    send(message, reply, await firstPage(request, ''));
  }

  return createServer((message, reply) => {
    if (!isOwnAddress(message.headers.host)) {
      sendError(message, reply, 403, 'open this page as localhost');
      return;
    }
    answer(message, reply).catch((error: unknown) => {
      if (reply.headersSent) {
        reply.destroy();
        return;
      }
      const { cause, name } = Object(error);
      const code = String(Object(cause).code ?? name ?? 'failed');
      sendError(message, reply, 502, `${service} does not answer: ${code}`);
    });
  });
}
