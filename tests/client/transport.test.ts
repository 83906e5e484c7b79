/** What the client does where the service is not there, is slow, or is not asked for properly. */
import { createServer, type Server } from 'node:http';
import { LiveRoomAdmin } from '../../client/src/admin';
import { ABORTED, LiveRoomClient, UNREACHABLE } from '../../client/src/index';

let server: Server;
let port: number;
/** What the next requests get: a status, or 'hang', or 'reset'. */
let plan: (number | 'hang' | 'reset')[] = [];
let seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.url ?? '');
    const what = plan.shift() ?? 200;
    if (what === 'reset') request.socket.destroy();
    else if (what !== 'hang') {
      const body = { errorCode: 0, errorMessage: '', requestId: '', data: [] };
      response.writeHead(what, { 'content-type': 'application/json' });
      response.end(what === 200 ? JSON.stringify(body) : '<html>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  plan = [];
  seen = [];
});

const client = (options: { timeoutMs?: number; retries?: number } = {}) =>
  new LiveRoomClient({ baseUrl: `http://127.0.0.1:${port}`, keepaliveMs: 0, ...options });

test.each([undefined, '', '   ', 'example.com', 'localhost:9000', 'ftp://example.com'])(
  'says at once what is wrong with the address %j',
  (baseUrl) => {
    // Programs without types get here too.
    const options = { baseUrl } as unknown as { baseUrl: string; key: string };
    expect(() => new LiveRoomClient(options)).toThrow(/baseUrl (is missing|must begin with https)/);
    expect(() => new LiveRoomAdmin({ ...options, key: 'lrk_x' })).toThrow(/baseUrl/);
  },
);

test('takes the address with the base path and slashes behind it', async () => {
  await new LiveRoomClient({ baseUrl: `http://127.0.0.1:${port}/prod/base/v1//`, keepaliveMs: 0 }).api.queryRoom();
  expect(seen).toEqual(['/prod/base/v1/rooms/query_room']);
});

test('repeats what does no harm twice, after a reset and behind a gateway', async () => {
  plan = ['reset', 503, 200];
  expect(await client().api.queryRoom()).toEqual([]);
  expect(seen).toHaveLength(3);
});

test('gives up after its tries', async () => {
  plan = ['reset', 'reset', 'reset', 200];
  await expect(client().api.queryRoom()).rejects.toMatchObject({ code: UNREACHABLE });
  expect(seen).toHaveLength(3);
  plan = ['reset', 200];
  await expect(client({ retries: 0 }).api.queryRoom()).rejects.toMatchObject({ code: UNREACHABLE });
});

test.each([
  ['generateRoomid', {}],
  ['enterRoom', {}],
  ['userVerifyByPicture', { phone: '+8613800000001' }],
] as const)('never repeats %s on its own', async (name, input) => {
  plan = ['reset', 200];
  await expect(client().call(name, input)).rejects.toMatchObject({ code: UNREACHABLE });
  expect(seen).toHaveLength(1);
});

test('ends when its time is up, all tries together', async () => {
  plan = ['hang'];
  await expect(client({ timeoutMs: 100 }).api.queryRoom()).rejects.toMatchObject({ code: UNREACHABLE });
  expect(seen).toHaveLength(1);
});

test('is given up by the signal of the call, before, during and between tries', async () => {
  const before = new AbortController();
  before.abort();
  await expect(client().api.queryRoom({}, { signal: before.signal })).rejects.toMatchObject({ code: ABORTED });
  plan = ['hang'];
  const during = new AbortController();
  const call = client().api.queryRoom({}, { signal: during.signal });
  setTimeout(() => during.abort(), 50);
  await expect(call).rejects.toMatchObject({ code: ABORTED });
  plan = ['reset', 'reset', 'reset'];
  const between = new AbortController();
  const other = client().api.queryRoom({}, { signal: between.signal });
  setTimeout(() => between.abort(), 60);
  await expect(other).rejects.toMatchObject({ code: ABORTED });
});

test('operators’ calls are never repeated: a change may have been made', async () => {
  plan = ['reset', 200];
  const admin = new LiveRoomAdmin({ baseUrl: `http://127.0.0.1:${port}`, key: 'lrk_x' });
  await expect(admin.api.endRoom({ roomId: '1', reason: 'x' })).rejects.toMatchObject({ status: 0 });
  expect(seen).toHaveLength(1);
});
