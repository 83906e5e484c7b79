/** The black-box HTTP client: its requests must arrive byte by byte. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createRawServer } from 'node:net';
import { request } from '../../../testkit/http-client';

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly hex: string;
  readonly parts: number;
}

let server: Server;
let baseUrl: string;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    if (incoming.url === '/silent') return;
    if (incoming.url === '/cut') return void incoming.socket.destroy();
    if (incoming.url === '/too-large') return void response.writeHead(413).end('no');
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      const hex = Buffer.concat(parts).toString('hex');
      response.end(JSON.stringify({ method, url, headers, hex, parts: parts.length }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const echo = async (...args: [path: string, options?: Parameters<typeof request>[2]]) =>
  (await request(baseUrl, ...args)).json<Echo>();
const hex = (text: string) => Buffer.from(text).toString('hex');

describe('the HTTP client of the tests', () => {
  test('sends a query, repeats the keys of a list and leaves out undefined', async () => {
    const { method, url } = await echo('/a', { query: { ids: [1, 2], name: '小 明', none: undefined } });
    expect([method, url]).toEqual(['GET', '/a?ids=1&ids=2&name=%E5%B0%8F+%E6%98%8E']);
  });

  test('sends forms and JSON with their types and lengths', async () => {
    const form = await echo('/a', { form: { a: '1 2' } });
    expect(form).toMatchObject({ method: 'POST', hex: hex('a=1+2') });
    expect(form.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const json = await echo('/a', { json: { a: '小' }, headers: { 'Content-Type': 'text/plain' } });
    expect(json).toMatchObject({ method: 'POST', hex: hex('{"a":"小"}') });
    expect(json.headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': '11' });
  });

  test('sends a body on GET, and bytes that are not UTF-8', async () => {
    const { method, hex: sent } = await echo('/a', { method: 'GET', rawBody: Buffer.from([0xff, 0xfe, 0x00]) });
    expect([method, sent]).toEqual(['GET', 'fffe00']);
  });

  test('sends a path unchanged, even if HTTP does not allow it', async () => {
    let received = '';
    const raw = createRawServer((socket) => {
      socket.once('data', (bytes: Buffer) => {
        received = bytes.toString('utf8');
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const address = raw.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { status } = await request(`http://127.0.0.1:${port}`, '//a/%zz/小 明');
    raw.close();
    expect([status, received.split('\r\n')[0]]).toEqual([204, 'GET //a/%zz/小 明 HTTP/1.1']);
  });

  test('sends slow bodies, chunked or with a length', async () => {
    const chunks = ['{"a"', ':1}'];
    const chunked = await echo('/a', { chunks, chunkDelayMs: 30 });
    expect(chunked).toMatchObject({ hex: hex('{"a":1}'), parts: 2, headers: { 'transfer-encoding': 'chunked' } });
    const sized = await echo('/a', { chunks, headers: { 'Content-Length': '7' } });
    expect(sized.headers).not.toHaveProperty('transfer-encoding');
    expect(sized.hex).toBe(hex('{"a":1}'));
  });

  test('sends three megabytes, and takes an answer that comes before the body is sent', async () => {
    const rawBody = Buffer.alloc(3 * 1024 * 1024, 'x');
    expect((await echo('/a', { rawBody })).hex).toHaveLength(2 * rawBody.length);
    expect(await request(baseUrl, '/too-large', { rawBody })).toMatchObject({ status: 413, text: 'no' });
  });

  test('rejects when nothing answers in time, and when the connection is cut', async () => {
    await expect(request(baseUrl, '/silent', { timeoutMs: 80 })).rejects.toThrow('no complete answer to GET /silent');
    await expect(request(baseUrl, '/cut')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('shows the text of an answer that is not JSON', async () => {
    const response = await request(baseUrl, '/too-large', { rawBody: 'x' });
    expect(() => response.json()).toThrow('HTTP 413, not JSON: no');
  });
});
