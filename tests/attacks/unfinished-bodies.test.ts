/**
 * Attack 51: callbacks and imports have large bodies, which are read before their signature or key is checked. Clients that send
 * all of a body but its end filled the memory of the process: 1,500 connections of 1 MiB took 0.8 GB of 8 that were open to them.
 */
import { connect, type Socket } from 'node:net';
import { until } from '../../testkit/lived';
import { ADMIN_KEY } from '../../testkit/operator';
import { answersIn, rawHttp } from '../../testkit/raw-http';
import { useService } from '../../testkit/service';
import { overHttp } from '../../testkit/ways';

const BOUND = 2_000_000;
const CONNECTIONS = 12;
/** The body of most of the connections: seven of them exceed the bound. */
const SENT = 300_000;
const service = useService('sqlite', { env: { ADMIN_KEY }, http: { maxArriving: BOUND } });

/** Sends a request without the last byte of its body. */
function withhold(path: string, headers = ''): Socket {
  const socket = connect(service().port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.on('data', () => undefined);
  socket.write(`POST /base/v1/${path} HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${SENT + 1}\r\n\r\n`);
  socket.write('x'.repeat(SENT));
  return socket;
}

const bearer = (key: string) => `Authorization: Bearer ${key}\r\nContent-Type: application/x-ndjson\r\n`;

test.each([
  ['callbacks/trtc', ''],
  ['callbacks/im', ''],
  ['admin/import_users', bearer('lrk_a-key-that-nobody-has')],
])('unfinished bodies of %s are bounded in total: the connection that waits longest ends', async (path, headers) => {
  const sockets = Array.from({ length: CONNECTIONS }, () => withhold(path, headers));
  const open = () => sockets.filter((socket) => !socket.destroyed).length;
  await until('the bound is kept', () => open() <= BOUND / SENT);
  expect(open()).toBeGreaterThan(0);
  // The others are served meanwhile, and one that finishes its body is answered.
  expect(await service().call('gslb')).toMatchObject({ errorCode: 0 });
  const head = `POST /base/v1/callbacks/trtc HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${SENT}\r\n\r\n`;
  const [answer] = answersIn(await rawHttp(service().port, [head, 'x'.repeat(SENT)]));
  expect(answer?.status).toContain('403');
  for (const socket of sockets) socket.destroy();
});

test('strangers who begin imports do not keep the own import out', async () => {
  const strangers = Array.from({ length: 3 }, () =>
    withhold('admin/import_users', bearer('lrk_a-key-that-nobody-has')),
  );
  await until('they have sent', () => strangers.every(({ writableLength }) => writableLength === 0));
  const line = JSON.stringify({ username: 'x'.repeat(300) });
  const answer = await overHttp(service(), {
    method: 'POST',
    path: '/base/v1/admin/import_users',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' },
    body: `${line}\n`.repeat(400),
  });
  expect(answer.status).toBe(200);
  for (const stranger of strangers) stranger.destroy();
});
