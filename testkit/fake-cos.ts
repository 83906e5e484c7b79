/**
 * A loopback server that behaves as a COS bucket: PUT, GET Bucket and DELETE Object, with signatures checked as
 * https://cloud.tencent.com/document/product/436/7778 describes them.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

export interface FakeCos {
  /** For COS_ENDPOINT. */
  readonly url: string;
  /** By key. */
  readonly objects: Map<string, string>;
  /** Answers this error to everything. undefined: works. */
  refuse(code: string | undefined): void;
  stop(): Promise<void>;
}

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const hmac = (key: string, text: string) => createHmac('sha1', key).update(text).digest('hex');
const PAGE = 2;

function isSigned(request: IncomingMessage, url: URL, key: { secretId: string; secretKey: string }): boolean {
  const of = new URLSearchParams(request.headers.authorization ?? '');
  const part = (name: string) => of.get(name) ?? '';
  const [from, until] = part('q-sign-time').split(';').map(Number);
  const now = Date.now() / 1000;
  if (part('q-ak') !== key.secretId || !(Number(from) <= now && now < Number(until))) return false;
  const names = [...url.searchParams.keys()].sort();
  if (part('q-url-param-list') !== names.join(';') || part('q-header-list') !== 'host') return false;
  const query = names.map((name) => `${name}=${encodeURIComponent(url.searchParams.get(name) ?? '')}`).join('&');
  const host = encodeURIComponent(request.headers.host ?? '');
  const text = `${request.method?.toLowerCase()}\n${url.pathname}\n${query}\nhost=${host}\n`;
  const toSign = `sha1\n${part('q-sign-time')}\n${sha1(text)}\n`;
  return part('q-signature') === hmac(hmac(key.secretKey, part('q-key-time')), toSign);
}

export async function startFakeCos(key: { secretId: string; secretKey: string }): Promise<FakeCos> {
  const objects = new Map<string, string>();
  let refusal: string | undefined;
  const list = (url: URL) => {
    const keys = [...objects.keys()].filter((name) => name.startsWith(url.searchParams.get('prefix') ?? '')).sort();
    const contents = keys.slice(0, PAGE).map((name) => `<Contents><Key>${name}</Key><Size>1</Size></Contents>`);
    const more = `<IsTruncated>${keys.length > PAGE}</IsTruncated>`;
    return `<?xml version='1.0'?><ListBucketResult>${more}${contents.join('')}</ListBucketResult>`;
  };
  const server = createServer((request, response) => {
    request.resume();
    const url = new URL(request.url ?? '/', 'http://fake');
    const error = refusal ?? (isSigned(request, url, key) ? undefined : 'SignatureDoesNotMatch');
    if (error) return response.writeHead(403).end(`<Error><Code>${error}</Code></Error>`);
    if (request.method === 'GET' && url.pathname === '/') return response.writeHead(200).end(list(url));
    if (request.method === 'DELETE') {
      objects.delete(url.pathname.slice(1));
      return response.writeHead(204).end();
    }
    return response.writeHead(405).end('<Error><Code>MethodNotAllowed</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    objects,
    refuse: (code) => {
      refusal = code;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
