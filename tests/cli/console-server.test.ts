/** `live-room console <url>`: the pages here, everything else from the service, and nothing for strangers. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { createConsoleServer } from '../../cli/console-server';
import { request } from '../../testkit/http-client';
import { DIST, type Running, runBundle } from '../console/support/bundle';

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const servers: Server[] = [];

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const address = server.address();
  return `http://localhost:${typeof address === 'object' ? address?.port : 0}/`;
}

function consoleOf(service: string): Promise<string> {
  return listen(createConsoleServer({ service, directory: join(DIST, 'pages') }));
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('the console of a service that runs elsewhere', () => {
  let service: Running;
  let base: string;
  beforeAll(async () => {
    service = await runBundle();
    base = await consoleOf(`${service.base}release/`);
  });
  afterAll(() => service?.stop());

  it.each(['console', 'docs', 'docs/'])('shows /%s, which names the service', async (path) => {
    const page = await request(base, `/${path}`, { headers: browser });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(page.text).toContain(`<meta name="live-room-service" content="${service.base}release/">`);
  });

  it('passes calls on, errors and texts as they are', async () => {
    const made = await request(base, '/base/v1/oauth/register', { json: { username: '小李', salt: 'x'.repeat(32) } });
    expect(made.json()).toMatchObject({ errorCode: 0 });
    const wrong = await request(base, '/base/v1/auth_users/user_query?userId=1&token=no');
    expect([wrong.status, wrong.json()]).toEqual([200, expect.objectContaining({ errorCode: 204 })]);
    expect((await request(base, '/helloworld')).text).toBe('HelloWorld');
    expect((await request(base, '/nothing/here')).status).toBe(404);
    expect((await request(base, '/console/state')).json()).toMatchObject({ database: { state: 'ok' } });
  });

  it('says on its first page how the service is', async () => {
    expect((await request(base, '/', { headers: browser })).text).toContain('Service healthy');
    expect((await request(base, '/')).json()).toMatchObject({ errorCode: 0 });
  });

  it('is no other user’s: a name that points to this machine gets nothing', async () => {
    const stranger = await request(base, '/base/v1/oauth/register', { headers: { host: 'evil.example' } });
    expect(stranger.status).toBe(403);
    expect((await request(base, '/console', { headers: { host: 'localhost.evil.example' } })).status).toBe(403);
  });
});

describe('a service on the other side', () => {
  it('gets the needed parts of a request and nothing else of this machine', async () => {
    const seen: IncomingMessage[] = [];
    const other = await listen(
      createServer((message, reply) => {
        seen.push(message);
        reply.writeHead(302, { location: 'https://elsewhere.example/', 'set-cookie': 'a=b' }).end();
      }),
    );
    const base = await consoleOf(`${other}prod/`);
    const headers = { cookie: 'session=1', authorization: 'Bearer lrk_x', 'x-other': '1', origin: base };
    const answer = await request(base, '/base/v1/admin/rooms?limit=1', { headers });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([302, undefined]);
    expect(seen[0]?.url).toBe('/prod/base/v1/admin/rooms?limit=1');
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer lrk_x', host: new URL(other).host });
    expect(seen[0]?.headers).not.toHaveProperty('cookie');
    expect(seen[0]?.headers).not.toHaveProperty('x-other');
  });

  it('may be away: that is said in the form of every answer', async () => {
    const gone = createServer();
    const base = await consoleOf(await listen(gone));
    await new Promise((resolve) => gone.close(resolve));
    const answer = await request(base, '/base/v1/rooms/query_room');
    expect([answer.status, answer.json()]).toEqual([
      502,
      expect.objectContaining({
        errorCode: 100,
        errorMessage: expect.stringContaining('does not answer: ECONNREFUSED'),
      }),
    ]);
  });
});
